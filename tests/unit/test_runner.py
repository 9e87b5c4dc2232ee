"""One request, one result: attempts, verdict, flags, and what breaks in us."""

import asyncio
import errno
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from agent.clock import Clock
from agent.errors import AccountLockedError, DeedRepeatedError, JournalError
from agent.guard.evidence import EvidenceStore
from agent.guard.redaction import MASK
from agent.model import (
    Attempt,
    Cause,
    Deed,
    Evidence,
    Failure,
    Flag,
    Outcome,
    ProbeKind,
    RequestTiming,
    Requirement,
    Step,
    StepStatus,
    Timeouts,
    Verdict,
    Window,
)
from agent.runner import Runner
from agent.witness import Witness
from tests.factories import START, Harmless, check, request

SECRET = "Mật-khẩu#2026"  # noqa: S105 - planted
MINUTE = timedelta(minutes=1)


class Script:
    """A prober that plays attempts in order: an Attempt, an exception to raise, or seconds to hang.

    A coroutine function is given the safeguards first and makes one of these.
    """

    def __init__(self, *acts):
        self.acts = list(acts)
        self.asked = []

    async def attempt(self, check, *, folder, traced, safeguards):
        self.asked.append((folder, traced))
        act = self.acts.pop(0)
        if callable(act):
            act = await act(safeguards)
        for item in getattr(act, "evidence", ()):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / item.path).write_bytes(b"PNG")
        if isinstance(act, Exception):
            raise act
        if isinstance(act, float):
            await asyncio.sleep(act)
        return act


class History:
    """Remembers what passed before."""

    def __init__(self, *known):
        self.known = set(known)

    def passed_with(self, check_id, step, landmark):
        return (check_id, step, landmark) in self.known


def seen(cause=None, took=1.0, **changes):
    failure = changes.pop("failure", None) or (cause and Failure(cause=cause, step="open", detail="why"))
    return Attempt(started=START, duration_s=took, failure=failure, **changes)


async def answering(_):
    return None


async def failing(_):
    return Failure(cause=Cause.TIMEOUT, step="", detail="")


class Obliging:
    """Safeguards that let everything pass, or refuse with an error."""

    def __init__(self, error=None):
        self.error = error

    async def before(self, deed, account):
        if self.error:
            raise self.error

    async def after(self, deed, account, outcome):
        pass


def runner(script, *, windows=(), probe=answering, history=None, tmp_path="evidence", safeguards=None):
    witness = Witness(controls={"control": "c"}, services={"vneid": "v"}, probe=probe)
    return Runner(
        probers=dict.fromkeys(ProbeKind, script),
        witness=witness,
        history=history or History(),
        windows=lambda: windows,
        evidence=EvidenceStore(Path(tmp_path), lambda: [SECRET]),
        safeguards=lambda _: safeguards or Harmless(),
        clock=Clock(now=lambda: START),
    )


@pytest.fixture
def run(tmp_path):
    async def play(*acts, of=None, **around):
        script = Script(*acts)
        result = await runner(script, tmp_path=tmp_path, **around).run(request(of))
        return result, script

    return play


async def test_it_passes_in_one_attempt_without_tracing(run):
    result, script = await run(seen())
    assert (result.verdict, result.cause, result.attempts, result.flags) == (Verdict.PASS, None, 1, frozenset())
    assert [traced for _, traced in script.asked] == [False]


async def test_it_confirms_a_failure_at_once_with_tracing(run):
    result, script = await run(seen(Cause.HTTP_STATUS), seen(Cause.HTTP_STATUS))
    assert (result.verdict, result.cause, result.failing_step) == (Verdict.PORTAL_FAULT, Cause.HTTP_STATUS, "open")
    assert [traced for _, traced in script.asked] == [False, True]


async def test_it_flags_a_failure_that_went_away_and_keeps_what_it_was(run):
    result, _ = await run(seen(Cause.HTTP_STATUS), seen(took=2.0))
    assert (result.verdict, result.cause, result.attempts) == (Verdict.PASS, Cause.HTTP_STATUS, 2)
    assert result.flags == {Flag.FLAKY}
    assert result.failing_step == ""
    assert result.duration_s == 2.0


async def test_it_lets_the_earlier_rule_stand_when_attempts_differ(run):
    captcha, broken = seen(Cause.CAPTCHA, took=3.0), seen(Cause.TIMEOUT)
    for acts in ((captcha, broken), (broken, captcha)):
        result, _ = await run(*acts)
        assert (result.verdict, result.duration_s) == (Verdict.BLOCKED, 3.0)


async def test_it_never_tries_a_refused_account_again(run):
    result, script = await run(seen(Cause.CREDENTIALS_REFUSED))
    assert (result.verdict, len(script.asked)) == (Verdict.ACCOUNT_FAULT, 1)


def begins(deed, outcome, act):
    """Begin a deed, learn its outcome unless that is None, then end as ``act`` says."""

    async def play(safeguards):
        await safeguards.before(deed, "tester")
        if outcome:
            await safeguards.after(deed, "tester", outcome)
        return act

    return play


ENDS = [seen(Cause.HTTP_STATUS), seen(Cause.BROWSER_GONE), RuntimeError("a bug"), OSError(errno.ENOSPC, "no space")]


@pytest.mark.parametrize("act", ENDS, ids=["portal", "browser", "bug", "disk"])
@pytest.mark.parametrize(
    ("deed", "outcome", "attempts"),
    [
        (Deed.LOGIN, Outcome.REFUSED, 1),
        (Deed.PIN, None, 1),
        (Deed.SUBMISSION, None, 1),
        (Deed.SUBMISSION, Outcome.DONE, 1),
        (Deed.LOGIN, None, 2),
        (Deed.LOGIN, Outcome.DONE, 2),
        (Deed.PIN, Outcome.DONE, 2),
    ],
)
async def test_it_confirms_only_what_may_be_done_twice_however_the_attempt_ended(run, act, deed, outcome, attempts):
    result, script = await run(begins(deed, outcome, act), seen(Cause.HTTP_STATUS), safeguards=Obliging())
    assert (len(script.asked), result.attempts) == (attempts, attempts)


async def test_it_confirms_nothing_after_a_time_out_with_an_open_submission(run):
    hanging = check(timeouts=Timeouts(step=0.01, journey=0.02, run=0.05))
    _, script = await run(begins(Deed.SUBMISSION, None, 60.0), seen(), of=hanging, safeguards=Obliging())
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("error", "verdict", "cause"),
    [
        (AccountLockedError("account tester is locked"), Verdict.ACCOUNT_FAULT, Cause.CREDENTIALS_REFUSED),
        (DeedRepeatedError("begun before"), Verdict.AGENT_FAULT, Cause.INTERNAL),
        (JournalError("can't be written"), Verdict.AGENT_FAULT, Cause.INTERNAL),
    ],
)
async def test_it_does_nothing_that_could_not_be_journaled(run, error, verdict, cause):
    result, script = await run(begins(Deed.LOGIN, None, seen()), seen(), safeguards=Obliging(error))
    assert (result.verdict, result.cause, len(script.asked)) == (verdict, cause, 1)


async def test_it_says_since_when_an_account_is_locked(run):
    locked = AccountLockedError("account tester is locked since 2026-11-01T00:00:00.000Z: login refused")
    result, _ = await run(begins(Deed.LOGIN, None, seen()), safeguards=Obliging(locked))
    assert result.detail == str(locked)


async def test_it_blames_our_network_when_the_control_fails_too(run):
    result, _ = await run(seen(Cause.CONNECTION_REFUSED), seen(Cause.CONNECTION_REFUSED), probe=failing)
    assert (result.verdict, result.cause) == (Verdict.AGENT_FAULT, Cause.NETWORK)


async def test_it_names_the_dependency(run):
    async def only_vneid_fails(url):
        return await failing(url) if url == "v" else None

    failure = Failure(cause=Cause.TIMEOUT, step="log-in", detail="", service="vneid")
    result, _ = await run(seen(failure=failure), seen(failure=failure), probe=only_vneid_fails)
    assert (result.verdict, result.dependency) == (Verdict.DEPENDENCY_FAULT, "vneid")


async def test_it_knows_drift_from_what_passed_before(run):
    failure = Failure(cause=Cause.CONTROL_MISSING, step="search", detail="", landmark="home")
    known = History(("angiang/home", "search", "home"))
    drifted, _ = await run(seen(failure=failure), seen(failure=failure), history=known)
    broken, _ = await run(seen(failure=failure), seen(failure=failure))
    assert (drifted.verdict, broken.verdict) == (Verdict.SCRIPT_DRIFT, Verdict.PORTAL_FAULT)


async def test_it_flags_a_pass_beyond_its_objective_and_not_one_within(run):
    slow, _ = await run(seen(took=4.1))
    in_time, _ = await run(seen(took=4.0))
    assert (slow.verdict, slow.flags, in_time.flags) == (Verdict.PASS, {Flag.SLOW}, frozenset())
    assert slow.requirements["PRF-1"] is Requirement.UNFULFILLED
    assert in_time.requirements["PRF-1"] is Requirement.FULFILLED


async def test_it_excuses_without_changing_the_verdict(run):
    window = Window(
        portals=frozenset({"angiang"}),
        starts=START,
        ends=START + MINUTE,
        recorded_at=START - MINUTE,
    )
    result, _ = await run(seen(Cause.MAINTENANCE_PAGE), seen(Cause.MAINTENANCE_PAGE), windows=[window])
    assert (result.verdict, result.flags) == (Verdict.PORTAL_FAULT, {Flag.EXCUSED})
    late = Window(portals=frozenset(), starts=START, ends=START + MINUTE, recorded_at=START)
    result, _ = await run(seen(Cause.MAINTENANCE_PAGE), seen(Cause.MAINTENANCE_PAGE), windows=[late])
    assert result.flags == frozenset()


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (RuntimeError("a bug"), Cause.INTERNAL),
        (OSError(errno.ENOSPC, "no space"), Cause.RESOURCES_SHORT),
        (OSError(errno.EMFILE, "files"), Cause.RESOURCES_SHORT),
        (MemoryError(), Cause.RESOURCES_SHORT),
    ],
)
async def test_it_turns_what_breaks_in_us_into_a_result(run, error, cause):
    result, _ = await run(error, error)
    assert (result.verdict, result.cause) == (Verdict.AGENT_FAULT, cause)
    assert "a bug" not in result.detail


async def test_it_ends_a_run_that_never_ends(run):
    hanging = check(timeouts=Timeouts(step=0.01, journey=0.02, run=0.05))
    result, _ = await run(60.0, of=hanging)
    assert (result.verdict, result.cause) == (Verdict.AGENT_FAULT, Cause.INTERNAL)


async def test_it_keeps_the_first_attempt_when_the_confirm_attempt_never_ends(run):
    hanging = check(timeouts=Timeouts(step=0.01, journey=0.02, run=0.05))
    result, _ = await run(seen(Cause.HTTP_STATUS), 60.0, of=hanging)
    assert (result.verdict, result.cause, result.attempts) == (Verdict.PORTAL_FAULT, Cause.HTTP_STATUS, 1)


async def test_it_keeps_the_evidence_of_both_attempts_by_day_run_and_attempt(run):
    shot = (Evidence(kind="screenshot", path="failure.png"),)
    result, script = await run(seen(Cause.TIMEOUT, evidence=shot), seen(Cause.TIMEOUT, evidence=shot))
    assert [item.path for item in result.evidence] == [
        f"2026-11-01/{result.run_id}/{number}/failure.png" for number in (1, 2)
    ]
    assert len({folder for folder, _ in script.asked}) == 2
    assert not any(folder.exists() for folder, _ in script.asked)


async def test_it_redacts_what_a_result_says_in_words(run):
    timing = RequestTiming(
        url=f"https://p.vn/?q={quote(SECRET)}&code=abc", type="document", step="open", start=0.0, dns=None,
        connect=None, tls=None, first_byte=None, transfer=None, size=None, status=200, failed=False,
    )  # fmt: skip
    step = Step(name="open", status=StepStatus.FAILED, duration_s=1.0, landmark=f"hello {SECRET}")
    failure = Failure(cause=Cause.TIMEOUT, step="open", detail=f"no {SECRET}")
    told = seen(failure=failure, steps=(step,), requests=(timing,), console=(f"log: {SECRET}", "log: x"))
    result, _ = await run(told, told)
    assert (result.detail, result.console, result.steps[0].landmark) == (
        f"no {MASK}",
        (f"log: {MASK}", "log: x"),
        f"hello {MASK}",
    )
    assert result.requests[0].url == f"https://p.vn/?q={MASK}&code={MASK}"


async def test_it_leaves_nothing_of_an_attempt_that_never_ended(tmp_path):
    async def attempt(check, *, folder, traced, safeguards):
        folder.mkdir(parents=True)
        (folder / "requests.har").write_text(SECRET)
        await asyncio.sleep(60)

    script = Script()
    script.attempt = attempt
    hanging = check(timeouts=Timeouts(step=0.01, journey=0.02, run=0.05))
    result = await runner(script, tmp_path=tmp_path).run(request(hanging))
    assert (result.evidence, result.withheld) == ((), 0)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_it_counts_what_it_withheld(tmp_path):
    async def attempt(check, *, folder, traced, safeguards):
        folder.mkdir(parents=True)
        (folder / "failure.png").write_text(SECRET)
        return seen(Cause.TIMEOUT, evidence=(Evidence(kind="screenshot", path="failure.png"),))

    script = Script()
    script.attempt = attempt
    result = await runner(script, tmp_path=tmp_path).run(request())
    assert (result.evidence, result.withheld) == ((), 2)

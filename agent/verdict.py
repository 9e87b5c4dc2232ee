"""Whose fault a failed run is: pure, ordered, first match wins."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from agent.model import Begun, Cause, Deed, Failure, Outcome, Ruling, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What was found around a failure, right after it.

    ``controls_answer``: every control target answered. ``service_down``: the shared service that the
    failing step talks to and that didn't answer (empty: none). ``function_listed``: the portal's config
    lists the function that is missing. ``passed_before``: this step passed on an earlier run with the
    same landmark.
    """

    controls_answer: bool = True
    service_down: str = ""
    function_listed: bool = False
    passed_before: bool = False


Rule = Callable[[Failure, Surroundings], Ruling | None]

OURS = frozenset(
    {Cause.BROWSER_GONE, Cause.DRIVER_GONE, Cause.RENDERER_CRASHED, Cause.RESOURCES_SHORT, Cause.INTERNAL},
)
CHALLENGES = frozenset({Cause.CAPTCHA, Cause.QR, Cause.OTP, Cause.WAF, Cause.SIGNER_DECLINED})


def _agent(failure: Failure, around: Surroundings) -> Ruling | None:
    if failure.cause in OURS:
        return Ruling(verdict=Verdict.AGENT_FAULT, cause=failure.cause)
    if not around.controls_answer:
        return Ruling(verdict=Verdict.AGENT_FAULT, cause=Cause.NETWORK)
    return None


def _dependency(_: Failure, around: Surroundings) -> Ruling | None:
    if around.service_down:
        return Ruling(verdict=Verdict.DEPENDENCY_FAULT, cause=Cause.SERVICE_DOWN, dependency=around.service_down)
    return None


def _blocked(failure: Failure, _: Surroundings) -> Ruling | None:
    if failure.cause in CHALLENGES:
        return Ruling(verdict=Verdict.BLOCKED, cause=failure.cause)
    return None


def _account(failure: Failure, _: Surroundings) -> Ruling | None:
    if failure.cause is Cause.CREDENTIALS_REFUSED:
        return Ruling(verdict=Verdict.ACCOUNT_FAULT, cause=failure.cause)
    return None


def _not_offered(failure: Failure, around: Surroundings) -> Ruling | None:
    if failure.cause is Cause.FUNCTION_MISSING and not around.function_listed:
        return Ruling(verdict=Verdict.NOT_OFFERED, cause=failure.cause)
    return None


def _drift(failure: Failure, around: Surroundings) -> Ruling | None:
    right_page = bool(failure.landmark) and not failure.requests_failed
    known_good = failure.alternative or around.passed_before
    if failure.cause is Cause.CONTROL_MISSING and right_page and known_good:
        return Ruling(verdict=Verdict.SCRIPT_DRIFT, cause=failure.cause)
    return None


def _portal(failure: Failure, _: Surroundings) -> Ruling:
    cause = Cause.FEATURE_LOST if failure.cause is Cause.FUNCTION_MISSING else failure.cause
    return Ruling(verdict=Verdict.PORTAL_FAULT, cause=cause)


RULES: tuple[Rule, ...] = (_agent, _dependency, _blocked, _account, _not_offered, _drift, _portal)

RANK = {
    verdict: place
    for place, verdict in enumerate(
        (
            Verdict.AGENT_FAULT,
            Verdict.DEPENDENCY_FAULT,
            Verdict.BLOCKED,
            Verdict.ACCOUNT_FAULT,
            Verdict.NOT_OFFERED,
            Verdict.SCRIPT_DRIFT,
            Verdict.PORTAL_FAULT,
        ),
    )
}


def judge(failure: Failure | None, around: Surroundings) -> Ruling:
    """The verdict of one attempt; ``failure`` None is a pass."""
    if failure is None:
        return Ruling(verdict=Verdict.PASS)
    return next(ruling for rule in RULES if (ruling := rule(failure, around)))


def settle(first: Ruling, second: Ruling) -> Ruling:
    """The verdict of two failed attempts: the one whose rule comes earlier; the first when equal."""
    return min(first, second, key=lambda ruling: RANK[ruling.verdict])


def confirmable(ruling: Ruling, begun: Iterable[Begun] = ()) -> bool:
    """Whether a failed attempt may be tried again at once, given the deeds that the run has begun.

    Never after a credential refusal, whatever the ruling: a second wrong try could lock the account. Never after a
    PIN whose outcome nobody knows: it may be counted as wrong. Never once a submission was begun: it may have been
    received. Never when an intent was turned down or couldn't be written: nothing has changed since. A log-in that
    was cut off may be tried again, since only a refusal counts against an account.
    """
    retried = ruling.verdict not in {Verdict.PASS, Verdict.ACCOUNT_FAULT, Verdict.NOT_OFFERED}
    return retried and all(map(_harmless_again, begun))


def _harmless_again(begun: Begun) -> bool:
    if not begun.allowed or begun.deed is Deed.SUBMISSION:
        return False
    return begun.outcome is Outcome.DONE or (begun.outcome is None and begun.deed is Deed.LOGIN)

"""One refusal locks an account; what is owed stays owed while nobody knows better."""

import asyncio
from dataclasses import replace

import pytest

from agent.clock import Clock
from agent.errors import AccountLockedError, DeedRepeatedError
from agent.guard.safeguards import RunSafeguards
from agent.guard.trial import Trial
from agent.journal import Journal
from agent.model import Deed, Item, ItemKind, Outcome
from tests.factories import START, account

TESTER = account()
DOSSIER = Item(portal="hue", account="tester", kind=ItemKind.DOSSIER, mark="pw-1")


class World:
    """A journal, the accounts as configured now, and safeguards for any run."""

    def __init__(self, path):
        self.path = path
        self.journal = Journal.open(path)
        self.accounts = {"tester": TESTER}
        self.trial = Trial()

    def run(self, run_id="run-1"):
        clock = Clock(now=lambda: START)
        return RunSafeguards(
            run_id=run_id, book=self.journal, accounts=self.accounts.get, trial=self.trial, clock=clock
        )

    def restart(self):
        self.journal.close()
        self.journal = Journal.open(self.path)


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "journal.sqlite3")
    yield made
    made.journal.close()


@pytest.mark.parametrize("deed", [Deed.LOGIN, Deed.PIN])
async def test_it_locks_an_account_at_its_first_refusal(world, deed):
    guard = world.run()
    await guard.before(deed, "tester")
    await guard.after(deed, "tester", Outcome.REFUSED)
    for again in (guard, world.run("run-2")):
        with pytest.raises(AccountLockedError, match=rf"tester is locked since 2026-11-01.*: {deed} refused"):
            await again.before(Deed.LOGIN, "tester")
    world.restart()
    with pytest.raises(AccountLockedError):
        await world.run("run-3").before(Deed.LOGIN, "tester")


async def test_it_locks_nothing_when_a_dossier_is_refused(world):
    guard = world.run()
    await guard.before(Deed.SUBMISSION, "tester")
    await guard.after(Deed.SUBMISSION, "tester", Outcome.REFUSED)
    assert world.journal.locks() == []


@pytest.mark.parametrize(
    "change", [{"password": "new"}, {"pin": "2468"}, {"username": "other"}, {"key": b"x"}, {"key_password": "y"}]
)
async def test_it_gives_changed_credentials_a_chance_and_the_same_ones_none(world, change):
    guard = world.run()
    await guard.before(Deed.LOGIN, "tester")
    await guard.after(Deed.LOGIN, "tester", Outcome.REFUSED)
    world.restart()
    world.accounts["tester"] = replace(TESTER, name="tester")
    with pytest.raises(AccountLockedError):
        await world.run("run-2").before(Deed.LOGIN, "tester")
    world.accounts["tester"] = replace(TESTER, **change)
    await world.run("run-3").before(Deed.LOGIN, "tester")
    assert world.journal.locks() == []


async def test_it_locks_changed_credentials_again_when_they_are_refused_too(world):
    for run_id, password in (("run-1", "pass-word"), ("run-2", "new")):
        world.accounts["tester"] = replace(TESTER, password=password)
        guard = world.run(run_id)
        await guard.before(Deed.LOGIN, "tester")
        await guard.after(Deed.LOGIN, "tester", Outcome.REFUSED)
    with pytest.raises(AccountLockedError):
        await world.run("run-3").before(Deed.LOGIN, "tester")


async def test_it_writes_no_secret(world):
    guard = world.run()
    await guard.before(Deed.LOGIN, "tester")
    await guard.after(Deed.LOGIN, "tester", Outcome.REFUSED)
    world.journal.close()
    kept = b"".join(file.read_bytes() for file in world.path.parent.iterdir())
    assert b"tester" in kept
    assert [each for each in (TESTER.username, TESTER.password, TESTER.pin) if each.encode() in kept] == []


async def test_it_uses_no_account_that_was_taken_out(world):
    world.accounts.clear()
    with pytest.raises(AccountLockedError, match="tester is not configured any more"):
        await world.run().before(Deed.LOGIN, "tester")


async def test_it_lets_a_confirm_attempt_log_in_again_and_a_second_delivery_not(world):
    guard = world.run()
    for _ in range(2):
        await guard.before(Deed.LOGIN, "tester")
        await guard.after(Deed.LOGIN, "tester", Outcome.DONE)
    with pytest.raises(DeedRepeatedError):
        await world.run().before(Deed.LOGIN, "tester")


async def test_it_does_not_lock_a_log_in_that_a_crash_cut_off(world):
    await world.run().before(Deed.LOGIN, "tester")
    world.restart()
    assert [intent.run_id for intent in world.journal.open_intents()] == ["run-1"]
    await world.run("run-2").before(Deed.LOGIN, "tester")


async def test_it_refuses_an_outcome_of_nothing(world):
    with pytest.raises(LookupError):
        await world.run().after(Deed.LOGIN, "tester", Outcome.DONE)


async def test_it_keeps_a_dossier_while_nobody_knows_whether_it_was_handed_in(world):
    guard = world.run()
    await guard.owes(DOSSIER)
    await guard.before(Deed.SUBMISSION, "tester")
    await guard.cleared(DOSSIER)
    assert [debt.item for debt in world.journal.debts()] == [DOSSIER]
    await guard.after(Deed.SUBMISSION, "tester", Outcome.DONE)
    await guard.cleared(DOSSIER)
    assert world.journal.debts() == []


async def test_it_clears_a_document_beside_an_open_submission(world):
    guard = world.run()
    document = replace(DOSSIER, kind=ItemKind.DOCUMENT)
    await guard.owes(document)
    await guard.before(Deed.SUBMISSION, "tester")
    await guard.cleared(document)
    assert world.journal.debts() == []


class Provider:
    """Answers log-ins after a while; ``asked`` counts them, ``most`` how many went on at once."""

    def __init__(self, outcome):
        self.outcome = outcome
        self.asked = self.now = self.most = 0

    async def log_in(self, guard):
        await guard.before(Deed.LOGIN, "tester")
        self.asked, self.now = self.asked + 1, self.now + 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.05)
        self.now -= 1
        await guard.after(Deed.LOGIN, "tester", self.outcome)


async def test_it_lets_one_of_many_runs_at_once_find_out_that_an_account_is_refused(world):
    provider = Provider(Outcome.REFUSED)
    tries = [provider.log_in(world.run(f"run-{number}")) for number in range(10)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, AccountLockedError) for outcome in outcomes) == 9
    assert provider.asked == 1


async def test_it_holds_nobody_back_once_an_account_was_accepted(world):
    provider = Provider(Outcome.DONE)
    await asyncio.gather(*(provider.log_in(world.run(f"run-{number}")) for number in range(10)))
    assert provider.asked == 10
    assert provider.most > 1


async def test_it_goes_on_when_the_run_in_front_was_cut_off(world, monkeypatch):
    monkeypatch.setattr("agent.guard.trial.WAIT_S", 0.05)
    await world.run("run-1").before(Deed.LOGIN, "tester")
    provider = Provider(Outcome.DONE)
    await asyncio.gather(*(provider.log_in(world.run(f"run-{number}")) for number in range(2, 5)))
    assert provider.asked == 3


async def test_it_frees_the_turn_of_a_run_that_may_not_begin(world, monkeypatch):
    monkeypatch.setattr("agent.guard.trial.WAIT_S", 60)
    await world.run("run-1").before(Deed.LOGIN, "tester")
    world.trial = Trial()
    with pytest.raises(DeedRepeatedError):
        await world.run("run-1").before(Deed.LOGIN, "tester")
    async with asyncio.timeout(5):
        await world.run("run-2").before(Deed.LOGIN, "tester")


async def test_it_does_not_hold_a_confirm_attempt_for_the_attempt_before(world, monkeypatch):
    monkeypatch.setattr("agent.guard.trial.WAIT_S", 60)
    guard = world.run()
    async with asyncio.timeout(5):
        await guard.before(Deed.LOGIN, "tester")
        await guard.before(Deed.LOGIN, "tester")


async def test_it_tries_an_account_alone_again_after_it_was_refused_and_unlocked(world):
    await Provider(Outcome.DONE).log_in(world.run("run-1"))
    await Provider(Outcome.REFUSED).log_in(world.run("run-2"))
    await world.journal.unlock("tester")
    provider = Provider(Outcome.REFUSED)
    tries = [provider.log_in(world.run(f"late-{number}")) for number in range(5)]
    await asyncio.gather(*tries, return_exceptions=True)
    assert provider.asked == 1

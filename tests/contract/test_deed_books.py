"""One suite for every book of deeds, locks and debts."""

import asyncio
from datetime import timedelta

import pytest

from agent.errors import AccountLockedError, DeedRepeatedError
from agent.journal import Journal
from agent.model import Debt, Deed, Intent, Item, ItemKind, Lock, Outcome, PortalDebt
from tests.factories import START

LATER = START + timedelta(minutes=1)
LOCK = Lock(account="tester", since=LATER, reason="login refused", fingerprint="a")
ITEM = Item(portal="hue", account="tester", kind=ItemKind.DOCUMENT, mark="pw-1")


def intent(run_id="run-1", deed=Deed.LOGIN, account="tester"):
    return Intent(run_id=run_id, account=account, deed=deed, at=START)


def debt(item=ITEM, run_id="run-1", since=START, tries=0):
    return Debt(item=item, run_id=run_id, since=since, tries=tries)


def document(mark, portal="hue"):
    return Item(portal=portal, account="tester", kind=ItemKind.DOCUMENT, mark=mark)


@pytest.fixture(params=[Journal])
def reopen(request, tmp_path):
    """Opens the same book again and again, as a restarted agent does."""
    return lambda: request.param.open(tmp_path / "journal.sqlite3")


async def test_it_remembers_an_intent_until_its_outcome_is_known(reopen):
    with reopen() as book:
        first = await book.begin_deed(intent(), own=())
        await book.begin_deed(intent("run-2", Deed.SUBMISSION), own=())
    with reopen() as book:
        assert book.open_intents() == [intent(), intent("run-2", Deed.SUBMISSION)]
        await book.end_deed(first, Outcome.DONE, LATER)
        assert book.open_intents() == [intent("run-2", Deed.SUBMISSION)]


async def test_it_lets_no_deed_begin_with_a_locked_account(reopen):
    with reopen() as book:
        number = await book.begin_deed(intent(), own=())
        await book.end_deed(number, Outcome.REFUSED, LATER, lock=LOCK)
    with reopen() as book:
        assert book.lock("tester") == LOCK
        for deed in Deed:
            with pytest.raises(AccountLockedError, match=r"tester is locked since 2026-11-01T00:01.*: login refused"):
                await book.begin_deed(intent("run-2", deed), own=(number,))
        assert book.open_intents() == []
        assert await book.begin_deed(intent("run-2", account="other"), own=())


async def test_it_keeps_the_first_lock(reopen):
    second = Lock(account="tester", since=LATER, reason="pin refused", fingerprint="b")
    with reopen() as book:
        numbers = [await book.begin_deed(intent(run), own=()) for run in ("run-1", "run-2")]
        for number, lock in zip(numbers, (LOCK, second), strict=True):
            await book.end_deed(number, Outcome.REFUSED, LATER, lock=lock)
        assert book.locks() == [LOCK]


async def test_it_unlocks_once_and_only_the_lock_that_was_meant(reopen):
    with reopen() as book:
        number = await book.begin_deed(intent(), own=())
        await book.end_deed(number, Outcome.REFUSED, LATER, lock=LOCK)
        assert not await book.unlock("tester", fingerprint="another")
        assert await book.unlock("tester")
        assert not await book.unlock("tester")
        assert await book.begin_deed(intent("run-2"), own=())


@pytest.mark.parametrize("deed", Deed)
async def test_it_lets_no_run_do_a_deed_again_after_a_restart(reopen, deed):
    with reopen() as book:
        number = await book.begin_deed(intent(deed=deed), own=())
        await book.end_deed(number, Outcome.DONE, LATER)
    with reopen() as book:
        with pytest.raises(DeedRepeatedError, match=f"run run-1 has begun the {deed} with tester before"):
            await book.begin_deed(intent(deed=deed), own=())
        assert await book.begin_deed(intent("run-2", deed), own=())


@pytest.mark.parametrize(
    ("deed", "outcome", "again"),
    [
        (Deed.LOGIN, Outcome.DONE, True),
        (Deed.LOGIN, None, True),
        (Deed.PIN, Outcome.DONE, True),
        (Deed.PIN, None, False),
        (Deed.SUBMISSION, Outcome.DONE, False),
        (Deed.SUBMISSION, Outcome.REFUSED, False),
        (Deed.SUBMISSION, None, False),
    ],
)
async def test_it_lets_one_execution_repeat_what_cannot_harm(reopen, deed, outcome, again):
    with reopen() as book:
        number = await book.begin_deed(intent(deed=deed), own=())
        if outcome:
            await book.end_deed(number, outcome, LATER)
        if again:
            assert await book.begin_deed(intent(deed=deed), own=(number,)) != number
        else:
            with pytest.raises(DeedRepeatedError):
                await book.begin_deed(intent(deed=deed), own=(number,))


async def test_it_lets_one_of_many_at_once_submit(reopen):
    with reopen() as book:
        tries = [book.begin_deed(intent(deed=Deed.SUBMISSION), own=()) for _ in range(20)]
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, DeedRepeatedError) for outcome in outcomes) == 19


async def test_it_lets_nothing_begin_once_one_of_many_at_once_was_refused(reopen):
    with reopen() as book:
        numbers = [await book.begin_deed(intent(f"run-{each}"), own=()) for each in range(10)]
        refusals = [book.end_deed(number, Outcome.REFUSED, LATER, lock=LOCK) for number in numbers]
        await asyncio.gather(*refusals)
        late = [book.begin_deed(intent(f"late-{each}"), own=()) for each in range(10)]
        outcomes = await asyncio.gather(*late, return_exceptions=True)
        assert all(isinstance(outcome, AccountLockedError) for outcome in outcomes)


async def test_it_owes_what_was_to_be_created_until_it_is_gone(reopen):
    with reopen() as book:
        await book.owe(debt())
        await book.owe(debt(document("pw-2"), since=LATER))
    with reopen() as book:
        assert book.debts() == [debt(), debt(document("pw-2"), since=LATER)]
        await book.settle(ITEM, LATER)
        await book.settle(document("never-owed"), LATER)
        assert book.debts() == [debt(document("pw-2"), since=LATER)]


async def test_it_counts_tries_in_vain_and_begins_anew_when_owed_anew(reopen):
    with reopen() as book:
        await book.owe(debt())
        await book.tried([ITEM, document("never-owed")])
        assert book.debts() == [debt(tries=1)]
        await book.owe(debt(run_id="run-2", since=LATER))
        assert book.debts() == [debt(run_id="run-2", tries=1)]
        await book.settle(ITEM, LATER)
        await book.owe(debt(run_id="run-3", since=LATER))
        assert book.debts() == [debt(run_id="run-3", since=LATER)]


async def test_it_sums_up_by_portal_and_shows_a_debt_that_was_paid(reopen):
    with reopen() as book:
        for item in (ITEM, document("pw-2"), document("pw-3", "angiang")):
            await book.owe(debt(item))
        await book.settle(document("pw-3", "angiang"), LATER)
        assert book.portal_debts() == [
            PortalDebt(portal="angiang", items=0, oldest=None),
            PortalDebt(portal="hue", items=2, oldest=START),
        ]


async def test_it_lets_go_of_what_is_settled_and_old_and_of_nothing_else(reopen):
    far = START + timedelta(days=1000)
    with reopen() as book:
        done = await book.begin_deed(intent(), own=())
        await book.end_deed(done, Outcome.DONE, START)
        await book.begin_deed(intent("run-2"), own=())
        await book.owe(debt())
        await book.owe(debt(document("pw-3", "angiang")))
        await book.settle(document("pw-3", "angiang"), START)
        await book.prune(older_than=far, details_older_than=far)
        assert book.open_intents() == [intent("run-2")]
        assert book.portal_debts() == [PortalDebt(portal="hue", items=1, oldest=START)]
        assert await book.begin_deed(intent(), own=())

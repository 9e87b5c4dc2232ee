"""Catching up on a real journal: in pieces, repeatable, and nothing before the first start."""

from datetime import timedelta

import pytest

from agent.journal import Journal
from agent.model import Cause, Revision, Verdict
from agent.schedule import catchup
from agent.schedule.catchup import MARK, catch_up
from tests.factories import START, planned, result

MINUTE = timedelta(minutes=1)
CHECK = planned(interval=MINUTE)


@pytest.fixture
async def journal(tmp_path):
    with Journal.open(tmp_path / "journal.sqlite3") as opened:
        revision = Revision(effective_from=START, effective_to=None, location="default", checks=(CHECK,))
        await opened.accept_revision(revision, "digest")
        await opened.begin_session(START)
        yield opened


def slots(journal):
    return list(journal.results_between(START - timedelta(days=1), START + timedelta(days=1)))


async def test_it_owes_nothing_before_the_first_start(journal):
    later = START + 90 * MINUTE
    assert await catch_up(journal, until=later, now=later) == 0
    assert journal.mark(MARK) == later
    assert slots(journal) == []


async def test_it_writes_what_never_ran_and_keeps_what_did(journal):
    await catch_up(journal, until=START, now=START)
    ran = START + 10 * MINUTE
    await journal.append([result(slot=ran)])
    await journal.begin_session(START + 120 * MINUTE)
    until = START + 120 * MINUTE
    assert await catch_up(journal, until=until, now=until) == 119
    found = slots(journal)
    assert len(found) == 120
    assert {one.slot for one in found if one.verdict is Verdict.PASS} == {ran}
    assert {one.cause for one in found if one.verdict is Verdict.MISSED} == {Cause.KILLED}


async def test_it_goes_on_where_a_kill_left_it(journal, monkeypatch):
    await catch_up(journal, until=START, now=START)
    until, written = START + 150 * MINUTE, []
    plain = catchup._piece

    async def killed_after_the_first(book, after, end, now):
        if written:
            raise KeyboardInterrupt
        written.append(await plain(book, after, end, now))
        return written[0]

    monkeypatch.setattr(catchup, "_piece", killed_after_the_first)
    with pytest.raises(KeyboardInterrupt):
        await catch_up(journal, until=until, now=until)
    monkeypatch.setattr(catchup, "_piece", plain)
    assert journal.mark(MARK) == START + 60 * MINUTE
    await journal.set_mark(MARK, START)
    assert await catch_up(journal, until=until, now=until) == 90
    assert len(slots(journal)) == 150

"""Revisions, sessions, cursors, marks: what the next start goes on from."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from agent.journal import Journal
from agent.model import Kind, PlannedCheck, Result, Revision, Session

Make = Callable[..., Result]

T0 = datetime(2026, 3, 1, 12, 0, 0, 123_457, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CHECK = PlannedCheck(
    portal="hue",
    kind=Kind.PROVINCE,
    platform="formio",
    journey="http",
    interval=MINUTE,
    offset=timedelta(milliseconds=1500),
)


def revision(starts: datetime, *checks: PlannedCheck) -> Revision:
    return Revision(effective_from=starts, effective_to=None, location="hn", checks=checks)


async def test_it_ends_a_revision_where_the_next_begins(journal: Journal) -> None:
    first, second = revision(T0, CHECK), revision(T0 + MINUTE, CHECK, replace(CHECK, journey="tls"))
    assert await journal.accept_revision(first, "a")
    assert await journal.accept_revision(second, "b")
    assert journal.revisions_between(T0, T0 + 2 * MINUTE) == [replace(first, effective_to=T0 + MINUTE), second]
    assert journal.revisions_between(T0 + MINUTE, T0 + 2 * MINUTE) == [second]
    assert journal.revisions_between(T0 - MINUTE, T0) == []


async def test_it_keeps_the_revision_in_force_when_nothing_changed(journal: Journal) -> None:
    """After a kill the same plan goes on, so that the slots in between are owed."""
    await journal.accept_revision(revision(T0, CHECK), "a")
    assert not await journal.accept_revision(revision(T0 + MINUTE, CHECK), "a")
    assert journal.revisions_between(T0, T0 + MINUTE) == [revision(T0, CHECK)]


async def test_it_owes_nothing_after_a_revision_was_closed(journal: Journal) -> None:
    await journal.accept_revision(revision(T0, CHECK), "a")
    await journal.close_revision(T0 + MINUTE)
    await journal.close_revision(T0 + 2 * MINUTE)
    assert journal.revisions_between(T0 + MINUTE, T0 + 9 * MINUTE) == []
    assert await journal.accept_revision(revision(T0 + 3 * MINUTE, CHECK), "a")
    assert [kept.effective_from for kept in journal.revisions_between(T0, T0 + 9 * MINUTE)] == [T0, T0 + 3 * MINUTE]


async def test_it_never_ends_a_revision_before_it_began(journal: Journal) -> None:
    """The clock was set back between two starts."""
    await journal.accept_revision(revision(T0, CHECK), "a")
    await journal.accept_revision(revision(T0 - MINUTE, CHECK), "b")
    assert journal.revisions_between(T0 - 9 * MINUTE, T0 + MINUTE) == [revision(T0, CHECK)]


async def test_it_tells_a_stop_from_a_kill(journal: Journal) -> None:
    killed = await journal.begin_session(T0)
    await journal.touch_session(killed, T0 + MINUTE)
    stopped = await journal.begin_session(T0 + 2 * MINUTE)
    await journal.end_session(stopped, T0 + 3 * MINUTE)
    running = await journal.begin_session(T0 + 4 * MINUTE)
    lives = [
        Session(started=T0, seen=T0 + MINUTE, stopped=None),
        Session(started=T0 + 2 * MINUTE, seen=T0 + 3 * MINUTE, stopped=T0 + 3 * MINUTE),
        Session(started=T0 + 4 * MINUTE, seen=T0 + 4 * MINUTE, stopped=None),
    ]
    assert len({killed, stopped, running}) == 3
    assert journal.sessions_between(T0, T0 + 9 * MINUTE) == lives
    assert journal.sessions_between(T0 + 3.5 * MINUTE, T0 + 9 * MINUTE) == lives[1:]
    assert journal.sessions_between(T0 - MINUTE, T0 + MINUTE) == lives[:1]


async def test_it_keeps_cursors_and_marks(journal: Journal) -> None:
    assert journal.cursor("influxdb") == 0
    await journal.set_cursor("influxdb", 7)
    await journal.set_cursor("other", 3)
    await journal.set_cursor("influxdb", 8)
    assert (journal.cursor("influxdb"), journal.cursor("other")) == (8, 3)
    await journal.drop_cursor("other")
    assert journal.stats().cursors == {"influxdb": 8}
    assert journal.mark("reconciled_until") is None
    await journal.set_mark("reconciled_until", T0)
    assert journal.mark("reconciled_until") == T0


async def test_it_counts_a_result_set_aside_once(journal: Journal, make: Make) -> None:
    await journal.append([make(1), make(2)])
    await journal.set_aside("influxdb", 1, "type conflict")
    await journal.set_aside("influxdb", 1, "type conflict \ud800")
    await journal.set_aside("influxdb", 2, "type conflict")
    assert (journal.rejected("influxdb"), journal.rejected("other")) == (2, 0)
    assert journal.stats().rejected == {"influxdb": 2}

"""Writes what was planned and never ran, up to an instant, in bounded pieces that may be repeated."""

import asyncio
from datetime import datetime, timedelta

from agent.ports import PlanBook
from agent.schedule.reconcile import missing

MARK = "reconciled_until"
PIECE = timedelta(hours=1)
TICK = timedelta(milliseconds=1)


async def catch_up(book: PlanBook, *, until: datetime, now: datetime) -> int:
    """Record a ``missed`` result for each owed slot up to ``until``; returns how many there were.

    Nothing is owed before the first call, which only sets the mark. A piece is marked as done after its
    results are durable, so that a kill in between repeats it, and repeating it changes nothing.
    """
    done = book.mark(MARK)
    if done is None:
        await book.set_mark(MARK, until)
        return 0
    written = 0
    while done < until:
        end = min(done + PIECE, until)
        written += await _piece(book, done, end, now)
        await book.set_mark(MARK, end)
        done = end
    return written


async def _piece(book: PlanBook, after: datetime, until: datetime, now: datetime) -> int:
    revisions = await asyncio.to_thread(book.revisions_between, after, until + TICK)
    sessions = await asyncio.to_thread(book.sessions_between, after, now + TICK)
    journaled = await asyncio.to_thread(book.run_ids_between, after, until + TICK)
    owed = await asyncio.to_thread(lambda: list(missing(revisions, sessions, journaled, after, until)))
    return await book.append(owed) if owed else 0

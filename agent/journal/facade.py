"""The journal as the other stages see it."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from agent.journal import deeds, keeping, outbox, owed, plans, results, schema
from agent.journal.reader import Readers
from agent.journal.writer import Operation, Writer
from agent.model import Debt, Intent, Item, Lock, Outcome, PortalDebt, Result, Revision, Sample, Session, Tally

T = TypeVar("T")

EXACT_UP_TO = 10_000


class Journal:
    """Results, plan revisions, sessions and cursors in one SQLite file.

    Coroutines write, through one thread, and return once the change is on the disk; plain methods read
    and may be called from any thread. Every method raises JournalError when the database fails.
    """

    def __init__(self, path: Path, writer: Writer) -> None:
        self._path = path
        self._writer = writer
        self._readers = Readers(path)
        self._bell = asyncio.Event()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open or create the journal at ``path``, with its folder, and bring its schema up to date."""
        return cls(path, Writer(schema.open_for_writing(path), str(path)))

    def close(self) -> None:
        """Commit what waits and close; further calls raise JournalError."""
        self._readers.close()
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Results

    async def append(self, batch: Sequence[Result]) -> int:
        """Make results durable; returns how many were new.

        The first result of a run_id stays, except that a measured one replaces ``missed`` under a new
        sequence number, so that sinks see it.
        """
        return await self._write(partial(results.append, results=batch))

    def get(self, run_id: str, *, with_details: bool = False) -> Result | None:
        """The result of a run id, or None; requests and console only when asked for."""
        return self._read(partial(results.get, run_id=run_id, with_details=with_details))

    def read_after(self, seq: int, limit: int, *, with_details: bool = False) -> list[tuple[int, Result]]:
        """Up to ``limit`` results beyond a sequence number, each with its own, in order."""
        return self._read(partial(results.after, seq=seq, limit=limit, with_details=with_details))

    def results_between(self, start: datetime, end: datetime, *, with_details: bool = False) -> Iterator[Result]:
        """The results with a slot in ``[start, end)``, by slot, as they stood when the first was read."""
        with self._readers.lend() as connection:
            yield from results.between(connection, start, end, with_details=with_details)

    def run_ids_between(self, start: datetime, end: datetime) -> set[str]:
        """The run ids with a slot in ``[start, end)``."""
        return self._read(partial(results.run_ids_between, start=start, end=end))

    def newest_per_check(self, since: datetime) -> list[Result]:
        """For each check with a slot since an instant, the result of its newest one."""
        return self._read(partial(results.newest_per_check, since=since))

    def newest_runs(self, checks: Iterable[str], since: datetime, limit: int) -> list[Result]:
        """Up to ``limit`` newest results of each check with a slot since an instant, oldest first."""
        return self._read(partial(results.newest_runs, checks=checks, since=since, limit=limit))

    def tallies(self, since: datetime) -> list[Tally]:
        """How many slots of each check came to each verdict, by hour, since an instant."""
        return self._read(partial(results.tallies, since=since))

    def newest_seq(self) -> int:
        """The greatest sequence number given out so far; 0 before the first."""
        return self._read(results.newest_seq)

    def passed_with(self, check_id: str, step: str, landmark: str) -> bool:
        """Whether this step passed before on a page with this landmark."""
        return self._read(partial(results.passed_with, check=check_id, step=step, landmark=landmark))

    async def wait_beyond(self, seq: int) -> None:
        """Return once a result beyond ``seq`` was appended through this journal."""
        while self.slot_beyond(seq) is None:
            await self._bell.wait()

    # Sinks

    def cursor(self, name: str) -> int:
        """The sequence number a sink has got to; 0 before its first batch."""
        return self._read(partial(outbox.cursor, name=name))

    async def set_cursor(self, name: str, seq: int) -> None:
        """Note that a sink has everything up to ``seq``; what lies beyond is kept from retention."""
        await self._write(partial(outbox.set_cursor, name=name, seq=seq))

    async def drop_cursor(self, name: str) -> None:
        """Forget a sink that is gone, so that it holds back retention no longer."""
        await self._write(partial(outbox.drop_cursor, name=name))

    async def set_aside(self, sink: str, seq: int, reason: str) -> None:
        """Note that a sink will never take a result, and why."""
        await self._write(partial(outbox.set_aside, sink=sink, seq=seq, reason=reason))

    def rejected(self, sink: str) -> int:
        """How many of the results still kept a sink refused for good."""
        return self._read(partial(outbox.rejected, sink=sink))

    def count_beyond(self, seq: int) -> int:
        """How many results lie beyond ``seq``; past EXACT_UP_TO, the distance in sequence numbers.

        The distance counts a replaced ``missed`` too, but costs nothing after days without a sink.
        """
        distance = self.newest_seq() - seq
        return distance if distance > EXACT_UP_TO else self._read(partial(results.count_beyond, seq=seq))

    def slot_beyond(self, seq: int) -> datetime | None:
        """The slot of the first result beyond ``seq``, or None."""
        return self._read(partial(results.slot_beyond, seq=seq))

    def mark(self, name: str) -> datetime | None:
        """The instant kept under a name, or None."""
        return self._read(partial(outbox.mark, name=name))

    async def set_mark(self, name: str, at: datetime) -> None:
        """Keep an instant under a name."""
        await self._write(partial(outbox.set_mark, name=name, at=at))

    # Plan and lives

    async def accept_revision(self, revision: Revision, digest: str) -> bool:
        """Put a revision in force and end the one before it; False when that one has the same digest."""
        return await self._write(partial(plans.accept_revision, revision=revision, digest=digest))

    async def close_revision(self, at: datetime) -> None:
        """End the revision in force, if there is one."""
        await self._write(partial(plans.close_revision, at=at))

    def revisions_between(self, start: datetime, end: datetime) -> list[Revision]:
        """The revisions that were in force at some instant of ``[start, end)``, in order."""
        return self._read(partial(plans.revisions_between, start=start, end=end))

    async def begin_session(self, at: datetime) -> int:
        """Note that the agent came to life; returns the session's id."""
        return await self._write(partial(plans.begin_session, at=at))

    async def touch_session(self, session: int, at: datetime) -> None:
        """Note a sign of life."""
        await self._write(partial(plans.touch_session, session=session, at=at))

    async def end_session(self, session: int, at: datetime) -> None:
        """Note an orderly stop."""
        await self._write(partial(plans.end_session, session=session, at=at))

    def sessions_between(self, start: datetime, end: datetime) -> list[Session]:
        """The sessions begun in ``[start, end)`` and the one before them, in order."""
        return self._read(partial(plans.sessions_between, start=start, end=end))

    # Accounts

    async def begin_deed(self, intent: Intent, *, own: Sequence[int]) -> int:
        """Write an intent down; returns its id. ``own`` are the ids that this execution of the run was given.

        Raises AccountLockedError or DeedRepeatedError, having written nothing.
        """
        return await self._write(partial(deeds.begin, intent=intent, own=own))

    async def end_deed(self, deed: int, outcome: Outcome, at: datetime, *, lock: Lock | None = None) -> None:
        """Write down what became of a deed, and with it a lock; the first lock of an account stands."""
        await self._write(partial(deeds.end, deed=deed, outcome=outcome, at=at, held=lock))

    def open_intents(self) -> list[Intent]:
        """The deeds without an outcome, the oldest first."""
        return self._read(deeds.open_intents)

    def lock(self, account: str) -> Lock | None:
        """The lock of an account, or None."""
        return self._read(partial(deeds.lock, account=account))

    def locks(self) -> list[Lock]:
        """All locks, the oldest first."""
        return self._read(deeds.locks)

    async def unlock(self, account: str, *, fingerprint: str | None = None) -> bool:
        """Take away an account's lock, only the one with ``fingerprint`` if that is given; whether there was one."""
        return await self._write(partial(deeds.unlock, account=account, fingerprint=fingerprint))

    # Cleanup ledger

    async def owe(self, debt: Debt) -> None:
        """Note what is about to be created."""
        await self._write(partial(owed.owe, debt=debt))

    async def settle(self, item: Item, at: datetime) -> None:
        """Note that an item is gone."""
        await self._write(partial(owed.settle, item=item, at=at))

    async def tried(self, items: Sequence[Item]) -> None:
        """Count one more try in vain for each item."""
        await self._write(partial(owed.tried, items=items))

    def debts(self) -> list[Debt]:
        """All that is owed to portals, the oldest first."""
        return self._read(owed.debts)

    def portal_debts(self) -> list[PortalDebt]:
        """What is owed to each portal that ever was owed anything still kept."""
        return self._read(owed.by_portal)

    # Keeping

    async def prune(self, *, older_than: datetime, details_older_than: datetime) -> keeping.Pruned:
        """Remove results and details by slot, never a result that a sink still lacks."""
        details = await self._until_none(partial(keeping.prune_details, before=max(details_older_than, older_than)))
        kept = await self._until_none(partial(keeping.prune_results, before=older_than))
        await self._write(partial(keeping.prune_leftovers, before=older_than))
        return keeping.Pruned(results=kept, details=details)

    async def backup(self, target: Path) -> None:
        """Write a consistent copy while the journal stays in use; an existing ``target`` is an error."""
        await asyncio.to_thread(self._read, partial(keeping.backup, target=target))

    def stats(self) -> keeping.Stats:
        """Counts over the whole journal."""
        return self._read(partial(keeping.stats, path=self._path))

    def samples(self) -> Iterable[Sample]:
        """The size on disk."""
        yield Sample(name="portalwatch_journal_bytes", value=keeping.size(self._path))

    async def _write(self, operation: Operation[T]) -> T:
        # Shielded: a caller that is cancelled while it waits has still handed its results over.
        written = asyncio.wrap_future(self._writer.submit(operation))
        written.add_done_callback(self._ring)
        return await asyncio.shield(written)

    async def _until_none(self, operation: Operation[int]) -> int:
        total = 0
        while count := await self._write(operation):
            total += count
        return total

    def _read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        with self._readers.lend() as connection:
            return query(connection)

    def _ring(self, _: asyncio.Future[T]) -> None:
        self._bell.set()
        self._bell = asyncio.Event()

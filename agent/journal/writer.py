"""The one thread that writes. What waits is committed together, so one sync to disk serves many."""

import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from agent.errors import JournalError

T = TypeVar("T")
Operation = Callable[[sqlite3.Connection], T]

GROUP = 256


@dataclass(frozen=True, slots=True)
class _Job:
    operation: Operation[Any]
    future: Future[Any]


class Writer:
    """Owns the write connection. An operation that fails changes nothing and ends nothing but itself."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection = connection
        self._name = name
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="journal-writer", daemon=True)
        self._thread.start()

    def submit(self, operation: Operation[T]) -> Future[T]:
        """Queue an operation; its future is done once the operation is on the disk.

        The operation may be run a second time, after a roll-back, so it must change nothing but the database.
        """
        future: Future[T] = Future()
        with self._gate:
            if self._closed:
                message = f"journal {self._name}: is closed"
                raise JournalError(message)
            self._jobs.put(_Job(operation, future))
        return future

    def close(self) -> None:
        """Commit what waits, then end the thread and the connection."""
        with self._gate:
            first = not self._closed
            self._closed = True
        if first:
            self._jobs.put(None)
            self._thread.join()
            self._connection.close()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._settle([job, *self._waiting()])

    def _waiting(self) -> Iterator[_Job]:
        for _ in range(min(self._jobs.qsize(), GROUP)):
            job = self._jobs.get()
            if job is None:
                self._jobs.put(None)
                return
            yield job

    def _settle(self, jobs: Sequence[_Job]) -> None:
        live = [job for job in jobs if job.future.set_running_or_notify_cancel()]
        if len(live) > 1 and self._settled_together(live):
            return
        for job in live:
            try:
                (value,) = self._transact([job])
            except Exception as error:  # noqa: BLE001 - it belongs to whoever asked, and the thread goes on
                job.future.set_exception(self._explained(error))
            else:
                job.future.set_result(value)

    def _settled_together(self, jobs: Sequence[_Job]) -> bool:
        try:
            values = self._transact(jobs)
        except Exception:  # noqa: BLE001 - each is tried alone next, which finds the one to blame
            return False
        for job, value in zip(jobs, values, strict=True):
            job.future.set_result(value)
        return True

    def _transact(self, jobs: Sequence[_Job]) -> list[Any]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            values = [job.operation(self._connection) for job in jobs]
            self._connection.execute("COMMIT")
        except BaseException:
            # A full disk makes SQLite roll back by itself.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        return values

    def _explained(self, error: Exception) -> Exception:
        if not isinstance(error, sqlite3.Error):
            return error
        explained = JournalError(f"journal {self._name}: can't be written: {error}")
        explained.__cause__ = error
        return explained

"""Read-only connections, lent to one thread at a time."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.errors import JournalError
from agent.journal.schema import open_for_reading


class Readers:
    """Lends connections and keeps them for the next who asks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []
        self._gate = threading.Lock()
        self._closed = False

    @contextmanager
    def lend(self) -> Iterator[sqlite3.Connection]:
        """A connection for the block; what SQLite raises in it becomes a JournalError."""
        connection = self._take()
        try:
            yield connection
        except sqlite3.Error as error:
            message = f"journal {self._path}: can't be read: {error}"
            raise JournalError(message) from error
        finally:
            self._give_back(connection)

    def close(self) -> None:
        """Close what is idle now and the rest as it comes back."""
        with self._gate:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> sqlite3.Connection:
        with self._gate:
            if self._closed:
                message = f"journal {self._path}: is closed"
                raise JournalError(message)
            if self._idle:
                return self._idle.pop()
        return open_for_reading(self._path)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._gate:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

"""How far each sink has got, what it refused, and instants to go on from."""

import sqlite3
from datetime import datetime

from agent.journal.instants import maybe_moment, to_micros


def set_cursor(connection: sqlite3.Connection, name: str, seq: int) -> None:
    """Note that a sink has everything up to a sequence number."""
    connection.execute("INSERT OR REPLACE INTO cursors (name, seq) VALUES (?, ?)", (name, seq))


def drop_cursor(connection: sqlite3.Connection, name: str) -> None:
    """Forget a sink that is gone, or nothing it never took could ever be pruned."""
    connection.execute("DELETE FROM cursors WHERE name = ?", (name,))


def cursor(connection: sqlite3.Connection, name: str) -> int:
    """The sequence number a sink has got to; 0 before its first batch."""
    row = connection.execute("SELECT seq FROM cursors WHERE name = ?", (name,)).fetchone()
    return int(row[0]) if row else 0


def set_mark(connection: sqlite3.Connection, name: str, at: datetime) -> None:
    """Keep an instant under a name."""
    connection.execute("INSERT OR REPLACE INTO marks (name, at) VALUES (?, ?)", (name, to_micros(at)))


def mark(connection: sqlite3.Connection, name: str) -> datetime | None:
    """The instant kept under a name, or None."""
    row = connection.execute("SELECT at FROM marks WHERE name = ?", (name,)).fetchone()
    return maybe_moment(row[0]) if row else None


def set_aside(connection: sqlite3.Connection, sink: str, seq: int, reason: str) -> None:
    """Note that a sink will never take a result, and why."""
    text = reason.encode(errors="replace").decode()
    connection.execute("INSERT OR REPLACE INTO rejected (sink, seq, reason) VALUES (?, ?, ?)", (sink, seq, text))


def rejected(connection: sqlite3.Connection, sink: str) -> int:
    """How many of the results still kept a sink refused for good."""
    (count,) = connection.execute("SELECT count(*) FROM rejected WHERE sink = ?", (sink,)).fetchone()
    return int(count)

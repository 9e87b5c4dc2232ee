"""Retention, backup and figures of the journal itself."""

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.errors import JournalError
from agent.journal import results
from agent.journal.instants import maybe_moment, to_micros

CHUNK = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """How many rows retention removed."""

    results: int
    details: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """The journal in figures; ``oldest`` and ``newest`` are slots, ``bytes`` counts file and write-ahead log."""

    results: int
    details: int
    newest_seq: int
    oldest: datetime | None
    newest: datetime | None
    cursors: Mapping[str, int]
    rejected: Mapping[str, int]
    bytes: int


def prune_results(connection: sqlite3.Connection, before: datetime) -> int:
    """Remove up to CHUNK results with a slot before an instant which every sink has; returns how many."""
    limit = (to_micros(before), CHUNK)
    done = connection.execute(
        """DELETE FROM results WHERE seq IN (SELECT seq FROM results WHERE slot < ?
        AND seq <= coalesce((SELECT min(seq) FROM cursors), 9223372036854775807) ORDER BY slot LIMIT ?)""",
        limit,
    )
    return done.rowcount


def prune_details(connection: sqlite3.Connection, before: datetime) -> int:
    """Remove up to CHUNK details with a slot before an instant; returns how many."""
    done = connection.execute(
        "DELETE FROM details WHERE seq IN (SELECT seq FROM details WHERE slot < ? LIMIT ?)", (to_micros(before), CHUNK)
    )
    return done.rowcount


def prune_leftovers(connection: sqlite3.Connection, before: datetime) -> None:
    """Remove what only made sense beside a result that is gone."""
    connection.execute("DELETE FROM passed_steps WHERE slot < ?", (to_micros(before),))
    connection.execute("DELETE FROM rejected WHERE NOT EXISTS (SELECT 1 FROM results WHERE results.seq = rejected.seq)")
    # What is still owed, or was begun and never ended, stays until a person or the janitor has dealt with it.
    connection.execute("DELETE FROM owed WHERE cleared_at < ?", (to_micros(before),))
    connection.execute("DELETE FROM deeds WHERE outcome_at < ?", (to_micros(before),))


def backup(connection: sqlite3.Connection, target: Path) -> None:
    """A consistent copy, readable by itself, appearing at ``target`` only when it is complete.

    Raises JournalError when ``target`` exists or can't be written.
    """
    part = target.with_name(f"{target.name}.part-{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(connection, part)
        # A link, unlike a rename, refuses to replace what is already there.
        os.link(part, target)
    except FileExistsError as error:
        message = f"backup {target}: exists already and is not overwritten"
        raise JournalError(message) from error
    except (OSError, sqlite3.Error) as error:
        message = f"backup {target}: can't be written: {error}"
        raise JournalError(message) from error
    finally:
        with suppress(OSError):
            part.unlink()


def stats(connection: sqlite3.Connection, path: Path) -> Stats:
    """Counts over the whole journal; takes seconds on a year of results."""
    (kept,) = connection.execute("SELECT count(*) FROM results").fetchone()
    (details,) = connection.execute("SELECT count(*) FROM details").fetchone()
    oldest, newest = connection.execute(
        "SELECT (SELECT min(slot) FROM results), (SELECT max(slot) FROM results)"
    ).fetchone()
    return Stats(
        results=kept,
        details=details,
        newest_seq=results.newest_seq(connection),
        oldest=maybe_moment(oldest),
        newest=maybe_moment(newest),
        cursors=dict(connection.execute("SELECT name, seq FROM cursors ORDER BY name")),
        rejected=dict(connection.execute("SELECT sink, count(*) FROM rejected GROUP BY sink")),
        bytes=size(path),
    )


def size(path: Path) -> int:
    """Bytes on disk, the write-ahead log included."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def _copy(connection: sqlite3.Connection, part: Path) -> None:
    with closing(sqlite3.connect(part, isolation_level=None)) as copy:
        connection.backup(copy)
        # The copy must not need a write-ahead log beside it.
        copy.execute("PRAGMA journal_mode = DELETE")

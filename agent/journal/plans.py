"""What was owed when, and when the agent lived: plan revisions and sessions."""

import json
import sqlite3
from datetime import datetime, timedelta

from agent.journal.instants import from_micros, maybe_moment, to_micros
from agent.model import Kind, PlannedCheck, Revision, Session

_TICK = timedelta(microseconds=1)


def accept_revision(connection: sqlite3.Connection, revision: Revision, digest: str) -> bool:
    """Put a revision in force and end the one before it; False when that one has the same digest.

    A clock that was set back must not end a revision before it began, so a revision never takes
    effect before the one it follows.
    """
    row = connection.execute(
        "SELECT digest, effective_from FROM revisions WHERE effective_to IS NULL ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if row and row[0] == digest:
        return False
    starts = max(to_micros(revision.effective_from), row[1] if row else 0)
    _close(connection, starts)
    connection.execute(
        "INSERT INTO revisions (effective_from, location, digest, checks) VALUES (?, ?, ?, ?)",
        (starts, revision.location, digest, _dump(revision.checks)),
    )
    return True


def close_revision(connection: sqlite3.Connection, at: datetime) -> None:
    """End the revision in force, if there is one: nothing is owed from ``at`` on."""
    _close(connection, to_micros(at))


def revisions_between(connection: sqlite3.Connection, start: datetime, end: datetime) -> list[Revision]:
    """The revisions that were in force at some instant of ``[start, end)``, in order."""
    rows = connection.execute(
        """SELECT effective_from, effective_to, location, checks FROM revisions
        WHERE effective_from < ? AND (effective_to IS NULL OR effective_to > max(effective_from, ?))
        ORDER BY effective_from, id""",
        (to_micros(end), to_micros(start)),
    )
    return [
        Revision(
            effective_from=from_micros(starts),
            effective_to=maybe_moment(ends),
            location=location,
            checks=_load(checks),
        )
        for starts, ends, location, checks in rows
    ]


def begin_session(connection: sqlite3.Connection, at: datetime) -> int:
    """Note that the agent came to life; returns the session's id."""
    micros = to_micros(at)
    done = connection.execute("INSERT INTO sessions (started, seen) VALUES (?, ?)", (micros, micros))
    return done.lastrowid or 0


def touch_session(connection: sqlite3.Connection, session: int, at: datetime) -> None:
    """Note a sign of life."""
    connection.execute("UPDATE sessions SET seen = max(seen, ?) WHERE id = ?", (to_micros(at), session))


def end_session(connection: sqlite3.Connection, session: int, at: datetime) -> None:
    """Note an orderly stop."""
    micros = to_micros(at)
    connection.execute("UPDATE sessions SET seen = ?, stopped = ? WHERE id = ?", (micros, micros, session))


def sessions_between(connection: sqlite3.Connection, start: datetime, end: datetime) -> list[Session]:
    """The sessions begun in ``[start, end)``, and the one before them, which explains a gap at the start."""
    rows = connection.execute(
        """SELECT started, seen, stopped FROM sessions WHERE started < ? AND id >= coalesce(
            (SELECT max(id) FROM sessions WHERE started <= ?), 0) ORDER BY id""",
        (to_micros(end), to_micros(start)),
    )
    return [
        Session(started=from_micros(started), seen=from_micros(seen), stopped=maybe_moment(stopped))
        for started, seen, stopped in rows
    ]


def _close(connection: sqlite3.Connection, at: int) -> None:
    connection.execute("UPDATE revisions SET effective_to = max(effective_from, ?) WHERE effective_to IS NULL", (at,))


def _dump(checks: tuple[PlannedCheck, ...]) -> str:
    rows = [
        [check.portal, check.kind.value, check.platform, check.journey, check.interval // _TICK, check.offset // _TICK]
        for check in checks
    ]
    return json.dumps(rows, separators=(",", ":"))


def _load(text: str) -> tuple[PlannedCheck, ...]:
    return tuple(
        PlannedCheck(
            portal=portal,
            kind=Kind(kind),
            platform=platform,
            journey=journey,
            interval=interval * _TICK,
            offset=offset * _TICK,
        )
        for portal, kind, platform, journey, interval, offset in json.loads(text)
    )

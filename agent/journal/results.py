"""Results in and out of the database. Each function takes the connection it works on."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from agent.journal import codec
from agent.journal.instants import from_micros, to_micros
from agent.model import Result, StepStatus, Tally, Verdict

_INSERT = """INSERT INTO results (run_id, check_id, portal, journey, slot, verdict, measured, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""

_PASSED = """INSERT INTO passed_steps (check_id, step, landmark, slot) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET slot = excluded.slot WHERE excluded.slot > slot"""

_HOUR = 3_600_000_000

_COLUMNS = "results.seq, run_id, portal, journey, results.slot, verdict, results.body"


def append(connection: sqlite3.Connection, results: Sequence[Result]) -> int:
    """Keep each result whose run_id is new, or only known as missed; returns how many were kept."""
    kept = [result for result in results if _keep(connection, result)]
    connection.executemany(_PASSED, _passed_steps(kept))
    return len(kept)


def after(
    connection: sqlite3.Connection, seq: int, limit: int, *, with_details: bool = False
) -> list[tuple[int, Result]]:
    """Up to ``limit`` results beyond a sequence number, in the order they were kept."""
    return list(_select(connection, "results.seq > ? ORDER BY results.seq LIMIT ?", (seq, limit), with_details))


def between(
    connection: sqlite3.Connection, start: datetime, end: datetime, *, with_details: bool = False
) -> Iterator[Result]:
    """The results with a slot in ``[start, end)``, by slot, as one consistent picture."""
    where = "results.slot >= ? AND results.slot < ? ORDER BY results.slot, results.seq"
    for _, result in _select(connection, where, (to_micros(start), to_micros(end)), with_details):
        yield result


def get(connection: sqlite3.Connection, run_id: str, *, with_details: bool = False) -> Result | None:
    """The result of a run id, or None."""
    return next((result for _, result in _select(connection, "run_id = ?", (run_id,), with_details)), None)


def newest_per_check(connection: sqlite3.Connection, since: datetime) -> list[Result]:
    """For each check with a slot since an instant, the result of its newest one."""
    # SQLite takes the other columns of a max() query from the row that holds the maximum.
    query = f"SELECT {_COLUMNS}, max(slot) FROM results WHERE slot >= ? GROUP BY check_id"  # noqa: S608 - constants
    rows = connection.execute(query, (to_micros(since),))
    return [codec.from_row(row[1:7]) for row in rows]


def newest_runs(connection: sqlite3.Connection, checks: Iterable[str], since: datetime, limit: int) -> list[Result]:
    """Up to ``limit`` newest results of each check with a slot since an instant, oldest first."""
    query = f"SELECT {_COLUMNS} FROM results WHERE check_id = ? AND slot >= ? ORDER BY slot DESC LIMIT ?"  # noqa: S608 - constants
    found: list[Result] = []
    for check in checks:
        rows = connection.execute(query, (check, to_micros(since), limit)).fetchall()
        found += [codec.from_row(row[1:7]) for row in reversed(rows)]
    return found


def tallies(connection: sqlite3.Connection, since: datetime) -> list[Tally]:
    """How many slots of each check came to each verdict, by hour, since an instant."""
    rows = connection.execute(
        "SELECT check_id, slot / ?1, verdict, count(*) FROM results WHERE slot >= ?2 GROUP BY 1, 2, 3",
        (_HOUR, to_micros(since)),
    )
    return [
        Tally(check_id=check, hour=from_micros(hour * _HOUR), verdict=Verdict(verdict), count=count)
        for check, hour, verdict, count in rows
    ]


def run_ids_between(connection: sqlite3.Connection, start: datetime, end: datetime) -> set[str]:
    """The run ids with a slot in ``[start, end)``."""
    query = "SELECT run_id FROM results WHERE slot >= ? AND slot < ?"
    return {run_id for (run_id,) in connection.execute(query, (to_micros(start), to_micros(end)))}


def newest_seq(connection: sqlite3.Connection) -> int:
    """The greatest sequence number ever given out; 0 before the first."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'results'").fetchone()
    return int(row[0]) if row else 0


def slot_beyond(connection: sqlite3.Connection, seq: int) -> datetime | None:
    """The slot of the first result beyond a sequence number."""
    row = connection.execute("SELECT slot FROM results WHERE seq > ? ORDER BY seq LIMIT 1", (seq,)).fetchone()
    return from_micros(row[0]) if row else None


def count_beyond(connection: sqlite3.Connection, seq: int) -> int:
    """How many results lie beyond a sequence number."""
    (count,) = connection.execute("SELECT count(*) FROM results WHERE seq > ?", (seq,)).fetchone()
    return int(count)


def passed_with(connection: sqlite3.Connection, check: str, step: str, landmark: str) -> bool:
    """Whether a step of a check was kept as passed with a landmark."""
    query = "SELECT 1 FROM passed_steps WHERE check_id = ? AND step = ? AND landmark = ?"
    return connection.execute(query, (check, _storable(step), _storable(landmark))).fetchone() is not None


def _keep(connection: sqlite3.Connection, result: Result) -> bool:
    # Asked first rather than left to ON CONFLICT, which would use up a sequence number for nothing.
    known = connection.execute("SELECT seq, measured FROM results WHERE run_id = ?", (result.run_id,)).fetchone()
    if known and (known[1] or not result.measured):
        return False
    if known:
        connection.execute("DELETE FROM results WHERE seq = ?", (known[0],))
        connection.execute("DELETE FROM details WHERE seq = ?", (known[0],))
    done = connection.execute(_INSERT, codec.to_row(result))
    details = codec.to_details(result)
    if details is not None:
        row = (done.lastrowid, to_micros(result.slot), details)
        connection.execute("INSERT INTO details (seq, slot, body) VALUES (?, ?, ?)", row)
    return True


def _passed_steps(results: Sequence[Result]) -> Iterator[tuple[str, str, str, int]]:
    newest: dict[tuple[str, str, str], int] = {}
    for result in results:
        slot = to_micros(result.slot)
        for step in result.steps:
            if step.status is StepStatus.PASSED and step.landmark:
                key = (codec.check_id(result), _storable(step.name), _storable(step.landmark))
                newest[key] = max(slot, newest.get(key, slot))
    return ((*key, slot) for key, slot in newest.items())


def _storable(text: str) -> str:
    # A landmark was read from a page, which may hold a lone surrogate.
    return text.encode(errors="replace").decode()


def _select(
    connection: sqlite3.Connection, where: str, arguments: tuple[Any, ...], with_details: bool
) -> Iterator[tuple[int, Result]]:
    source, more = "results", "NULL"
    if with_details:
        source, more = "results LEFT JOIN details ON details.seq = results.seq", "details.body"
    query = f"SELECT {_COLUMNS}, {more} FROM {source} WHERE {where}"  # noqa: S608 - constants of this file
    for seq, *columns, details in connection.execute(query, arguments):
        result = codec.from_row(tuple(columns))
        yield seq, codec.with_details(result, details)

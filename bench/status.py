"""The status page's first view after a start, with a full day in the journal."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from agent.board import Board
from agent.board.board import DAY, RUNS_SHOWN
from agent.journal import Journal, to_public
from agent.model import Check, Result
from agent.server import Site, create_app, serve
from bench.figure import Figure
from tests.factories import check, planned, result

PORTALS = 83
EVERY_MIN = (1, 1, 5, 5, 30, 30, 360, 360)
BATCH = 2_000
ROUNDS = 5


async def measure(folder: Path) -> list[Figure]:
    """83 portals, 8 checks each at the default intervals, 24 hours."""
    now, checks = datetime.now(UTC), _checks()
    with Journal.open(folder / "journal.sqlite3") as journal:
        results = list(_day(checks, now))
        for start in range(0, len(results), BATCH):
            await journal.append(results[start : start + BATCH])
        views, starts = [], []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            board = Board(checks=lambda: checks)
            since = now - DAY
            runs = await asyncio.to_thread(journal.newest_runs, [one.id for one in checks], since, RUNS_SHOWN)
            board.restore(runs, await asyncio.to_thread(journal.tallies, since))
            starts.append(time.perf_counter() - began)
            views.append(await _first_view(board, journal))
    beside = {"slots": str(len(results)), "memory restored in": f"{sorted(starts)[ROUNDS // 2]:.1f} s"}
    what = "first view of the status page, 83 portals x 8 checks x 24 h in the journal"
    return [Figure(name="status_first_view_ms", what=what, unit="ms", values=views, at_most=100, beside=beside)]


async def _first_view(board: Board, journal: Journal) -> float:
    site = Site(board=board, archive=journal, evidence=Path(), public=to_public)
    app = create_app(metrics=bytes, ready=dict, site=site)
    async with serve(app, host="127.0.0.1", port=0) as port, aiohttp.ClientSession() as session:
        began = time.perf_counter()
        async with session.get(f"http://127.0.0.1:{port}/") as answer:
            await answer.read()
        return (time.perf_counter() - began) * 1000


def _checks() -> list[Check]:
    return [
        check(f"portal{number}", f"journey{kind}", plan=planned(f"portal{number}", f"journey{kind}", interval=interval))
        for number in range(PORTALS)
        for kind, interval in enumerate(timedelta(minutes=minutes) for minutes in EVERY_MIN)
    ]


def _day(checks: list[Check], now: datetime) -> Iterator[Result]:
    for one in checks:
        for number in range(DAY // one.plan.interval):
            slot = now - number * one.plan.interval
            yield result(one.portal.id, one.journey, slot, interval_s=one.plan.interval.total_seconds())

"""How late slots are handed on: a thousand checks a minute that do nothing."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.config.derive import offset
from agent.config.settings import Schedule
from agent.model import RunRequest
from agent.schedule import plan
from agent.schedule.scheduler import Scheduler
from bench.figure import Figure
from bench.versions import of_packages
from tests.factories import check, planned

CHECKS = 1_000
MINUTE = timedelta(minutes=1)
SECONDS = 65


async def measure(_: Path) -> list[Figure]:
    """The real scheduler on real time; every planned slot must be handed on."""
    plans = [
        planned(f"portal{number}", interval=MINUTE, offset=offset(f"portal{number}/home", MINUTE, Schedule()))
        for number in range(CHECKS)
    ]
    checks = {one.id: check(one.portal, "home", plan=one) for one in plans}
    late: list[float] = []

    async def submit(request: RunRequest) -> None:
        late.append((datetime.now(UTC) - request.slot).total_seconds() * 1000)

    begun = datetime.now(UTC)
    scheduler = Scheduler(checks=checks, location="bench", submit=submit, start=begun)
    scheduler.start()
    await asyncio.sleep(SECONDS)
    ended = await scheduler.stop()
    missed = len(plan.due(plans, begun, ended)) - len(late)
    if missed:
        raise RuntimeError(f"{missed} slots were not handed on")
    late.sort()
    beside = {"p50": f"{late[len(late) // 2]:.1f} ms", "slots": str(len(late)), "missed": "0"}
    return [
        Figure(
            name="lateness_p99_ms",
            what=f"{CHECKS} checks a minute that do nothing, 99th percentile of the hand-over's lateness",
            unit="ms",
            values=[late[int(0.99 * len(late))]],
            at_most=100,
            beside=beside,
            versions=of_packages("apscheduler"),
        )
    ]

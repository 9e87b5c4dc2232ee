"""kill -9 at random moments: no slot lost, none doubled, no process left, and each gap has its cause."""

import asyncio
import os
import random
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from agent.app import journal_path
from agent.clock import Clock
from agent.journal import Journal
from agent.model import Cause, Verdict
from agent.schedule.catchup import MARK
from demo.launch import launch
from tests.e2e.lab import account_for, answering, brisk, configure, none_left, start, stopped_in_order


async def caught_up(data: Path, until) -> None:
    async with asyncio.timeout(30):
        while True:
            with Journal.open(journal_path(data)) as journal:
                mark = journal.mark(MARK)
            if mark is not None and mark >= until:
                return
            await asyncio.sleep(0.1)


async def series(tmp_path: Path, kills: int) -> Counter[tuple[Verdict, Cause | None]]:
    """Kill an agent again and again; then stop one in order."""
    seed = random.SystemRandom().randrange(2**31)
    moments = random.Random(seed)
    print(f"kill series: seed {seed}, {kills} kills")
    data, log = tmp_path / "data", tmp_path / "agent.log"
    async with launch(portals=6, seed=seed, faults=[], directory=tmp_path / "demo") as ready:
        config = configure(ready, tmp_path, edit=brisk, spread=timedelta(seconds=6))
        for number in range(kills):
            agent = await start(config, log)
            try:
                await asyncio.wait_for(agent.wait(), moments.uniform(0.3, 9))
                pytest.fail(f"the agent ended by itself: {log.read_text()[-2000:]}")
            except TimeoutError:
                os.kill(agent.pid, signal.SIGKILL)
                await agent.wait()
            await none_left(data / "run")
            print(f"  kill {number + 1}: no process left")
        agent = await start(config, log)
        await answering(config)
        await caught_up(data, Clock().now() - timedelta(seconds=2))
        await asyncio.sleep(3)
        await stopped_in_order(agent)
        await none_left(data / "run")
    found, _ = await asyncio.to_thread(account_for, data)
    for (verdict, cause), count in sorted(found.items(), key=str):
        print(f"  {verdict} {cause or ''}: {count}")
    assert found[Verdict.MISSED, Cause.KILLED] > 0
    assert found[Verdict.PASS, None] > 0
    assert "Traceback" not in log.read_text()
    return found


async def test_it_loses_and_doubles_nothing_when_killed(tmp_path):
    await series(tmp_path, kills=3)


@pytest.mark.prove
async def test_it_loses_and_doubles_nothing_when_killed_twenty_times(tmp_path):
    await series(tmp_path, kills=20)


async def test_it_gives_time_off_its_cause_and_finishes_what_runs(tmp_path):
    data, log = tmp_path / "data", tmp_path / "agent.log"
    async with launch(portals=2, seed=None, faults=[], directory=tmp_path / "demo") as ready:
        config = configure(ready, tmp_path, edit=brisk, spread=timedelta(seconds=2))
        for _ in range(2):
            agent = await start(config, log)
            await answering(config)
            await asyncio.sleep(5)
            await stopped_in_order(agent)
            await asyncio.sleep(5)
        await none_left(data / "run")
    found, _ = await asyncio.to_thread(account_for, data)
    causes = {cause for verdict, cause in found if verdict is Verdict.MISSED}
    assert causes == {Cause.STOPPED}, found
    assert found[Verdict.PASS, None] > 0

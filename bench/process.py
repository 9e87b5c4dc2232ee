"""The agent as a process: its memory without browsers, and how soon ``--help`` is there."""

import asyncio
import sys
import time
from pathlib import Path

import psutil

from bench.figure import Figure
from demo.launch import launch
from tests.e2e.lab import answering, configure, start, stopped_in_order

HELP_ROUNDS = 10
SETTLE_S = 40


async def measure(folder: Path) -> list[Figure]:
    """Memory after a cycle over all 83 portals; help as a user types it."""
    return [await _memory(folder), await _help()]


async def _memory(folder: Path) -> Figure:
    async with launch(portals=None, seed=1, faults=[], directory=folder / "demo") as ready:
        config = configure(ready, folder)
        agent = await start(config, folder / "agent.log")
        await answering(config)
        await asyncio.sleep(SETTLE_S)
        held = psutil.Process(agent.pid).memory_full_info().pss / 2**20
        await stopped_in_order(agent)
    what = "the agent's own process, proportional share, while it watches 83 portals"
    return Figure(name="agent_memory_mib", what=what, unit="MiB", values=[held], at_most=200)


async def _help() -> Figure:
    script, times = Path(sys.executable).parent / "portalwatch", []
    for _ in range(HELP_ROUNDS):
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(script, "--help", stdout=asyncio.subprocess.DEVNULL)
        await process.wait()
        times.append(time.perf_counter() - began)
    return Figure(name="help_s", what="portalwatch --help, wall time", unit="s", values=times, at_most=0.4)

"""``portalwatch demo``: the stand-ins, an agent that watches them, progress and a table."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psutil
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Column

from agent import app
from agent.cli import actions, show
from agent.clock import Clock
from agent.config import Config, checks
from agent.journal import to_public
from agent.model import ProbeKind, Result, Verdict
from demo.config import write_config
from demo.launch import launch

HEAD_START = timedelta(seconds=4)
BROWSERS = 4
"""Ours, for two cores: a journey mostly waits for its portal, and a slow family must not hold all the others up."""
AT_ONCE = timedelta(seconds=20)
PACE = timedelta(seconds=12)
"""What one portal's journeys take of an agent, with room for those that come round again meanwhile; measured."""
ONE_CYCLE = timedelta(hours=6)
"""Longer than any cycle takes, so that a slot that waits its turn is not given up."""
SAMPLE_EVERY_S = 0.5


class Cycle:
    """A sink that waits for one result of each check and shows how far it is."""

    name = "cycle"

    def __init__(self, expected: int, progress: Progress) -> None:
        self.results: dict[str, Result] = {}
        self.complete = asyncio.Event()
        self.began = time.monotonic()
        self.took = 0.0
        self._expected = expected
        self._progress = progress
        self._task = progress.add_task("the first slots are due in seconds", total=expected)

    async def write(self, results: Sequence[Result]) -> None:
        """Note the first result of each check."""
        for result in results:
            self.results.setdefault(f"{result.portal}/{result.journey}", result)
        if results:
            told = f"{self._not_passed()} not passed; {results[-1].portal}/{results[-1].journey} {results[-1].verdict}"
            self._progress.update(self._task, completed=len(self.results), description=told)
        if len(self.results) >= self._expected and not self.complete.is_set():
            self.took = time.monotonic() - self.began
            self.complete.set()

    def _not_passed(self) -> int:
        return sum(result.verdict is not Verdict.PASS for result in self.results.values())


class Memory:
    """The most memory that the agent and its browser held, in bytes (proportional share of each process)."""

    def __init__(self) -> None:
        self.agent = 0
        self.browser = 0

    async def watch(self) -> None:
        """Sample until cancelled."""
        me = psutil.Process()
        while True:
            self.agent = max(self.agent, me.memory_full_info().pss)
            self.browser = max(self.browser, await asyncio.to_thread(lambda: sum(_browser_shares(me))))
            await asyncio.sleep(SAMPLE_EVERY_S)


def demo(
    *,
    once: bool,
    portals: int,
    faults: Sequence[str],
    seed: int | None,
    data: Path,
    json_file: Path | None,
) -> None:
    """Run the demo; exit 0 whatever the portals do, since faults are played on purpose."""
    asyncio.run(_demo(once=once, portals=portals, faults=faults, seed=seed, data=data, json_file=json_file))


async def _demo(
    *,
    once: bool,
    portals: int,
    faults: Sequence[str],
    seed: int | None,
    data: Path,
    json_file: Path | None,
) -> None:
    stop = await actions.until_signal()
    async with launch(portals=portals, seed=seed, faults=faults, directory=data / "stand-ins") as ready:
        show.line(
            f"demo portals are up: {len(ready.portals)}, seed {ready.seed}, faults over HTTP at {ready.control}/faults"
        )
        anchor = Clock().now() + HEAD_START
        spread = AT_ONCE if once else max(AT_ONCE, len(ready.portals) * PACE)
        every = ONE_CYCLE if once else None
        write_config(ready, data / "config", data=data, anchor=anchor, spread=spread, browsers=BROWSERS, every=every)
        config = actions.load(data / "config", data)
        until = anchor + spread if once else None
        life = app.Options(
            until=until, owed_when_off=False, source=None if once else actions.source(data / "config", data)
        )
        await _watch(config, stop, life, once=once, json_file=json_file)


async def _watch(
    config: Config,
    stop: asyncio.Event,
    life: app.Options,
    *,
    once: bool,
    json_file: Path | None,
) -> None:
    memory = Memory()
    with _progress() as progress:
        cycle = Cycle(len(checks(config)), progress)
        options = replace(life, observers=(cycle,))
        agent = asyncio.create_task(app.run(config, stop=stop, options=options))
        watching = asyncio.create_task(memory.watch())
        over = asyncio.create_task(cycle.complete.wait())
        await asyncio.wait({agent, over}, return_when=asyncio.FIRST_COMPLETED)
        watching.cancel()
    if cycle.complete.is_set():
        _report(cycle, memory, config, json_file)
        if once:
            stop.set()
        else:
            server = config.agent.server
            show.line(f"metrics at http://{server.host}:{server.port}/metrics; the agent goes on until Ctrl-C")
    over.cancel()
    await agent


def _report(cycle: Cycle, memory: Memory, config: Config, json_file: Path | None) -> None:
    results = sorted(cycle.results.values(), key=lambda result: (result.portal, result.journey))
    show.cycle(results)
    kinds = {check.id: check.probe for check in checks(config)}
    journeys = sum(kinds[name] is ProbeKind.BROWSER for name in cycle.results)
    show.figures(
        {
            "slots": f"{len(results)}",
            "wall time": f"{cycle.took:.1f} s",
            "journeys a second": f"{journeys / cycle.took:.2f}",
            "memory of the agent": f"{memory.agent / 2**20:.0f} MiB",
            "memory of the browser": f"{memory.browser / 2**20:.0f} MiB",
        },
    )
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps([to_public(result) for result in results], ensure_ascii=False, indent=1) + "\n")


def _progress() -> Progress:
    return Progress(
        TextColumn("one cycle"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis"), markup=False),
        console=show.console,
    )


def _browser_shares(me: psutil.Process) -> Iterator[int]:
    for child in me.children(recursive=True):
        try:
            if "chrom" in child.name() or "headless" in child.name():
                yield child.memory_full_info().pss
        except psutil.Error:
            continue

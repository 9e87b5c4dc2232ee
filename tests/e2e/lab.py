"""An agent beside a running demo: its configuration, its runs, and what it leaves."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import yaml

from agent import app
from agent.clock import Clock
from agent.config import Config, checks
from agent.journal import Journal
from agent.model import Cause, Result, Revision, Verdict
from agent.schedule import plan
from demo.config import write_config
from demo.ready import Ready
from tests.integration.servers import free_port

SPREAD = timedelta(seconds=5)
STARTED: list[asyncio.subprocess.Process] = []
STOP_WITHIN_S = 60.0


def configure(
    ready: Ready, folder: Path, *, edit: Callable[[dict[str, Any]], None] | None = None, **options: Any
) -> Path:
    """Write a configuration for the demo into ``folder/config``; ``edit`` changes the four parsed files at will."""
    config = folder / "config"
    anchor = options.pop("anchor", None) or Clock().now() + timedelta(seconds=3)
    write_config(ready, config, data=folder / "data", anchor=anchor, spread=options.pop("spread", SPREAD), **options)
    parsed = {path.stem: yaml.safe_load(path.read_text()) for path in config.glob("*.yaml")}
    parsed["agent"]["server"] = {"port": free_port()}
    parsed["agent"]["schedule"]["anchor"] = anchor
    if edit is not None:
        edit(parsed)
    for name, content in parsed.items():
        (config / f"{name}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True))
    return config


def load(config: Path) -> Config:
    return app.load_config(config, os.environ)


class Watcher:
    """A sink that keeps every result it sees and knows when each check had one."""

    name = "watcher"

    def __init__(self, expected: int) -> None:
        self.results: list[Result] = []
        self.complete = asyncio.Event()
        self._expected = expected

    async def write(self, results: Sequence[Result]) -> None:
        self.results += results
        if len({(result.portal, result.journey) for result in self.results}) >= self._expected:
            self.complete.set()

    def by_check(self) -> Mapping[tuple[str, str], Result]:
        return {(result.portal, result.journey): result for result in self.results}


async def one_cycle(config: Config, *, within: float = 900.0) -> Watcher:
    """Run a whole agent for one slot of each check."""
    anchor = config.agent.schedule.anchor
    assert anchor is not None
    watcher, stop = Watcher(len(checks(config))), asyncio.Event()
    until = anchor + (config.agent.schedule.spread or timedelta(0))
    life = app.Options(until=until, owed_when_off=False, observers=(watcher,))
    agent = asyncio.create_task(app.run(config, stop=stop, options=life))
    over = asyncio.create_task(watcher.complete.wait())
    async with asyncio.timeout(within):
        await asyncio.wait({agent, over}, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    over.cancel()
    await agent
    return watcher


def processes_of(folder: Path) -> list[psutil.Process]:
    """Every living process that names ``folder`` in its command line or environment: drivers and browsers."""
    mark = str(folder.absolute())
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and process.pid != os.getpid():
                words = [*process.cmdline(), process.environ().get("HOME", ""), process.environ().get("TMPDIR", "")]
                if any(mark in word for word in words):
                    found.append(process)
        except psutil.Error:
            continue
    return found


def brisk(parsed: dict[str, Any]) -> None:
    """The frequent checks alone, at short intervals, so that every kill falls into something."""
    limits = {"step": 0.9, "journey": 1, "run": 1.5}
    journeys = {one["name"]: one for one in parsed["journeys"]["journeys"]}
    for name in ("http", "tls"):
        journeys[name].update(interval="2s", timeouts=limits)
    for name in ("home", "catalogue"):
        journeys[name].update(interval="6s", timeouts={"step": 4, "journey": 5, "run": 5.5})
    parsed["journeys"]["journeys"] = [journeys[name] for name in ("http", "tls", "home", "catalogue")]
    parsed["agent"]["shutdown_grace"] = "10s"


async def start(config: Path, log: Path) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "agent.cli", "run", "--config", str(config)]
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(*command, stdout=output, stderr=output)
    STARTED.append(process)
    return process


async def end_all() -> None:
    """End every agent that a failed test left running."""
    while STARTED:
        process = STARTED.pop()
        if process.returncode is None:
            process.kill()
            await process.wait()


async def answering(config: Path) -> None:
    """Wait until the agent serves its health."""
    port = port_of(config)
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                await writer.wait_closed()
                return


async def none_left(folder: Path) -> None:
    """The kernel ends what a killed agent leaves; give it a moment, not more."""
    async with asyncio.timeout(5):
        while await asyncio.to_thread(processes_of, folder):
            await asyncio.sleep(0.05)


async def stopped_in_order(process: asyncio.subprocess.Process) -> None:
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), STOP_WITHIN_S) == 0


async def portalwatch(
    *arguments: object, stop_after: float | None = None, tree: Path | None = None, within: float = 2 * STOP_WITHIN_S
) -> tuple[int, str, str]:
    """Run a command to its end, or stop it in order after some seconds: exit status, stdout, stderr.

    ``tree`` is a folder whose code is run instead of the project's.
    """
    command = [sys.executable, "-m", "agent.cli", *map(str, arguments)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe, cwd=tree)
    if stop_after is not None:
        asyncio.get_running_loop().call_later(stop_after, process.send_signal, signal.SIGTERM)
    out, err = await asyncio.wait_for(process.communicate(), within)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def account_for(data: Path) -> tuple[Counter[tuple[Verdict, Cause | None]], list[Revision]]:
    """Hold the journal against the plan; returns how many slots came to what, and the plan's revisions."""
    with Journal.open(app.journal_path(data)) as journal:
        far = Clock().now() + timedelta(days=1)
        revisions = journal.revisions_between(far - timedelta(days=2), far)
        sessions = journal.sessions_between(far - timedelta(days=2), far)
        begun, ended = sessions[0].started, sessions[-1].stopped
        results = list(journal.results_between(begun - timedelta(days=1), far))
    assert ended is not None
    owed = [
        plan.run_id(slot.check.id, slot.at, revision.location)
        for revision in revisions
        for slot in plan.planned(revision, begun, ended)
    ]
    settled = [result.run_id for result in results]
    assert len(settled) == len(set(settled)), "a slot is there twice"
    assert set(owed) - set(settled) == set(), "a slot is lost"
    assert set(settled) <= set(owed), "a result of no slot"
    outcomes = ((one.verdict, one.cause if one.verdict is Verdict.MISSED else None) for one in results)
    return Counter(outcomes), revisions


def kept(data: Path) -> list[Result]:
    """Every result in a journal."""
    with Journal.open(app.journal_path(data)) as journal:
        far = Clock().now() + timedelta(days=1)
        return list(journal.results_between(far - timedelta(days=2), far))


def port_of(config: Path) -> int:
    """Where the agent of a configuration serves."""
    return int(yaml.safe_load((config / "agent.yaml").read_text())["server"]["port"])

"""Playwright's driver: one Node process between us and every browser."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import playwright
from playwright.async_api import Playwright, async_playwright

from probes.browser.leash import Leash, leash

START_WITHIN_S = 30.0
STOP_WITHIN_S = 5.0
SCRATCH = "tmp"


class Driver:
    """A running driver; its temporary files, and those of its browsers, go to ``SCRATCH`` in the run's folder."""

    def __init__(self, started: Playwright, tie: Leash) -> None:
        self.playwright = started
        self._tie = tie

    @classmethod
    async def start(cls, run_dir: Path) -> "Driver":
        """Start one.

        Raises:
            MissingPartError: no setpriv.
        """
        scratch = run_dir / SCRATCH
        scratch.mkdir(exist_ok=True)
        tie = leash(_node(), run_dir)
        # The driver reads both at its start only; a scratch folder of its own can be swept.
        with _environment(PLAYWRIGHT_NODEJS_PATH=str(tie.wrapper), TMPDIR=str(scratch)):
            started = await asyncio.wait_for(async_playwright().start(), START_WITHIN_S)
        return cls(started, tie)

    @property
    def pid(self) -> int | None:
        """The driver's process."""
        return self._tie.pid()

    def alive(self) -> bool:
        """Whether its process runs."""
        return self._tie.alive()

    async def end(self) -> None:
        """Kill it. What is left of it in Python may be in any state; nothing of it is used again."""
        self._tie.kill()
        with suppress(Exception):
            await asyncio.wait_for(self.playwright.stop(), STOP_WITHIN_S)


def _node() -> Path:
    named = os.environ.get("PLAYWRIGHT_NODEJS_PATH")
    return Path(named) if named else Path(playwright.__file__).parent / "driver" / "node"


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value

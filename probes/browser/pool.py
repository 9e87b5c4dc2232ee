"""One driver and one browser for all workers; a fresh context for each attempt.

The pool outlives both: whatever is gone or no longer answers is started anew for the next attempt.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import playwright
import structlog
from playwright.async_api import Browser, BrowserContext, Error, Playwright, async_playwright

from agent.model import Sample
from probes.browser.find import find_chromium
from probes.browser.leash import Leash, leash
from probes.browser.trust import trusting_home

log = structlog.get_logger(__name__)

ANSWER_WITHIN_S = 5.0
START_WITHIN_S = 30.0
SCRATCH = "tmp"

ARGUMENTS = ("--disable-quic", "--disable-background-networking", "--no-first-run")


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """``executable`` None finds a Chromium; ``contact`` goes into the user agent; ``run_dir`` is ours alone."""

    run_dir: Path
    executable: Path | None = None
    trust_store: Path | None = None
    user_agent_suffix: str = ""
    headed: bool = False


class Pool:
    """Use as an async context manager; :meth:`context` gives a fresh browser context."""

    def __init__(self, settings: PoolSettings) -> None:
        self._settings = replace(settings, run_dir=settings.run_dir.absolute())
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._driver_leash: Leash | None = None
        self._browser_leash: Leash | None = None
        self._starts = 0

    async def __aenter__(self) -> Self:
        self._settings.run_dir.mkdir(parents=True, exist_ok=True)
        self._sweep()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._browser is not None:
            with suppress(Error, TimeoutError):
                await asyncio.wait_for(self._browser.close(), ANSWER_WITHIN_S)
        await self._stop_driver()
        self._sweep()

    async def start(self) -> None:
        """Start the browser now, so that what is missing on this machine shows at the start.

        Raises:
            MissingPartError: no Chromium, no certutil, no setpriv.
        """
        await self._running_browser()

    @asynccontextmanager
    async def context(self, **options: Any) -> AsyncIterator[BrowserContext]:  # noqa: ANN401 - Playwright's own options
        """A fresh context, closed at the end; starts the browser or the driver if one is gone."""
        browser = await self._running_browser()
        context = await asyncio.wait_for(
            browser.new_context(
                locale="vi-VN",
                timezone_id="Asia/Ho_Chi_Minh",
                user_agent=self._user_agent(browser),
                viewport={"width": 1280, "height": 800},
                **options,
            ),
            START_WITHIN_S,
        )
        try:
            yield context
        finally:
            with suppress(Error, TimeoutError):
                await asyncio.wait_for(context.close(), ANSWER_WITHIN_S)

    def driver_alive(self) -> bool:
        """Whether the driver answers."""
        return self._driver_leash is not None and _exists(self._driver_leash.pid())

    @property
    def generation(self) -> int:
        """Counts the browser's starts: an attempt that saw it change lost its browser."""
        return self._starts

    async def answers(self) -> bool:
        """Whether the browser still runs a page; one that doesn't is ended with its driver, to start anew.

        Which of the two is stuck can't be told from outside, and both are back within a second.
        """
        asked = self._starts
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                async with self.context() as context:
                    page = await context.new_page()
                    return bool(await page.evaluate("1") == 1) and self._starts == asked
        except (Error, TimeoutError):
            log.warning("browser.silent", pids=self.pids())
            async with self._starting:
                if self._starts == asked:
                    await self._stop_driver()
            return False

    def pids(self) -> list[int]:
        """The driver's and the browser's pid, where running."""
        leashes = (self._driver_leash, self._browser_leash)
        return [pid for one in leashes if one is not None and (pid := one.pid()) is not None]

    def samples(self) -> Iterable[Sample]:
        """How often the browser had to be started again."""
        yield Sample(name="portalwatch_browser_restarts_total", value=max(0, self._starts - 1))

    async def _running_browser(self) -> Browser:
        async with self._starting:
            if self._playwright is not None and not self.driver_alive():
                await self._stop_driver()
            if self._browser is None or not self._browser.is_connected() or self._playwright is None:
                self._browser = await self._start_browser()
            return self._browser

    async def _start_browser(self) -> Browser:
        driver = self._playwright or await self._start_driver()
        self._starts += 1
        run_dir, settings = self._settings.run_dir, self._settings
        program = find_chromium(settings.executable, Path(driver.chromium.executable_path), headed=settings.headed)
        self._browser_leash = leash(program, run_dir)
        environ = {**os.environ, "HOME": str(await self._home())}
        return await driver.chromium.launch(
            executable_path=self._browser_leash.wrapper,
            headless=not settings.headed,
            args=list(ARGUMENTS),
            env=dict(environ),
            timeout=START_WITHIN_S * 1000,
        )

    async def _start_driver(self) -> Playwright:
        run_dir, scratch = self._settings.run_dir, self._settings.run_dir / SCRATCH
        scratch.mkdir(exist_ok=True)
        self._driver_leash = leash(_node(), run_dir)
        # The driver reads both at its start only; a scratch folder of its own can be swept.
        with _environment(PLAYWRIGHT_NODEJS_PATH=str(self._driver_leash.wrapper), TMPDIR=str(scratch)):
            self._playwright = await asyncio.wait_for(async_playwright().start(), START_WITHIN_S)
        return self._playwright

    async def _home(self) -> Path:
        home = self._settings.run_dir / "home"
        home.mkdir(exist_ok=True)
        store = self._settings.trust_store
        return await trusting_home(store, home) if store is not None else home

    def _kill_browser(self) -> None:
        self._browser = None
        if self._browser_leash is not None:
            self._browser_leash.kill()

    async def _stop_driver(self) -> None:
        self._kill_browser()
        driver, self._playwright = self._playwright, None
        if self._driver_leash is not None:
            self._driver_leash.kill()
        if driver is not None:
            # A driver that was killed leaves its Python half in any state; nothing of it is used again.
            with suppress(Exception):
                await asyncio.wait_for(driver.stop(), ANSWER_WITHIN_S)

    def _user_agent(self, browser: Browser) -> str:
        major = browser.version.split(".", maxsplit=1)[0]
        return (
            f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            f"Chrome/{major}.0.0.0 Safari/537.36 {self._settings.user_agent_suffix}".rstrip()
        )

    def _sweep(self) -> None:
        """Profiles of browsers that were killed stay behind in the scratch folder."""
        shutil.rmtree(self._settings.run_dir / SCRATCH, ignore_errors=True)


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


def _exists(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"

"""One driver and one browser for all workers; a fresh context for each attempt.

The pool outlives both: whatever is gone or no longer answers is started anew for the next attempt.
"""

import asyncio
import os
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import playwright
import structlog
from playwright.async_api import Browser, BrowserContext, Error, Playwright, async_playwright

from agent.model import Sample
from probes.browser.find import find_chromium
from probes.browser.instance import Instance, Wear
from probes.browser.leash import Leash, leash
from probes.browser.trust import trusting_home

log = structlog.get_logger(__name__)

ANSWER_WITHIN_S = 5.0
START_WITHIN_S = 30.0
SCRATCH = "tmp"

# A page that allocates without end is ended by V8 long before the machine suffers.
ARGUMENTS = (
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
    "--js-flags=--max-old-space-size=512",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """``executable`` None finds a Chromium; ``run_dir`` is ours alone; ``wear`` is when a browser is replaced."""

    run_dir: Path
    executable: Path | None = None
    trust_store: Path | None = None
    user_agent_suffix: str = ""
    headed: bool = False
    wear: Wear = field(default_factory=Wear)


class Pool:
    """Use as an async context manager; :meth:`context` gives a fresh browser context."""

    def __init__(self, settings: PoolSettings) -> None:
        self._settings = replace(settings, run_dir=settings.run_dir.absolute())
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._driver_leash: Leash | None = None
        self._current: Instance | None = None
        self._retired: list[Instance] = []
        self._starts = 0
        self._losses = 0
        self._replaced: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        self._settings.run_dir.mkdir(parents=True, exist_ok=True)
        self._sweep()
        return self

    async def __aexit__(self, *_: object) -> None:
        for instance in self._all():
            await _close(instance)
        await self._stop_driver()
        self._sweep()

    async def start(self) -> None:
        """Start the browser now, so that what is missing on this machine shows at the start.

        Raises:
            MissingPartError: no Chromium, no certutil, no setpriv.
        """
        await self._instance()

    @asynccontextmanager
    async def context(self, **options: Any) -> AsyncIterator[BrowserContext]:  # noqa: ANN401 - Playwright's own options
        """A fresh context, closed at the end; starts the browser or the driver if one is gone."""
        instance = await self._instance()
        instance.runs += 1
        instance.users += 1
        try:
            context = await asyncio.wait_for(self._new_context(instance.browser, options), START_WITHIN_S)
            try:
                yield context
            finally:
                with suppress(Error, TimeoutError):
                    await asyncio.wait_for(context.close(), ANSWER_WITHIN_S)
        finally:
            instance.users -= 1
            await self._bury()

    def driver_alive(self) -> bool:
        """Whether the driver answers."""
        return self._driver_leash is not None and _exists(self._driver_leash.pid())

    @property
    def generation(self) -> int:
        """Counts the browsers that were lost: an attempt that saw it change may have lost its own."""
        return self._losses

    async def answers(self) -> bool:
        """Whether the browser still runs a page; one that doesn't is ended with its driver, to start anew.

        Which of the two is stuck can't be told from outside, and both are back within a second.
        """
        asked = self._losses
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                async with self.context() as context:
                    page = await context.new_page()
                    return bool(await page.evaluate("1") == 1) and self._losses == asked
        except (Error, TimeoutError):
            log.warning("browser.silent", pids=self.pids())
            async with self._starting:
                if self._losses == asked:
                    self._losses += 1
                    await self._stop_driver()
            return False

    def pids(self) -> list[int]:
        """The driver's pid and the newest browser's, where running."""
        leashes = (self._driver_leash, self._current.leash if self._current else None)
        return [pid for one in leashes if one is not None and (pid := one.pid()) is not None]

    def samples(self) -> Iterable[Sample]:
        """Browsers lost, browsers replaced in good time, and the memory the newest one holds of its own."""
        yield Sample(name="portalwatch_browser_restarts_total", value=self._losses)
        for reason in ("age", "runs", "memory"):
            value = self._replaced[reason]
            yield Sample(name="portalwatch_browser_replaced_total", value=value, labels={"reason": reason})
        if self._current is not None:
            yield Sample(name="portalwatch_browser_memory_bytes", value=self._current.memory)

    async def _instance(self) -> Instance:
        """The browser for a new context: the running one, unless it is gone or worn."""
        async with self._starting:
            if self._playwright is not None and not self.driver_alive():
                self._losses += 1
                await self._stop_driver()
            if self._current is not None:
                self._let_go(self._current)
            if self._current is None:
                self._current = await self._start_browser()
            return self._current

    def _let_go(self, instance: Instance) -> None:
        """Drop a browser that is gone; let a worn one retire, so that who uses it can finish."""
        if not instance.alive:
            self._losses += 1
            instance.leash.kill()
            self._current = None
        elif reason := instance.worn(self._settings.wear):
            self._replaced[reason] += 1
            self._retired.append(instance)
            self._current = None

    async def _bury(self) -> None:
        """End the retired browsers that nobody uses any more."""
        done = [instance for instance in self._retired if not instance.users]
        self._retired = [instance for instance in self._retired if instance.users]
        for instance in done:
            await _close(instance)

    def _all(self) -> list[Instance]:
        return [*self._retired, *([self._current] if self._current else [])]

    async def _new_context(self, browser: Browser, options: Mapping[str, Any]) -> BrowserContext:
        return await browser.new_context(
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            user_agent=self._user_agent(browser),
            viewport={"width": 1280, "height": 800},
            accept_downloads=False,
            **options,
        )

    async def _start_browser(self) -> Instance:
        driver = self._playwright or await self._start_driver()
        self._starts += 1
        run_dir, settings = self._settings.run_dir, self._settings
        program = find_chromium(settings.executable, Path(driver.chromium.executable_path), headed=settings.headed)
        tied = leash(program, run_dir, self._starts)
        environ = {**os.environ, "HOME": str(await self._home())}
        browser = await driver.chromium.launch(
            executable_path=tied.wrapper,
            headless=not settings.headed,
            args=list(ARGUMENTS),
            env=dict(environ),
            timeout=START_WITHIN_S * 1000,
        )
        return Instance(browser=browser, leash=tied)

    async def _start_driver(self) -> Playwright:
        run_dir, scratch = self._settings.run_dir, self._settings.run_dir / SCRATCH
        scratch.mkdir(exist_ok=True)
        self._driver_leash = leash(_node(), run_dir)
        # The driver reads both at its start only; a scratch folder of its own can be swept.
        with _environment(PLAYWRIGHT_NODEJS_PATH=str(self._driver_leash.wrapper), TMPDIR=str(scratch)):
            self._playwright = await asyncio.wait_for(async_playwright().start(), START_WITHIN_S)
        return self._playwright

    async def _home(self) -> Path:
        # A home of its own for each start: a browser that retires still reads the one before.
        home = self._settings.run_dir / "home" / str(self._starts)
        home.mkdir(parents=True, exist_ok=True)
        store = self._settings.trust_store
        return await trusting_home(store, home) if store is not None else home

    async def _stop_driver(self) -> None:
        for instance in self._all():
            instance.leash.kill()
        self._current, self._retired = None, []
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
        for name in (SCRATCH, "home"):
            shutil.rmtree(self._settings.run_dir / name, ignore_errors=True)
        for wrapper in self._settings.run_dir.glob("start-*"):
            wrapper.unlink()


async def _close(instance: Instance) -> None:
    with suppress(Error, TimeoutError):
        await asyncio.wait_for(instance.browser.close(), ANSWER_WITHIN_S)
    instance.leash.kill()


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

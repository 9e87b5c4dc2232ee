"""Keeps what a failed attempt leaves: screenshot, trace, HAR, console."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from playwright.async_api import BrowserContext, Error, Page

from agent.model import Evidence, Finding
from probes.browser.masks import masks
from probes.findings import as_json

log = structlog.get_logger(__name__)

KEEP_WITHIN_S = 5.0
STOP_WITHIN_S = 1.0
BLANK = "about:blank"
LARGEST = 50 * 2**20

SCREENSHOT, TRACE, HAR, CONSOLE = "failure.png", "trace.zip", "requests.har", "console.txt"


@dataclass(slots=True)
class Keeper:
    """Writes into ``folder``. A file that can't be kept never hides the journey's own error.

    No picture shows ``secrets`` or personal fields; of a ``private`` journey it shows no field, and no screencast is
    made. What else these files hold is not redacted here.
    """

    folder: Path
    traced: bool
    private: bool = False
    secrets: Iterable[str] = ()
    kept: list[Evidence] = field(default_factory=list)

    def context_options(self) -> dict[str, object]:
        """What a context must be made with for a HAR."""
        if not self.traced:
            return {}
        self.folder.mkdir(parents=True, exist_ok=True)
        return {"record_har_path": self.folder / HAR, "record_har_content": "omit"}

    async def begin(self, context: BrowserContext) -> None:
        """Start tracing, if asked for."""
        if self.traced:
            await context.tracing.start(screenshots=not self.private, snapshots=True)

    async def screenshot(self, page: Page) -> None:
        """What the failed page looks like; nothing when no page ever came.

        A load that never ends would hold the picture back, so it is ended.
        """
        if page.url == BLANK:
            return
        with suppress(Error, TimeoutError):
            await asyncio.wait_for(page.evaluate("window.stop()"), STOP_WITHIN_S)
        await self._keep("screenshot", SCREENSHOT, lambda path: self._picture(page, path))

    async def _picture(self, page: Page, path: Path) -> None:
        black = await masks(page, self.secrets, private=self.private)
        await page.screenshot(path=path, timeout=KEEP_WITHIN_S * 900, mask=black, mask_color="#000000")

    async def end(self, context: BrowserContext, console: list[str]) -> None:
        """Write the trace and the console."""
        if self.traced:
            await self._keep("trace", TRACE, lambda path: context.tracing.stop(path=path))
            await self._keep("console", CONSOLE, lambda path: asyncio.to_thread(_write_lines, path, console))

    async def findings(self, kind: str, found: Sequence[Finding]) -> None:
        """Write what a journey noticed, also where it noticed nothing: the file says that it looked."""
        text = as_json(found)
        await self._keep(kind, f"{kind}.json", lambda path: asyncio.to_thread(path.write_text, text, encoding="utf-8"))

    def note_har(self) -> None:
        """The HAR is there once its context is closed."""
        if self.traced and (self.folder / HAR).is_file():
            self._note("har", HAR)

    def _note(self, kind: str, name: str) -> None:
        """Keep a file, unless a page has made it so large that it would crowd out all others."""
        path = self.folder / name
        if path.stat().st_size > LARGEST:
            path.unlink()
            log.warning("evidence.too_large", kind=kind, most=LARGEST)
        else:
            self.kept.append(Evidence(kind=kind, path=name))

    async def _keep(self, kind: str, name: str, write: Callable[[Path], Awaitable[object]]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            await asyncio.wait_for(write(self.folder / name), KEEP_WITHIN_S)
        except (Error, OSError, TimeoutError) as error:
            log.warning("evidence.lost", kind=kind, error=type(error).__name__)
        else:
            self._note(kind, name)


def _write_lines(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

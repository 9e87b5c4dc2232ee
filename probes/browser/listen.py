"""Listens to a context: failed requests, console errors, crashes."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Error, Page, Request, Response, WebError

from agent.model import Cause
from probes.browser.saw import brief

ERROR_STATUS = 400
LINES_KEPT = 200
# What a page can't work without; a picture or a statistics beacon is not among it.
ESSENTIAL = frozenset({"document", "script", "xhr", "fetch", "stylesheet"})


@dataclass  # Playwright keeps its handlers as attributes of the object they are bound to: no slots
class Listener:
    """What the context told so far. ``hosts`` maps a shared service's host to its name.

    ``essential`` and ``document_statuses`` belong to the current step: what failed that a page can't
    work without, and the error statuses of documents.
    """

    portal_host: str
    hosts: Mapping[str, str]
    failed: int = 0
    console_errors: int = 0
    crashed: bool = False
    console: list[str] = field(default_factory=list)
    essential: list[str] = field(default_factory=list)
    document_statuses: list[int] = field(default_factory=list)
    service: str = ""
    _statuses: list[int] = field(default_factory=list)
    _pages: int = 0
    _closing: list[asyncio.Future[None]] = field(default_factory=list)
    _open: set[Request] = field(default_factory=set)

    @property
    def pending(self) -> bool:
        """Whether a request the page can't work without is still open."""
        return bool(self._open)

    def attach(self, context: BrowserContext) -> None:
        """Listen from now on."""
        context.on("request", self._on_request)
        context.on("response", self._on_response)
        context.on("requestfailed", self._on_failed)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("page", self._on_page)

    def begin_step(self) -> None:
        """Forget what belonged to the step before."""
        self.essential.clear()
        self.document_statuses.clear()
        self._statuses.clear()
        self.service = ""

    def essential_cause(self) -> Cause:
        """What the first essential failure was: an HTTP error, or a connection that broke."""
        return Cause.HTTP_STATUS if self._statuses[0] else Cause.CONNECTION_RESET

    def _on_request(self, request: Request) -> None:
        if self._is_essential(request):
            self._open.add(request)

    def _on_response(self, response: Response) -> None:
        self._open.discard(response.request)
        if response.status >= ERROR_STATUS:
            self._note(response.request, response.status)

    def _on_failed(self, request: Request) -> None:
        self._open.discard(request)
        # A page that is left aborts what it had open: that is no failure of anyone's.
        if "ERR_ABORTED" not in (request.failure or ""):
            self._note(request, 0)

    def _note(self, request: Request, status: int) -> None:
        self.failed += 1
        self.service = self.service or self.hosts.get(urlsplit(request.url).hostname or "", "")
        if self._is_essential(request):
            self.essential.append(f"{request.resource_type} {urlsplit(request.url).path[:200]}")
            self._statuses.append(status)
            if status and request.resource_type == "document" and request.frame.parent_frame is None:
                self.document_statuses.append(status)

    def _is_essential(self, request: Request) -> bool:
        return request.resource_type in ESSENTIAL and urlsplit(request.url).hostname == self.portal_host

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console_errors += 1
        self._keep(f"{message.type}: {message.text}")

    def _on_error(self, error: WebError) -> None:
        self.console_errors += 1
        self._keep(f"exception: {error.error}")

    def _on_page(self, page: Page) -> None:
        """The first page is ours; any other is a pop-up and is closed at once."""
        page.on("crash", self._on_crash)
        self._pages += 1
        if self._pages > 1:
            self._closing.append(asyncio.ensure_future(_closed(page)))

    def _on_crash(self, _: Page) -> None:
        self.crashed = True

    def _keep(self, line: str) -> None:
        if len(self.console) < LINES_KEPT:
            self.console.append(brief(ValueError(line)))


async def _closed(page: Page) -> None:
    with suppress(Error):
        await page.close()

"""What a page object works on: one page of one portal, with the checks every step makes.

A step asserts what must be there (a landmark) and what must not (an error page served with status 200,
a challenge, an HTTP error); a control is found by what the family has always had, or by a fallback that
tells a changed page from a broken one.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from playwright.async_api import Error, Locator, Page, TimeoutError as PlaywrightTimeout

from agent.model import Cause, Finding, Requirement
from probes.browser.listen import ERROR_STATUS, Listener
from probes.browser.saw import SawError
from probes.net.pages import classify

LATE_S = 3.0
"""How long a landmark or a control may come after a sign that it won't."""

BAD_NEWS = re.compile(
    r"lỗi|bảo trì|không khả dụng|gián đoạn|tạm dừng|không tìm thấy trang|robot|captcha|error|unavailable|forbidden",
    re.IGNORECASE,
)

TELLING_S = 1.5
POLL_S = 0.1
DRAWN_MS = 1000

Find = Callable[[Page], Locator]


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """What proves a page to be the right one: something to see, at a path that matches.

    A route after the number sign belongs to the path: ``/#/ke-khai/1``.
    """

    name: str
    path: re.Pattern[str]
    find: Find


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Something a step uses or reads. ``fallback`` finds it by its place when its names have changed."""

    name: str
    find: Find
    fallback: Find


class Stage:
    """One page under test; ``limit`` is the step's time-out in seconds.

    What a journey observes it puts into ``observed`` by requirement, ``figures`` by metric and ``findings``
    by the kind of evidence they are kept as.
    """

    def __init__(self, *, page: Page, base_url: str, limit: float, listener: Listener) -> None:
        self.page = page
        self.base_url = base_url
        self.observed: dict[str, Requirement] = {}
        self.figures: dict[str, float] = {}
        self.findings: dict[str, list[Finding]] = {}
        self.limit = limit
        self._listener = listener
        self._here: Landmark | None = None
        self._deadline = 0.0
        self.worked_on = ""

    def begin_step(self) -> None:
        """Forget which landmark the step before worked on."""
        self.worked_on = ""
        self._deadline = asyncio.get_running_loop().time() + self.limit
        self._listener.begin_step()

    async def open(self, path: str) -> None:
        """Go to a path of the portal; an HTTP error is what was seen."""
        address = self.base_url + path
        response = await self.page.goto(address, wait_until="domcontentloaded", timeout=self.left_ms())
        if response is not None and response.status >= ERROR_STATUS:
            raise await self._http_error(response.status)

    async def arrive(self, landmark: Landmark) -> None:
        """Wait until a landmark is visible at its path, or tell what is there instead."""
        wanted = _visible(landmark.find(self.page))
        bad_news = _visible(self.page.locator("h1, h2, [role=heading], [role=alert]").filter(has_text=BAD_NEWS))
        try:
            await self.page.wait_for_url(
                lambda url: bool(landmark.path.search(_place(url))),
                wait_until="commit",
                timeout=self.left_ms(),
            )
            await self.wait(wanted, bad_news)
        except PlaywrightTimeout as error:
            raise await self._instead_of(landmark) from error
        self._here = landmark
        self.worked_on = self.worked_on or landmark.name
        await self.forbid_errors()

    async def arrive_at_one_of(self, landmarks: Sequence[Landmark]) -> Landmark:
        """Wait until any of these is there; returns which, the last one first."""
        while self.left_ms() > POLL_S * 1000:
            for landmark in reversed(landmarks):
                here = landmark.path.search(_place(self.page.url))
                if here and await _visible(landmark.find(self.page)).first.is_visible():
                    await self.arrive(landmark)
                    return landmark
            await asyncio.sleep(POLL_S)
        raise await self._instead_of(landmarks[-1])

    async def control(self, control: Control) -> Locator:
        """The one element of a control, visible; or what its absence means."""
        wanted, fallback = _visible(control.find(self.page)), _visible(control.fallback(self.page))
        try:
            await self.wait(wanted, fallback)
        except PlaywrightTimeout as error:
            raise await self._missing(control, fallback) from error
        self.worked_on = self._here.name if self._here else ""
        return wanted.first

    async def entry(self, control: Control, function: str) -> Locator:
        """The way to a function of the portal; its absence is the function's, not the script's."""
        wanted, fallback = _visible(control.find(self.page)), _visible(control.fallback(self.page))
        whole_page = _visible(self.page.locator("main :is(h1, h2)"))
        with suppress(PlaywrightTimeout):
            await self.wait(wanted, fallback.or_(whole_page))
        if await wanted.first.is_visible():
            self.worked_on = self._here.name if self._here else ""
            return wanted.first
        if await fallback.first.is_visible():
            raise await self._missing(control, fallback)
        detail = f"{control.name}: the portal offers no {function}"
        raise SawError(Cause.FUNCTION_MISSING, detail, landmark=await self.landmark_here(), function=function)

    async def optional_text(self, control: Control, valid: re.Pattern[str]) -> str:
        """The text of a control that a portal may lack, where ``valid`` matches; empty when it isn't there.

        It is looked for once: ask for it after what the page must show has appeared.
        """
        wanted, fallback = _visible(control.find(self.page)), _visible(control.fallback(self.page))
        if await wanted.first.is_visible():
            text = await self.text(control)
            return text if valid.search(text) else ""
        if await fallback.first.is_visible():
            raise await self._missing(control, fallback)
        return ""

    async def wait(self, wanted: Locator, sign: Locator) -> None:
        """Wait for an element; a sign that it won't come leaves it a little longer.

        Raises:
            playwright.async_api.TimeoutError: it didn't come within the step.
        """
        if await wanted.first.is_visible():
            return
        await wanted.or_(sign).first.wait_for(timeout=self.left_ms())
        if not await wanted.first.is_visible():
            await wanted.first.wait_for(timeout=min(LATE_S * 1000, self.left_ms()))

    async def soon(self, locator: Locator, state: Literal["visible", "hidden"] = "visible") -> bool:
        """Whether the first match comes to be so within a moment, which is what a list that is drawn late needs."""
        try:
            await locator.first.wait_for(state=state, timeout=min(DRAWN_MS, self.left_ms()))
        except PlaywrightTimeout:
            return False
        return True

    async def text(self, control: Control) -> str:
        """The text of a control, folded to one line; empty text is content that is missing."""
        found = await self.control(control)
        text = " ".join((await found.inner_text()).split())[:500]
        if not text:
            raise SawError(Cause.CONTENT_MISSING, f"{control.name} is empty", landmark=await self.landmark_here())
        return text

    async def landmark_here(self) -> str:
        """The name of the landmark last arrived at, if it is still there."""
        with suppress(Error):
            if self._here is not None and await _visible(self._here.find(self.page)).first.is_visible():
                return self._here.name
        return ""

    def left_ms(self) -> float:
        """What is left of the step, less the moment it takes to tell what was there instead."""
        left = self._deadline - asyncio.get_running_loop().time() - min(0.1 * self.limit, TELLING_S)
        return max(left, 0.001) * 1000

    async def _missing(self, control: Control, fallback: Locator) -> SawError:
        return SawError(
            Cause.CONTROL_MISSING,
            f"{control.name} not found",
            landmark=await self.landmark_here(),
            alternative=await fallback.first.is_visible(),
        )

    async def forbid_errors(self) -> None:
        """Raise what was seen when a document of this step had an HTTP error."""
        status = max(self._listener.document_statuses, default=0)
        if status:
            raise await self._http_error(status)

    async def _http_error(self, status: int) -> SawError:
        content = await self._content()
        cause = classify(status, content)
        return SawError(cause or Cause.HTTP_STATUS, f"status {status}")

    async def _instead_of(self, landmark: Landmark) -> SawError:
        """What stands there instead of a landmark, from the surest sign to the weakest."""
        status = max(self._listener.document_statuses, default=200)
        cause = classify(status, await self._content())
        if cause is not None:
            return SawError(cause, f"{cause.value.replace('_', ' ')} instead of {landmark.name}")
        if status > 200:  # noqa: PLR2004 - only errors are noted
            return SawError(Cause.HTTP_STATUS, f"status {status}")
        if self._listener.essential:
            return SawError(self._listener.essential_cause(), f"failed: {self._listener.essential[0]}")
        if self._listener.pending:
            return SawError(Cause.TIMEOUT, f"{landmark.name} not there, a request never ended")
        return SawError(Cause.WRONG_PAGE, f"{landmark.name} not found")

    async def _content(self) -> str:
        with suppress(Error, TimeoutError):
            return await asyncio.wait_for(self.page.content(), LATE_S)
        return ""


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}#{parts.fragment}" if parts.fragment.startswith("/") else parts.path


def _visible(locator: Locator) -> Locator:
    return locator.filter(visible=True)

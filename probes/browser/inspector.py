"""What Chromium's own inspector tells of a page: mixed content, and cookies as they were set."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import CDPSession, Error, Page

from probes.net.cookies import Cookie
from probes.net.urls import is_loopback, redacted

WITHIN_S = 3.0
_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """A page over https asked for something over http. ``active``: it could have changed the page, and was blocked."""

    url: str
    kind: str
    active: bool


@dataclass  # Playwright keeps its handlers as attributes of the object they are bound to: no slots
class Inspector:
    """Counts what it is told from :func:`inspecting` on."""

    _session: CDPSession
    mixed: Counter[Mixed] = field(default_factory=Counter)

    async def cookies(self, host: str) -> list[Cookie]:
        """The cookies of ``host`` and of the domains above it, at most 200; not those of other sites."""
        answer = await asyncio.wait_for(self._session.send("Network.getAllCookies"), WITHIN_S)
        mine = [one for one in answer["cookies"] if _covers(str(one["domain"]), host)]
        return [_cookie(one) for one in mine[:_MOST]]

    def note(self, event: Mapping[str, Any]) -> None:
        """Take an issue of the page.

        What lies on the visitor's own machine, such as a signing plug-in, is no mixed content by the standard.
        """
        details = event["issue"]["details"].get("mixedContentIssueDetails")
        if details and len(self.mixed) < _MOST and not is_loopback(str(details["insecureURL"])):
            self.mixed[_mixed(details)] += 1


@asynccontextmanager
async def inspecting(page: Page) -> AsyncIterator[Inspector]:
    """An inspector of a page; begin before the page is opened."""
    session = await page.context.new_cdp_session(page)
    inspector = Inspector(session)
    session.on("Audits.issueAdded", inspector.note)
    await session.send("Audits.enable")
    try:
        yield inspector
    finally:
        with suppress(Error, TimeoutError):
            await asyncio.wait_for(session.detach(), WITHIN_S)


def _covers(domain: str, host: str) -> bool:
    bare = domain.lstrip(".")
    return host == bare or (domain.startswith(".") and host.endswith(f".{bare}"))


def _cookie(one: Mapping[str, Any]) -> Cookie:
    return Cookie(
        name=str(one["name"]),
        domain=str(one["domain"]),
        secure=bool(one["secure"]),
        http_only=bool(one["httpOnly"]),
        same_site=str(one.get("sameSite", "")),
    )


def _mixed(details: Mapping[str, Any]) -> Mixed:
    return Mixed(
        url=redacted(str(details["insecureURL"])),
        kind=str(details.get("resourceType", "resource")),
        active=details["resolutionStatus"] == "MixedContentBlocked",
    )

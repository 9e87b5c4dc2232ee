"""Logging in: from the portal to the identity provider and back."""

import asyncio
import re

from playwright.async_api import Locator, Page, TimeoutError as PlaywrightTimeout

from agent.model import Account, Cause, Deed, Outcome
from agent.ports import Safeguards
from probes.browser.saw import SawError
from probes.browser.stage import Control, Landmark, Stage
from probes.platforms.identity import IdentityProvider, faults_in
from probes.platforms.named import press, wording

POLL_S = 0.1
LOG_OUT = re.compile(r"^\W*(đăng xuất|thoát)\W*$", re.IGNORECASE)
TO_PROVIDER = press(
    "way to the identity provider",
    ids=("dang-nhap-dinh-danh",),
    text=re.compile("định danh|vneid", re.IGNORECASE),
    place=lambda page: page.locator("main a[href*='dinh-danh'], main a[href*='sso']"),
)


def _way_out(page: Page) -> Locator:
    return page.get_by_role("link", name=LOG_OUT).or_(page.get_by_role("button", name=LOG_OUT))


SIGNED_IN = Landmark(name="signed in", path=re.compile("."), find=_way_out)
"""Whoever can log out is logged in."""


def login_page(path: str) -> Landmark:
    """A portal's own log-in page."""
    return Landmark(
        name="log-in page",
        path=re.compile(path),
        find=lambda page: page.locator("main :is(h1, h2)").filter(has_text=wording("đăng nhập", "đăng nhập hệ thống")),
    )


class Entrance:
    """A portal's log-in. ``path`` is its log-in page's, ``button`` the way to the provider."""

    def __init__(self, stage: Stage, *, path: str, page: Landmark, button: Control = TO_PROVIDER) -> None:
        self._stage = stage
        self._path = path
        self._page = page
        self._button = button
        self._provider = IdentityProvider(stage)

    async def open(self) -> None:
        """Open the portal's log-in page."""
        await self._stage.open(self._path)
        await self._stage.arrive(self._page)

    async def leave_for_provider(self) -> list[str]:
        """Go to the identity provider; returns what is wrong with the request that the portal sent along."""
        async with self._stage.page.expect_request(
            lambda request: request.is_navigation_request() and not request.url.startswith(self._stage.base_url),
            timeout=self._stage.left_ms(),
        ) as leaving:
            await (await self._stage.control(self._button)).click(no_wait_after=True)
        request = await leaving.value
        await self._provider.arrive()
        return faults_in(request.url, self._stage.base_url)

    async def log_in(self, account: Account, safeguards: Safeguards) -> None:
        """Log in and come back with a session. Nobody tries twice: the intent is journaled first."""
        await safeguards.before(Deed.LOGIN, account.name)
        await self._provider.log_in(account)
        try:
            await self._back_on_portal()
        except SawError as error:
            if error.cause is Cause.CREDENTIALS_REFUSED:
                await safeguards.after(Deed.LOGIN, account.name, Outcome.REFUSED)
            raise
        await safeguards.after(Deed.LOGIN, account.name, Outcome.DONE)
        await self._expect_session()

    async def enter(self, account: Account, safeguards: Safeguards) -> None:
        """The whole way from the portal's log-in page to a session."""
        await self.open()
        await self.leave_for_provider()
        await self.log_in(account, safeguards)

    async def change_to(self, account: Account, safeguards: Safeguards) -> None:
        """Log out, and in with another account."""
        page = self._stage.page
        await _way_out(page).first.click(timeout=self._stage.left_ms())
        await _way_out(page).first.wait_for(state="hidden", timeout=self._stage.left_ms())
        # A page that is drawn by a script may still have something to do after it let us out.
        await page.reload(wait_until="domcontentloaded", timeout=self._stage.left_ms())
        await self.enter(account, safeguards)

    async def _back_on_portal(self) -> None:
        while not self._stage.page.url.startswith(f"{self._stage.base_url}/"):
            if await self._provider.refused():
                raise SawError(Cause.CREDENTIALS_REFUSED, "the identity provider refuses the test account")
            # The two ends of this wait are on two hosts: no one locator tells them.
            await asyncio.sleep(POLL_S)

    async def _expect_session(self) -> None:
        page = self._stage.page
        still_outside = page.locator("main :is(h1, h2)").filter(has_text=re.compile("đăng nhập", re.IGNORECASE))
        try:
            await self._stage.wait(_way_out(page), still_outside)
        except PlaywrightTimeout as error:
            await self._stage.forbid_errors()
            raise SawError(Cause.NO_SESSION, "a good log-in gave no session") from error

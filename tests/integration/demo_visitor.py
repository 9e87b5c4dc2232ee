"""A visitor of the demo in a real Chromium, who goes by what the pages show: labels, roles and texts."""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from demo.flow.wording import _USUAL
from demo.ready import Account
from demo.wording import BUTTONS, LABELS, OTHER_WORDS
from probes.browser.find import find_chromium
from probes.browser.trust import trusting_home

SIGN_ON = "Đăng nhập bằng tài khoản định danh điện tử"
GRAVE = {"serious", "critical"}
PAPER = {"name": "giấy khai.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a paper of the visitor " * 9}


@asynccontextmanager
async def browsing(ca: Path, scratch: Path) -> AsyncIterator[Browser]:
    """A browser that trusts the demo's root."""
    home = await trusting_home(ca, scratch)
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=find_chromium(None, Path(driver.chromium.executable_path)),
            env={"HOME": str(home), "LANG": "C.UTF-8"},
        )
        yield browser
        await browser.close()


def called(what: str) -> re.Pattern[str]:
    """All that portals call something."""
    return re.compile("^(" + "|".join(re.escape(text) for text in _USUAL[what][1]) + ")")


def one_of(texts: Iterable[str]) -> re.Pattern[str]:
    """Any of these texts, whole."""
    return re.compile("^(" + "|".join(map(re.escape, texts)) + ")$")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody before a portal; ``portal`` is what the control API tells of it."""

    page: Page
    portal: Mapping[str, Any]
    account: Account

    @property
    def procedure(self) -> Mapping[str, Any]:
        """One that can be done online."""
        return next(one for one in self.portal["procedures"] if one["level"] == "full")

    async def open(self, path: str) -> None:
        """Go to a page of the portal."""
        await self.page.goto(self.portal["base_url"] + path, wait_until="domcontentloaded")

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """A button in the page's main part."""
        return self.page.get_by_role("main").get_by_role("button", name=name)

    def field(self, what: str) -> Locator:
        """A field of the e-form."""
        return self.page.get_by_role("main").get_by_label(called(what))

    async def follow(self, name: str | re.Pattern[str]) -> None:
        """Click a link."""
        await self.page.get_by_role("link", name=name).first.click()

    async def log_in(self) -> None:
        """From the portal's log-in page through the identity provider and back."""
        await self.page.get_by_role("link", name=SIGN_ON).click()
        await self.identify()

    async def knock(self, login: str) -> None:
        """Go from the portal's log-in page to the identity provider."""
        await self.open(login)
        door = self.page.get_by_role("main")
        await door.get_by_role("link", name=SIGN_ON).or_(door.get_by_role("button", name=SIGN_ON)).click()

    async def enter(self, login: str) -> None:
        """Log in, and be greeted."""
        await self.knock(login)
        await self.identify()
        await self.reads("Xin chào")

    async def identify(self) -> None:
        """Give the identity provider what it asks for."""
        await self.page.get_by_label("Số định danh").fill(self.account.username)
        await self.page.get_by_label("Mật khẩu").fill(self.account.password)
        await self.page.get_by_role("button", name="Đăng nhập", exact=True).click()

    async def apply_for(self, path: str) -> None:
        """From the procedure's page to the e-form, logging in on the way."""
        await self.open(path)
        await self.button(re.compile("^Nộp")).click()
        await self.log_in()

    async def search_for(self, keyword: str, *, strange: bool = False) -> None:
        """Type a keyword into the search that the home page shows; ``strange`` ones have unheard-of labels."""
        labels = [one.search_label for one in OTHER_WORDS] if strange else LABELS
        buttons = [one.search_button for one in OTHER_WORDS] if strange else BUTTONS
        await self.open("/")
        await self.page.get_by_role("main").get_by_label(one_of(labels)).fill(keyword)
        await self.button(one_of(buttons)).click()

    async def is_at(self, heading: str) -> None:
        """Wait for a heading."""
        await expect(self.page.get_by_role("heading", name=heading).first).to_be_visible()

    async def reads(self, text: str | re.Pattern[str]) -> None:
        """Wait for a text in the page's main part."""
        await expect(self.page.get_by_role("main").get_by_text(text).first).to_be_visible()

    async def finds_it_accessible(self) -> None:
        """No grave violation on the page as it stands."""
        found = (await Axe().run(self.page)).response["violations"]
        grave = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found if one["impact"] in GRAVE]
        assert not grave, (self.page.url, grave)

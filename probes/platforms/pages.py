"""What the page objects of the families share: a catalogue that is searched, and a sheet of labelled fields.

A family names its paths, its element ids and its labels; an element counts as found by any id or any
label that the family is known to use. The fallbacks go by place or by the form of a value: when only they
match, the page has changed and the script must follow.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playwright.async_api import Locator, Page

from agent.model import Account, Cause, Item, ItemKind
from agent.ports import Safeguards
from probes.browser.saw import SawError
from probes.browser.stage import Control, Landmark, Stage
from probes.platforms.base import Procedure
from probes.platforms.entrance import SIGNED_IN, Entrance
from probes.platforms.feedback import Feedback
from probes.platforms.form import EForm, Form
from probes.platforms.lookup import LookUp
from probes.platforms.mine import MyDossiers
from probes.platforms.shelf import Shelf
from probes.platforms.signing import Signing

LABELS = "th, dt, label, .sheet-label, strong"
VALUES = "td, dd, .sheet-value, p, span"
OFFLINE = re.compile(r"chưa cung cấp|mức độ ?[12]\b", re.IGNORECASE)
LEVEL = re.compile(r"toàn trình|một phần|mức độ ?[1-4]|chưa cung cấp", re.IGNORECASE)


ROWS = "tr, li, div:has(> h3 > a)"
"""What holds one result of a search."""

HITS = re.compile(r"\d|^\s*không", re.IGNORECASE)
"""What says how many results there are, or that there is none."""

BUTTON_LABEL = re.compile(r"^\s*(tìm kiếm|tra cứu|tìm)\s*$", re.IGNORECASE)


def words(*choices: str) -> re.Pattern[str]:
    """A label that begins with one of the wordings, whatever its case."""
    return re.compile(rf"^\s*({'|'.join(choices)})", re.IGNORECASE)


BOX_LABEL = words("từ khóa", "tên thủ tục", "nhập tên thủ tục", "mã thủ tục")
PORTAL_NAME = words("cổng dịch vụ công", "dịch vụ công")


def field(name: str, *, ids: Sequence[str], label: re.Pattern[str], looks_like: str) -> Control:
    """A value beside its label, by id or by label; ``looks_like`` is the form such a value has."""

    def find(page: Page) -> Locator:
        labelled = page.locator("main").locator(LABELS).filter(has_text=label)
        return page.locator(_any_id(ids)).or_(labelled.locator("xpath=following-sibling::*[1]"))

    def fallback(page: Page) -> Locator:
        return page.locator("main").locator(VALUES).filter(has_text=re.compile(looks_like, re.IGNORECASE))

    return Control(name=name, find=find, fallback=fallback)


def search_box(*ids: str, where: str = "main form") -> Control:
    """The box of the procedure search: the one in the page's main part, not the site's own."""
    return Control(
        name="search box",
        find=lambda page: page.locator(_any_id(ids)).or_(page.locator("main").get_by_label(BOX_LABEL)),
        fallback=lambda page: page.locator(where).locator("input[type=search], input[type=text]"),
    )


def search_button(*ids: str, where: str = "main form") -> Control:
    """The button of the procedure search; ``where`` is what holds it with its box."""
    return Control(
        name="search button",
        find=lambda page: page.locator(_any_id(ids)).or_(page.locator(where).get_by_role("button", name=BUTTON_LABEL)),
        fallback=lambda page: page.locator(where).locator("button[type=submit], input[type=submit]"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The fields of a procedure's page, each with the ids that a family gives it."""

    code: Sequence[str]
    fee: Sequence[str]
    time_limit: Sequence[str]
    level: Sequence[str]

    def controls(self) -> Mapping[str, Control]:
        """A control for each field; the labels are the ones that every family chooses from."""
        return {
            "code": field(
                "code",
                ids=self.code,
                label=words("mã thủ tục", "mã tthc", "mã số thủ tục"),
                looks_like=r"^\s*\d\.\d{6}",
            ),
            "fee": field("fee", ids=self.fee, label=words("lệ phí", "phí"), looks_like=r"\d đồng|^\s*không|miễn phí"),
            "time_limit": field(
                "time limit",
                ids=self.time_limit,
                label=words("thời hạn", "thời gian giải quyết"),
                looks_like=r"\d+ (ngày|giờ)|trong ngày",
            ),
            "level": field(
                "level", ids=self.level, label=words("mức độ"), looks_like="toàn trình|một phần|mức độ ?[1-4]"
            ),
        }


def home(path: str) -> Landmark:
    """A whole home page: the menu, and a main heading with the portal's own name."""
    return Landmark(
        name="home",
        path=re.compile(path),
        find=lambda page: page.locator("body:has(nav[aria-label='Menu chính']) main h1").filter(has_text=PORTAL_NAME),
    )


def front(path: str) -> Landmark:
    """A whole home page of a family that heads it with the portal's name, or has a search on it."""
    return Landmark(
        name="home",
        path=re.compile(path),
        find=lambda page: page.locator("main:has(input[type=text], input[type=search]) h1"),
    )


def results(path: str) -> Landmark:
    """A whole list of results: how many there are is said."""
    return Landmark(
        name="results",
        path=re.compile(path),
        # A line that says it is still loading is a status too.
        find=lambda page: page.locator("main").get_by_role("status").filter(has_text=HITS),
    )


def sheet_page(path: str) -> Landmark:
    """A whole procedure page of a family that heads its parts in its own way: the procedure's code is on it."""
    return Landmark(
        name="procedure",
        path=re.compile(path),
        find=lambda page: page.locator("main:has(h1)").filter(
            has_text=re.compile(r"\d\.\d{6}\.000\.00\.00\.[A-Z]\d{2}")
        ),
    )


def procedure(path: str) -> Landmark:
    """A whole procedure page: the part after the sheet is there."""
    return Landmark(
        name="procedure",
        path=re.compile(path),
        find=lambda page: page.locator("main h2").filter(has_text=words("trình tự thực hiện")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """Where a family keeps what is behind the log-in, and what anybody may ask: paths, and the pages there."""

    login_path: str
    login: Landmark
    lookup_path: str
    lookup: Landmark
    feedback_path: str
    mine_path: str
    mine: Landmark
    store: Landmark
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """All that tells one family's catalogue pages from another's."""

    home_path: str
    home: Landmark
    results: Landmark
    procedure: Landmark
    detail_links: str
    box: Control
    button: Control
    sheet: Mapping[str, Control]
    inside: Inside


class CataloguePages:
    """The page object of a family whose catalogue is searched from the home page."""

    family: Family
    signed_in = SIGNED_IN

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        inside = self.family.inside
        self.entrance = Entrance(stage, path=inside.login_path, page=inside.login)
        self.lookup = LookUp(stage, path=inside.lookup_path, page=inside.lookup)
        self.feedback = Feedback(stage, path=inside.feedback_path)
        self.shelf = Shelf(stage, page=inside.store)
        self.signing = Signing(stage)
        self.eform = EForm(stage, inside.form)
        self.dossiers = MyDossiers(stage, path=inside.mine_path, page=inside.mine)

    async def open_login(self) -> None:
        """Open the portal's log-in page."""
        await self.entrance.open()

    async def enter(self, account: Account, safeguards: Safeguards) -> None:
        """Log in, as a cleanup needs it."""
        await self.entrance.enter(account, safeguards)

    async def clear(self, items: Sequence[Item]) -> Sequence[Item]:
        """Withdraw dossiers and delete documents; what isn't there is gone."""
        for item in items:
            if item.kind is ItemKind.DOSSIER:
                await self.dossiers.withdraw(item)
            else:
                await self.shelf.open()
                await self.shelf.clear(item.mark)
        return items

    async def open_home(self) -> None:
        """Open the home page."""
        await self.stage.open(self.family.home_path)
        await self.stage.arrive(self.family.home)

    async def search(self, words: str) -> None:
        """Type the words as a person would, submit, and arrive at the results."""
        box = await self.stage.control(self.family.box)
        await box.fill(words)
        await (await self.stage.control(self.family.button)).click()
        await self.stage.arrive(self.family.results)

    async def open_procedure(self) -> None:
        """Follow the first result to its page."""
        first = self.stage.page.locator(self.family.detail_links).first
        if not await first.is_visible():
            raise SawError(Cause.CONTENT_MISSING, "the search found no procedure", landmark=self.family.results.name)
        await self._follow(first)

    async def open_online_procedure(self) -> None:
        """Follow the first result whose row does not say that it can't be done online."""
        links = self.stage.page.locator(self.family.detail_links)
        rows = self.stage.page.locator("main").locator(ROWS).filter(has_not_text=OFFLINE)
        online = rows.locator("a").and_(links).first
        if not await online.is_visible():
            raise SawError(Cause.CONTENT_MISSING, "no procedure found that can be done online")
        await self._follow(online)

    async def _follow(self, result: Locator) -> None:
        await result.click()
        await self.stage.arrive(self.family.procedure)

    async def read_procedure(self) -> Procedure:
        """Read the sheet of the procedure."""
        sheet = self.family.sheet
        return Procedure(
            code=await self.stage.text(sheet["code"]),
            fee=await self.stage.text(sheet["fee"]),
            time_limit=await self.stage.text(sheet["time_limit"]),
            level=await self.stage.optional_text(sheet["level"], LEVEL),
        )


def _any_id(ids: Sequence[str]) -> str:
    return ", ".join(f'[id="{one}"]' for one in ids)

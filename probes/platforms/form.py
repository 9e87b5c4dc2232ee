"""The e-form of a dossier: screens in order, each told from the others by its path or by what stands on it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.async_api import Locator, Page, TimeoutError as PlaywrightTimeout

from agent.model import Cause
from probes.browser.saw import SawError
from probes.browser.stage import Control, Landmark, Stage
from probes.platforms.named import any_id, box, give_file, press, wording

FUNCTION = "application"
DOSSIER_CODE = re.compile(r"(?<![\d.])(?:\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}|G\d{2}\.\d{2}\.\d{2})-\d{6}-\d{4}(?!\d)")
PROBLEM = "[role=alert], [aria-invalid=true], .problem, .invalid-feedback, .mat-error, .error, .text-danger"

APPLY = press(
    "apply button",
    ids=(),
    text=re.compile(r"^\W*nộp (hồ sơ|trực tuyến)", re.IGNORECASE),
    place=lambda page: page.locator("main a[href*='nop-ho-so'], main a[href*='tiep-nhan'], main a[href*='apply']"),
)
PHONE = box(
    "phone",
    ids=("soDienThoai", "so-dien-thoai", "txtDienThoai"),
    label=re.compile(r"điện thoại", re.IGNORECASE),
    place=lambda page: page.locator("main form input[type=text], main form input[type=tel]"),
)
CONTENT = box(
    "request",
    ids=("noiDung", "noi-dung-de-nghi", "txtNoiDung"),
    label=re.compile(r"^\W*nội dung", re.IGNORECASE),
    place=lambda page: page.locator("main form textarea"),
)
FILE = box(
    "attachment",
    ids=("tepDinhKem", "tep-dinh-kem", "fileUpload"),
    label=re.compile(r"tệp", re.IGNORECASE),
    place=lambda page: page.locator("main input[type=file]"),
)
UPLOAD = press(
    "upload button",
    ids=("btnTaiLen", "nut-tai-len", "btnUpload"),
    text=wording("tải lên", "tải tệp lên", "thêm tệp"),
    place=lambda page: page.locator("main form :has(> input[type=file]) button"),
)
CHOOSE = box(
    "document of the store",
    ids=("taiLieuKho", "tai-lieu-kho", "ddlKhoDuLieu"),
    label=re.compile(r"kho dữ liệu", re.IGNORECASE),
    place=lambda page: page.locator("main form select"),
)
TAKE = press(
    "take from the store",
    ids=("btnLayTuKho", "nut-lay-tu-kho", "btnKho"),
    text=wording("lấy từ kho dữ liệu", "chọn từ kho dữ liệu", "dùng giấy tờ trong kho"),
    place=lambda page: page.locator("main form :has(> select) button"),
)
DELIVERY_LABEL = re.compile(r"(hình thức|cách) nhận kết quả", re.IGNORECASE)
DELIVERY_IDS = any_id(("hinhThucNhan", "hinh-thuc-nhan", "rdNhanKetQua"))
DELIVERY = Control(
    name="delivery",
    # One choice of a list, or radio buttons in a group.
    find=lambda page: (
        page.locator("main")
        .locator(DELIVERY_IDS)
        .or_(page.locator("main").get_by_label(DELIVERY_LABEL))
        .or_(page.locator("main fieldset:has(input[type=radio])").filter(has_text=DELIVERY_LABEL))
    ),
    fallback=lambda page: page.locator("main form select, main form fieldset:has(input[type=radio])"),
)
PAY = press(
    "way to the payment gateway",
    ids=("btnThanhToan", "nut-thanh-toan", "lnkThanhToan"),
    text=re.compile(r"^\W*thanh toán (trực tuyến|phí)", re.IGNORECASE),
    place=lambda page: page.locator("main form a.button"),
)
AGREE = box(
    "declaration",
    ids=("camDoan", "cam-doan", "chkCamDoan"),
    label=re.compile(r"cam đoan|chịu trách nhiệm", re.IGNORECASE),
    place=lambda page: page.locator("main form input[type=checkbox]"),
)
GATEWAY = Landmark(
    name="payment gateway",
    path=re.compile(r"."),
    find=lambda page: (
        page.locator("main")
        .filter(has_text=re.compile(r"\d đồng|\d ?vnđ", re.IGNORECASE))
        .locator("h1, h2")
        .filter(has_text=re.compile("thanh toán", re.IGNORECASE))
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A family's e-form. ``onward`` has one control a screen; the last one hands the dossier in."""

    screens: Sequence[Landmark]
    onward: Sequence[Control]
    attachments: int
    fee: int
    done: Landmark


class EForm:
    """The e-form of the procedure whose page is open."""

    def __init__(self, stage: Stage, form: Form) -> None:
        self._stage = stage
        self._form = form
        self._at = 0

    async def open(self) -> None:
        """Go from the procedure's page to the first screen."""
        await (await self._stage.entry(APPLY, FUNCTION)).click()
        await self._stage.arrive(self._form.screens[0])

    async def checks_required(self) -> bool:
        """Whether an empty form is held back with a word about what is missing."""
        await (await self._stage.control(self._form.onward[0])).click()
        problem = self._stage.page.locator("main").locator(PROBLEM).filter(visible=True)
        elsewhere = self._form.screens[1] if len(self._form.screens) > 1 else self._form.done
        try:
            await problem.or_(elsewhere.find(self._stage.page)).first.wait_for(timeout=self._stage.left_ms())
        except PlaywrightTimeout:
            return False
        return await problem.first.is_visible()

    async def is_prefilled(self) -> bool:
        """Whether the identity stands in the form already, without anybody having typed it."""
        name = (
            self._stage.page.locator("main form, main")
            .get_by_text(re.compile(r"^\W*họ (và )?tên", re.IGNORECASE))
            .first
        )
        value = name.locator("xpath=following-sibling::*[1] | ../following-sibling::*[1]").first
        if not await name.is_visible():
            return False
        shown = value.locator("xpath=self::input")
        text = await shown.input_value() if await shown.count() else await value.inner_text(timeout=1000)
        return bool(text.strip())

    async def fill(self, *, phone: str, content: str) -> None:
        """Fill in what the first screen asks of a person."""
        await (await self._stage.control(PHONE)).fill(phone)
        await (await self._stage.control(CONTENT)).fill(content)

    async def to_attachments(self) -> None:
        """Go on to the screen that takes files."""
        while self._at < self._form.attachments:
            await self._advance()

    async def attach(self, name: str, media_type: str, data: bytes) -> None:
        """Upload a file, and see it listed."""
        await give_file(self._stage, FILE, name, media_type, data)
        await (await self._stage.control(UPLOAD)).click()
        await self._expect_listed(name)

    async def take_from_store(self, name: str) -> None:
        """Choose a document of the data store, and see it listed."""
        choice = await self._stage.control(CHOOSE)
        await choice.select_option(label=name, timeout=self._stage.left_ms())
        await (await self._stage.control(TAKE)).click()
        await self._expect_listed(name)

    async def to_fee(self) -> None:
        """Go on to the screen with the fee."""
        while self._at < self._form.fee:
            await self._advance()

    async def see_gateway(self) -> None:
        """Follow the way to the payment gateway, see the order there, and come back without paying."""
        await (await self._stage.control(PAY)).click()
        await self._stage.arrive(GATEWAY)
        await (
            self._stage.page.locator("main a").filter(has_text=re.compile("hủy|quay lại", re.IGNORECASE)).first.click()
        )
        # Some portals lead back to the beginning, with all that was filled in.
        here = await self._stage.arrive_at_one_of(self._form.screens[: self._at + 1])
        self._at = self._form.screens.index(here)
        await self.to_fee()

    async def hand_in(self) -> str:
        """Choose a delivery, declare, hand the dossier in; returns its code."""
        await self._choose_delivery()
        while self._at < len(self._form.screens) - 1:
            await self._advance()
        await (await self._stage.control(AGREE)).check()
        await (await self._stage.control(self._form.onward[-1])).click()
        await self._stage.arrive(self._form.done)
        found = DOSSIER_CODE.search(await self._stage.page.locator("main").inner_text())
        if found is None:
            raise SawError(Cause.CONTENT_MISSING, "the result names no dossier code", landmark=self._form.done.name)
        return found.group()

    async def _choose_delivery(self) -> None:
        delivery = await self._stage.control(DELIVERY)
        choices = delivery.locator("input[type=radio]")
        if await choices.count():
            await choices.first.check(timeout=self._stage.left_ms())
        else:
            await delivery.select_option(index=1, timeout=self._stage.left_ms())

    async def _advance(self) -> None:
        await (await self._stage.control(self._form.onward[self._at])).click()
        self._at += 1
        await self._stage.arrive(self._form.screens[self._at])

    async def _expect_listed(self, name: str) -> None:
        row = self._rows(self._stage.page, name)
        try:
            await row.first.wait_for(timeout=self._stage.left_ms())
        except PlaywrightTimeout as error:
            raise SawError(
                Cause.CONTENT_MISSING, "the attachment is not listed", landmark=await self._stage.landmark_here()
            ) from error
        await self._stage.arrive(self._form.screens[self._at])

    @staticmethod
    def _rows(page: Page, name: str) -> Locator:
        # An option of the store's list holds the name as well, and is no attachment.
        return (
            page.locator("main")
            .locator("li, tr, .attached *, [role=listitem]")
            .filter(has_text=name)
            .filter(visible=True)
        )


def part(name: str, path: str, css: str) -> Landmark:
    """A screen of a family whose screens share a path or a heading: told by something that only it holds."""
    return Landmark(name=name, path=re.compile(path), find=lambda page: page.locator("main").locator(css))


def screen(name: str, path: str, legend: str) -> Landmark:
    """A screen: the e-form's heading, and a part of it that is headed ``legend``."""
    return Landmark(
        name=name,
        path=re.compile(path),
        find=lambda page: page.locator("main:has(h1, h2) :is(legend, h2, h3, h4)").filter(
            has_text=re.compile(legend, re.IGNORECASE)
        ),
    )


def result(path: str) -> Landmark:
    """The page after a dossier was handed in: it names the dossier. Words of success are not always there."""
    return Landmark(
        name="result",
        path=re.compile(path),
        find=lambda page: page.locator("main:has(h1, h2)").filter(has_text=DOSSIER_CODE),
    )

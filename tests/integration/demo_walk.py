"""A visitor of a demo portal who knows it by what can be seen: labels, roles and texts."""

import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from demo.launch import Ready
from demo.people import accounts
from demo.ready import Account
from tests.integration.demo_wire import CLUES

CODE = re.compile(r"\d\.\d{6}\.000\.00\.00\.[GH]\d\d")
DOSSIER = re.compile(r"000\.\d\d\.\d\d\.[GH]\d\d-\d{6}-\d{4}")
SEARCH_LABEL = re.compile("từ khóa|tên thủ tục|cần làm việc gì|nội dung quan tâm", re.IGNORECASE)
FEE, TIME, LEVEL = re.compile("lệ phí", re.IGNORECASE), re.compile("Thời"), re.compile("Mức độ")
CONTENT = re.compile("Nội dung (đề nghị|yêu cầu)")
DELIVERY, AGREE = re.compile("nhận kết quả"), re.compile("cam đoan|chịu trách nhiệm")
FILE = re.compile("[Tt]ệp đính kèm|Đính kèm tệp")
UPLOAD = re.compile("^(Tải lên|Tải tệp lên|Thêm tệp)$")
FETCH = re.compile("^(Tải về|Tải xuống|Tải tài liệu)$")
REMOVE = re.compile("^(Xóa|Xóa tài liệu|Xoá bỏ)$")
STORED = re.compile("trong kho dữ liệu")
ONWARD = re.compile("^(Tiếp tục|Tiếp theo|Lưu)$")
TAKE = re.compile("^(Lấy từ|Chọn từ) kho|^Dùng giấy tờ")
LOOKUP = re.compile("Mã hồ sơ|Mã số hồ sơ|Số hồ sơ")
FIND = re.compile("Tra cứu|Xem tình trạng")
_GRAVE = {"serious", "critical"}


@dataclass(slots=True)
class Visitor:
    """Somebody in front of one portal; ``flaws`` gathers what would keep disabled people out, or give the demo away."""

    page: Page
    family: str
    origin: str
    account: Account
    name: str
    flaws: list[str] = field(default_factory=list)

    @property
    def main(self) -> Locator:
        """The page's main part."""
        return self.page.get_by_role("main")

    async def look(self) -> None:
        """Check the page for grave violations of accessibility, and for words that would help only a monitor."""
        clues = CLUES.findall((await self.page.content()).encode())
        self.flaws += [f"{self.page.url}: says {clue.decode()}" for clue in clues]
        found = (await Axe().run(self.page)).response["violations"]
        grave = [one for one in found if one["impact"] in _GRAVE]
        self.flaws += [f"{self.page.url}: {one['id']}: {one['nodes'][0]['html'][:200]}" for one in grave]

    async def open(self) -> None:
        """The first page."""
        await self.page.goto(self.origin + "/")

    async def search(self, words: str) -> None:
        """Search for procedures."""
        await self.main.get_by_label(SEARCH_LABEL).first.fill(words)
        await self.main.get_by_label(SEARCH_LABEL).first.press("Enter")

    async def menu(self, name: str) -> None:
        """Follow a link of the menu."""
        await self.page.get_by_role("navigation").get_by_role("link", name=name, exact=True).first.click()

    async def log_in(self) -> None:
        """Through the identity provider, from the portal's log-in page."""
        await self.leave_for_provider()
        await self.give_password()

    async def to_log_in(self) -> None:
        """From the first page to the identity provider."""
        await self.open()
        await self.page.get_by_role("link", name="Đăng nhập", exact=True).first.click()
        await self.leave_for_provider()

    async def leave_for_provider(self) -> None:
        """From the portal's log-in page to the identity provider."""
        await self.main.get_by_text("Đăng nhập bằng tài khoản định danh điện tử", exact=True).click()
        await expect(self.page.get_by_text("Hệ thống định danh và xác thực điện tử")).to_be_visible()

    async def give_password(self) -> None:
        """At the identity provider."""
        await self.page.get_by_label("Số định danh cá nhân").fill(self.account.username)
        await self.page.get_by_label("Mật khẩu").fill(self.account.password)
        await self.page.get_by_role("button", name="Đăng nhập").click()

    async def to_store(self) -> None:
        """From the first page to the data store."""
        await self.to_log_in()
        await self.give_password()
        await self.open_store()

    async def open_store(self) -> None:
        """By the link beside the name."""
        await self.page.get_by_role("link", name=re.compile("^(Kho dữ liệu|Giấy tờ của tôi)$")).first.click()
        await expect(self.main.get_by_label(FILE)).to_be_visible()

    async def download(self) -> tuple[str, bytes]:
        """The newest file of the data store: its name and what is in it."""
        async with self.page.expect_download() as started:
            await self.main.get_by_role("link", name=FETCH).first.click()
        got = await started.value
        return got.suggested_filename, (await got.path()).read_bytes()

    async def remove(self) -> None:
        """Take the newest file out of the data store."""
        left = await self.main.get_by_text(REMOVE).count()
        await self.main.get_by_text(REMOVE).first.click()
        await expect(self.main.get_by_text(REMOVE)).to_have_count(left - 1)

    async def pass_identity(self) -> None:
        """Go on until a screen asks for attachments."""
        await expect(self.main.get_by_label(CONTENT)).to_be_visible()
        await self.give_identity()
        if not await self.main.get_by_label(FILE).count():
            await self.main.get_by_role("button", name=ONWARD).click()

    async def give_identity(self) -> None:
        """What a dossier's form asks about the applicant's wish."""
        await self.main.get_by_label(re.compile("[Đđ]iện thoại")).fill("0912345678")
        await self.main.get_by_label(CONTENT).fill("Đề nghị giải quyết")

    async def take_from_store(self, name: str) -> None:
        """Attach a stored file to a dossier."""
        await self.main.get_by_label(STORED).select_option(label=name)
        await self.main.get_by_role("button", name=TAKE).click()

    async def apply(self) -> None:
        """Begin a dossier, on a procedure's page."""
        await self.main.get_by_text(re.compile("^Nộp (trực tuyến|hồ sơ|hồ sơ trực tuyến)$")).first.click()

    async def fill_what_is_there(self) -> None:
        """Give what the screen of a dossier asks for."""
        if await self.main.get_by_label(CONTENT).count():
            await self.give_identity()
        if await self.main.get_by_label(FILE).count():
            await self.upload("to-khai.txt", b"to khai")
            await expect(self.main.get_by_text("to-khai.txt").first).to_be_visible()
        if await self.main.get_by_label(DELIVERY).count():
            await self.main.get_by_label(DELIVERY).select_option(label="Nhận qua bưu chính công ích")
        if await self.main.get_by_label(AGREE).count():
            await self.main.get_by_label(AGREE).check()

    async def go_and_pay(self) -> bool:
        """Go to the payment gateway if the screen leads there, and come back without paying."""
        link = self.main.get_by_role("link", name=re.compile("^Thanh toán"))
        if not await link.count():
            return False
        await link.click()
        await expect(self.page.get_by_role("heading", name="Thanh toán phí, lệ phí")).to_be_visible()
        assert self.elsewhere
        await self.page.get_by_role("link", name="Hủy giao dịch").click()
        return True

    async def read(self, pattern: re.Pattern[str]) -> str:
        """What the main part shows that looks like this."""
        text = await self.main.get_by_text(pattern).first.inner_text()
        found = pattern.search(text)
        assert found
        return found[0]

    async def upload(self, name: str, data: bytes) -> None:
        """Hand over a file on the page at hand."""
        await self.main.get_by_label(FILE).set_input_files({"name": name, "mimeType": "text/plain", "buffer": data})
        await self.main.get_by_role("button", name=UPLOAD).click()

    @property
    def elsewhere(self) -> bool:
        """Whether another site's page is open."""
        return urlsplit(self.page.url).hostname != urlsplit(self.origin).hostname


@asynccontextmanager
async def browser_that_trusts(root: Path, home: Path) -> AsyncIterator[Browser]:
    """A Chromium with this root certificate and nothing else of ours."""
    _trust(root, home)
    path = which("chromium-headless-shell") or which("chromium") or which("google-chrome")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"], env={"HOME": str(home)})
        yield browser
        await browser.close()


@asynccontextmanager
async def visiting(browser: Browser, ready: Ready, family: str) -> AsyncIterator[Visitor]:
    """A person before the first portal of a family."""
    origin = next(portal.base_url for portal in ready.portals if portal.platform == family)
    account = next(one for one in ready.accounts if one.holder == "person")
    context = await browser.new_context(locale="vi-VN", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    name = next(one.name for one in accounts(ready.seed) if one.holder == account.holder)
    yield Visitor(await context.new_page(), family, origin, account, name)
    await context.close()


def _trust(root: Path, home: Path) -> None:
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for command in (["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "ca", "-i", str(root)]):
        subprocess.run(["certutil", "-d", f"sql:{store}", *command], check=True)

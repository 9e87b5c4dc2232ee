"""Signing a PDF: by the remote service with a PIN, or by a plug-in on this machine that we stand in for."""

import asyncio
import re

from playwright.async_api import Locator, TimeoutError as PlaywrightTimeout, WebSocketRoute

from agent.model import Account, Cause, Deed, Outcome
from agent.ports import Safeguards
from probes.browser.saw import SawError
from probes.browser.stage import Control, Landmark, Stage
from probes.platforms.fetching import fetch_by
from probes.platforms.named import box, give_file, nothing, press, wording
from probes.platforms.plugin import ADDRESS, answer

FUNCTION = "e-signature"
POLL_S = 0.1
PDF = "application/pdf"
TITLE = re.compile(r"ký số", re.IGNORECASE)

ENTRY = Control(
    name="link to signing",
    find=lambda page: page.get_by_role("link", name=re.compile(r"^\W*(ký số|chữ ký số)", re.IGNORECASE)),
    fallback=lambda page: page.locator("header a[href*='ky-so'], nav a[href*='ky-so']"),
)
DESK = Landmark(
    name="signing desk",
    path=re.compile(r"/ky-so"),
    find=lambda page: page.locator("main :is(h1, h2)").filter(has_text=TITLE),
)
FILE = box(
    "file to sign",
    ids=("tep-can-ky",),
    label=re.compile("cần ký", re.IGNORECASE),
    place=lambda page: page.locator("main input[type=file]").first,
)
REMOTE = press("remote signing", ids=(), text=re.compile("ký (số )?từ xa", re.IGNORECASE), place=nothing)
TOKEN = press("signing by plug-in", ids=(), text=re.compile("usb|plug-?in|token", re.IGNORECASE), place=nothing)
ONWARD = press("way to the signing service", ids=(), text=wording("tiếp tục ký số", "tiếp tục"), place=nothing)
SERVICE = Landmark(
    name="signing service",
    path=re.compile("."),
    find=lambda page: page.locator("h1, h2").filter(has_text=re.compile("xác nhận ký", re.IGNORECASE)),
)
PIN = box("PIN", ids=("ma-pin",), label=re.compile("pin", re.IGNORECASE), place=nothing)
AGREE = press("agree to sign", ids=(), text=wording("đồng ý ký", "xác nhận ký", "đồng ý"), place=nothing)
RESULT = re.compile(r"^\W*(tải về|tải xuống|tải tài liệu)", re.IGNORECASE)
RESULT_LINKS = "a.lnkTaiVe, a.tai-ve, a.btnDownload, a[href$='/tep']"
CHECKED = box("signed file", ids=("tep-da-ky",), label=re.compile("đã ký", re.IGNORECASE), place=nothing)
CHECK = press("check button", ids=(), text=wording("kiểm tra", "kiểm tra chữ ký"), place=nothing)
DECLINED = re.compile("người ký đã từ chối|hết thời gian chờ", re.IGNORECASE)
REFUSED_PIN = re.compile("pin không đúng|sai mã pin", re.IGNORECASE)
BAD = re.compile("không hợp lệ|bị thay đổi|không toàn vẹn", re.IGNORECASE)
ANSWER = re.compile(f"{BAD.pattern}|nguyên vẹn|hợp lệ|toàn vẹn", re.IGNORECASE)


class Signing:
    """A portal's signing desk, once somebody is logged in."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._page = stage.page

    async def open(self) -> None:
        """Open the desk from wherever the account's links are."""
        await (await self._stage.entry(ENTRY, FUNCTION)).click()
        await self._stage.arrive(DESK)

    async def offers_a_way(self) -> bool:
        """Whether there is at least one way to sign; looked for once."""
        ways = REMOTE.find(self._page).or_(TOKEN.find(self._page)).filter(visible=True)
        return await ways.first.is_visible()

    async def sign(self, name: str, pdf: bytes, account: Account, safeguards: Safeguards) -> bytes:
        """Hand a PDF over, sign it in a way that is offered, and take what comes back.

        The intent is journaled first: a PIN is never tried twice.
        """
        # Our plug-in is there before the page looks for it, as one that is installed would be.
        await self._page.route_web_socket(ADDRESS, lambda socket: _stand_in(socket, account))
        await give_file(self._stage, FILE, name, PDF, pdf)
        remote = bool(account.pin) and await REMOTE.find(self._page).first.is_visible()
        await safeguards.before(Deed.PIN, account.name)
        if remote:
            await self._remotely(account, safeguards)
        else:
            await (await self._stage.entry(TOKEN, FUNCTION)).click()
        link = await self._result()
        await safeguards.after(Deed.PIN, account.name, Outcome.DONE)
        return (await fetch_by(self._stage, link)).data

    async def refuses(self, name: str, pdf: bytes) -> bool:
        """Whether the portal refuses a signed file that is handed in."""
        await give_file(self._stage, CHECKED, name, PDF, pdf)
        await (await self._stage.control(CHECK)).click()
        main = self._page.locator("main")
        said = main.get_by_role("alert").or_(main.get_by_role("status")).filter(has_text=ANSWER)
        await said.first.wait_for(timeout=self._stage.left_ms())
        return bool(BAD.search(await said.first.inner_text()))

    async def _remotely(self, account: Account, safeguards: Safeguards) -> None:
        await (await self._stage.control(REMOTE)).click()
        await (await self._stage.control(ONWARD)).click()
        await self._stage.arrive(SERVICE)
        await (await self._stage.control(PIN)).fill(account.pin)
        await (await self._stage.control(AGREE)).click()
        while not self._page.url.startswith(f"{self._stage.base_url}/"):
            refused = self._page.get_by_role("alert").filter(has_text=REFUSED_PIN)
            if await refused.first.is_visible():
                await safeguards.after(Deed.PIN, account.name, Outcome.REFUSED)
                raise SawError(Cause.CREDENTIALS_REFUSED, "the signing service refuses the test account's PIN")
            await asyncio.sleep(POLL_S)

    async def _result(self) -> Locator:
        """The link to the signed file, after whatever the portal has to wait for."""
        main = self._page.locator("main")
        link = main.locator(RESULT_LINKS).or_(main.get_by_role("link", name=RESULT))
        trouble = main.get_by_role("alert").filter(has_text=re.compile(r"\w")).filter(visible=True)
        try:
            await link.or_(trouble).first.wait_for(timeout=self._stage.left_ms())
        except PlaywrightTimeout as error:
            raise SawError(Cause.TIMEOUT, "no signed file came back", landmark=DESK.name) from error
        if await trouble.first.is_visible():
            declined = DECLINED.search(await trouble.first.inner_text())
            cause = Cause.SIGNER_DECLINED if declined else Cause.SIGNING_FAILED
            raise SawError(cause, "the portal says that it could not sign", landmark=DESK.name)
        return link.first


async def _stand_in(socket: WebSocketRoute, account: Account) -> None:
    socket.on_message(lambda message: socket.send(answer(message, account)))

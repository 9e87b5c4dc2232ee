"""The national identity provider, where every portal sends those who log in: one site, one page object."""

import re
from urllib.parse import parse_qs, urlsplit

from agent.model import Account, Cause
from probes.browser.saw import SawError
from probes.browser.stage import Landmark, Stage
from probes.platforms.named import box, nothing, press, wording

SHORTEST_STATE = 8

ENTRANCE = Landmark(
    name="identity provider",
    path=re.compile(r"."),
    find=lambda page: page.locator("h1, h2").filter(has_text=re.compile(r"đăng nhập|mã qr|otp", re.IGNORECASE)),
)
NUMBER = box(
    "identity number",
    ids=("so-dinh-danh", "username"),
    label=re.compile("số định danh|tên đăng nhập", re.IGNORECASE),
    place=lambda page: page.locator("main form input[type=text]"),
)
PASSWORD = box(
    "password",
    ids=("mat-khau", "password"),
    label=re.compile("mật khẩu", re.IGNORECASE),
    place=lambda page: page.locator("main form input[type=password]"),
)
LOG_IN = press("log-in button", ids=(), text=wording("đăng nhập", "tiếp tục"), place=nothing)
QR = re.compile(r"quét mã qr", re.IGNORECASE)
OTP = re.compile(r"nhập mã (otp|xác thực)", re.IGNORECASE)
REFUSED = re.compile(r"không đúng|sai mật khẩu|không chính xác|bị khóa|không tồn tại", re.IGNORECASE)


def faults_in(url: str, portal: str) -> list[str]:
    """What is wrong with an authorization request, by parameter; ``portal`` is the origin that it must lead back to."""
    given = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    back = urlsplit(given.get("redirect_uri", ""))
    rules = {
        "response_type": given.get("response_type") == "code",
        "client_id": bool(given.get("client_id")),
        "redirect_uri": f"{back.scheme}://{back.netloc}" == portal,
        "scope": "openid" in given.get("scope", "").split(),
        "state": len(given.get("state", "")) >= SHORTEST_STATE,
        "nonce": len(given.get("nonce", "")) >= SHORTEST_STATE,
        "code_challenge": bool(given.get("code_challenge")) and given.get("code_challenge_method") == "S256",
    }
    return [name for name, kept in rules.items() if not kept]


class IdentityProvider:
    """What a journey does at the identity provider."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def arrive(self) -> None:
        """Wait for its log-in page; a challenge there is what was seen."""
        await self._stage.arrive(ENTRANCE)
        heading = self._stage.page.locator("h1, h2")
        for sign, cause in ((QR, Cause.QR), (OTP, Cause.OTP)):
            if await heading.filter(has_text=sign).first.is_visible():
                raise SawError(cause, "the identity provider asks for a person", landmark=ENTRANCE.name)

    async def log_in(self, account: Account) -> None:
        """Give number and password, and press the button."""
        await (await self._stage.control(NUMBER)).fill(account.username)
        await (await self._stage.control(PASSWORD)).fill(account.password)
        await (await self._stage.control(LOG_IN)).click()

    async def refused(self) -> bool:
        """Whether the provider says that number or password are wrong; asked once."""
        alert = self._stage.page.get_by_role("alert").filter(has_text=REFUSED)
        return await alert.first.is_visible()

"""Looking a dossier up by its code. No reply is kept: it may carry names and numbers of people."""

import re
from enum import Enum, auto

from playwright.async_api import TimeoutError as PlaywrightTimeout

from agent.model import Cause
from probes.browser.saw import SawError
from probes.browser.stage import Landmark, Stage
from probes.platforms.named import box, press, wording

CODE = box(
    "dossier code",
    ids=("ma-ho-so", "maHoSo", "txtMaHoSo"),
    label=re.compile(r"^\W*(mã|số|mã số) hồ sơ", re.IGNORECASE),
    place=lambda page: page.locator("main form input[type=text]"),
)
FIND = press(
    "look-up button",
    ids=("btnTraCuu", "nut-tra-cuu", "btnLookup"),
    text=wording("tra cứu", "tra cứu hồ sơ", "xem tình trạng", "tìm kiếm"),
    place=lambda page: page.locator("main form button[type=submit], main form input[type=submit]"),
)
NOT_FOUND = re.compile(r"không (tìm thấy|tồn tại|có hồ sơ)|chưa có hồ sơ", re.IGNORECASE)
STATES = re.compile(
    r"mới đăng ký|đã tiếp nhận|chờ tiếp nhận|đang (xử lý|giải quyết)|bổ sung|đã (có kết quả|trả kết quả)|hoàn thành",
    re.IGNORECASE,
)


class Answer(Enum):
    """What a look-up said."""

    FOUND = auto()
    NOT_FOUND = auto()


def lookup_page(path: str) -> Landmark:
    """A portal's look-up page."""
    return Landmark(
        name="look-up page",
        path=re.compile(path),
        find=lambda page: page.locator("main :is(h1, h2)").filter(
            has_text=re.compile(r"tra cứu.*hồ sơ", re.IGNORECASE)
        ),
    )


class LookUp:
    """A portal's look-up at ``path``."""

    def __init__(self, stage: Stage, *, path: str, page: Landmark) -> None:
        self._stage = stage
        self._path = path
        self._page = page

    async def open(self) -> None:
        """Open the look-up page."""
        await self._stage.open(self._path)
        await self._stage.arrive(self._page)

    async def ask(self, code: str) -> Answer:
        """Type a code, press the button, and tell a state from a well-formed "not found"."""
        await (await self._stage.control(CODE)).fill(code)
        await (await self._stage.control(FIND)).click()
        main = self._stage.page.locator("main")
        state = main.locator("xpath=.//*[not(self::script)][not(*)]").filter(has_text=STATES).filter(visible=True)
        none = main.locator("[role=status], [role=alert], p, td, div").filter(has_text=NOT_FOUND).filter(visible=True)
        try:
            await state.or_(none).first.wait_for(timeout=self._stage.left_ms())
        except PlaywrightTimeout as error:
            await self._stage.arrive(self._page)
            raise SawError(Cause.CONTENT_MISSING, "the look-up gave no answer", landmark=self._page.name) from error
        await self._stage.arrive(self._page)
        return Answer.FOUND if await state.first.is_visible() else Answer.NOT_FOUND

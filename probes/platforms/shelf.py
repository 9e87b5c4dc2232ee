"""The electronic data store: a shelf of documents for the account that is logged in."""

import re

from playwright.async_api import Locator

from probes.browser.stage import Control, Landmark, Stage
from probes.platforms.fetching import Fetched, fetch_by
from probes.platforms.named import Named, box, give_file, press, wording

FUNCTION = "data-store"
STORE = re.compile(r"kho dữ liệu|giấy tờ của tôi|kho giấy tờ|kho tài liệu", re.IGNORECASE)
ROWS = "tr, li, article, [role=row], [role=listitem], [role=group]"

ENTRY = Control(
    name="link to the data store",
    find=lambda page: page.get_by_role("link", name=STORE).or_(page.get_by_role("button", name=STORE)),
    fallback=lambda page: page.locator("header a[href*='/kho'], header a[href*='giay-to'], nav a[href*='storage']"),
)
FILE = box(
    "file to store",
    ids=("tepDinhKem", "tep-dinh-kem", "fileUpload"),
    label=re.compile("tệp", re.IGNORECASE),
    place=lambda page: page.locator("main input[type=file]"),
)
UPLOAD = press(
    "upload button",
    ids=("btnTaiLen", "nut-tai-len", "btnUpload"),
    text=wording("tải lên", "tải tệp lên", "thêm tệp"),
    place=lambda page: page.locator("main form:has(input[type=file]) :is(button, input[type=submit])"),
)
FETCH = Named("fetch link", ("lnkTaiVe", "tai-ve", "btnDownload"), wording("tải về", "tải xuống", "tải tài liệu"))
REMOVE = Named("delete button", ("btnXoa", "xoa-tai-lieu", "lnkXoa"), wording("xóa", "xoá", "xóa tài liệu", "xoá bỏ"))


def store_page(path: str) -> Landmark:
    """A portal's data store."""
    return Landmark(
        name="data store",
        path=re.compile(path),
        find=lambda page: page.locator("main :is(h1, h2)").filter(has_text=STORE),
    )


class Shelf:
    """The data store of a portal, once somebody is logged in."""

    def __init__(self, stage: Stage, *, page: Landmark) -> None:
        self._stage = stage
        self._page = page

    async def open(self) -> None:
        """Open the store from wherever the account's links are."""
        await (await self._stage.entry(ENTRY, FUNCTION)).click()
        await self._stage.arrive(self._page)

    async def put(self, name: str, media_type: str, data: bytes) -> None:
        """Upload a file."""
        await give_file(self._stage, FILE, name, media_type, data)
        await (await self._stage.control(UPLOAD)).click()
        await self._stage.arrive(self._page)

    async def lists(self, name: str, *, patience_s: float) -> bool:
        """Whether a document is listed, now or after looking again for a while."""
        if await self.shows(name):
            return True
        await self._stage.page.wait_for_timeout(min(patience_s * 1000, self._stage.left_ms()))
        await self._stage.page.reload(wait_until="domcontentloaded", timeout=self._stage.left_ms())
        await self._stage.arrive(self._page)
        return await self.shows(name)

    async def shows(self, name: str) -> bool:
        """Whether the page lists a document; a list that is drawn late gets a moment."""
        return await self._stage.soon(self._row(name))

    async def names_like(self, pattern: re.Pattern[str]) -> set[str]:
        """The names of listed documents that match; a list that is drawn late gets a moment."""
        await self._stage.soon(self._row(pattern))
        texts = await self._row(pattern).all_inner_texts()
        return {found.group() for text in texts if (found := pattern.search(text))}

    async def says_size(self, name: str, size: int) -> bool:
        """Whether the document's row tells its size, in bytes, KB or KiB."""
        text = re.sub(r"[\s.,]", "", await self._row(name).first.inner_text(timeout=self._stage.left_ms()))
        kilobytes = (str(round(size / 1000, 1)), str(round(size / 1024, 1)), str(round(size / 1024)))
        return any(shown.replace(".", "") in text for shown in (str(size), *kilobytes))

    async def fetch(self, name: str) -> Fetched:
        """The document as the portal gives it back."""
        link = await self._action(name, FETCH, "a, button")
        return await fetch_by(self._stage, link)

    async def remove(self, name: str) -> None:
        """Delete a document."""
        rows = self._row(name)
        button = await self._action(name, REMOVE, "form button, button")
        left = await rows.count()
        await button.click(timeout=self._stage.left_ms())
        await self._stage.arrive(self._page)
        # Where a script draws the list, the row stands a moment longer: nobody may press its button again.
        await self._stage.soon(rows.nth(left - 1), "hidden")

    async def gone(self, name: str) -> bool:
        """Whether the page lists a document no more; a list that is drawn late gets a moment."""
        return await self._stage.soon(self._row(name), "hidden")

    async def clear(self, name: str) -> None:
        """Delete every document of this name; none may be there."""
        while await self.shows(name):
            await self.remove(name)

    def _row(self, name: str | re.Pattern[str]) -> Locator:
        rows = self._stage.page.locator("main").locator(ROWS)
        return rows.filter(has_text=name).filter(visible=True)

    async def _action(self, name: str, what: Named, place: str) -> Locator:
        """Something to press in a document's row; there ids can't be, so families name by class."""
        row = self._row(name).first
        by_text = row.get_by_role("link", name=what.text).or_(row.get_by_role("button", name=what.text))
        classes = ", ".join(f".{one}, [id^='{one}']" for one in what.ids)
        return await self._stage.control(
            Control(
                name=what.name,
                find=lambda _: row.locator(classes).or_(by_text),
                fallback=lambda _: row.locator(place),
            )
        )

"""The dossiers that an account has handed in, and taking one back."""

import re

from playwright.async_api import Locator

from agent.model import Item
from probes.browser.stage import Landmark, Stage

WITHDRAW = re.compile(r"^\W*(rút|hủy) hồ sơ", re.IGNORECASE)


def mine_page(path: str) -> Landmark:
    """The list of an account's dossiers."""
    return Landmark(
        name="my dossiers",
        path=re.compile(path),
        find=lambda page: page.locator("main :is(h1, h2)").filter(
            has_text=re.compile("hồ sơ của tôi|hồ sơ đã nộp", re.IGNORECASE)
        ),
    )


class MyDossiers:
    """An account's dossiers at ``path``."""

    def __init__(self, stage: Stage, *, path: str, page: Landmark) -> None:
        self._stage = stage
        self._path = path
        self._page = page

    async def withdraw(self, item: Item) -> None:
        """Take back every dossier that carries the item's mark; one that is not there is gone."""
        await self._stage.open(self._path)
        await self._stage.arrive(self._page)
        while await self._rows(item).first.is_visible():
            left = await self._rows(item).count()
            await self._rows(item).first.get_by_role("button", name=WITHDRAW).click(timeout=self._stage.left_ms())
            await self._stage.page.wait_for_function(
                "([mark, left]) => [...document.querySelectorAll('main tr, main li')].filter("
                "row => row.textContent.includes(mark)).length < left",
                arg=[item.mark, left],
                timeout=self._stage.left_ms(),
            )
            await self._stage.arrive(self._page)

    def _rows(self, item: Item) -> Locator:
        return self._stage.page.locator("main").locator("tr, li").filter(has_text=item.mark)

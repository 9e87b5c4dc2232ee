"""The dossiers that an account has handed in, and taking one back."""

import re

from agent.model import Item
from probes.browser.stage import Landmark, Stage

ROWS = "tr, li, article, [role=group]"
WITHDRAW = re.compile(r"^\W*(rút|hủy) hồ sơ", re.IGNORECASE)


def mine_page(path: str) -> Landmark:
    """The list of an account's dossiers."""
    return Landmark(
        name="my dossiers",
        path=re.compile(path),
        find=lambda page: page.locator("main :is(h1, h2)").filter(
            has_text=re.compile("hồ sơ (của tôi|đã (nộp|gửi))", re.IGNORECASE)
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
        rows = self._stage.page.locator("main").locator(ROWS).filter(has_text=item.mark)
        await self._stage.soon(rows)
        while left := await rows.count():
            row = rows.first
            action = row.get_by_role("button", name=WITHDRAW).or_(row.get_by_role("link", name=WITHDRAW))
            await action.first.click(timeout=self._stage.left_ms())
            await rows.nth(left - 1).wait_for(state="hidden", timeout=self._stage.left_ms())
            await self._stage.arrive(self._page)

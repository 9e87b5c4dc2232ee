"""Takes away what cut-off runs left: it runs like a journey, but on no schedule, and has no result of its own."""

from collections.abc import Sequence

from agent.model import Account, Item
from agent.ports import Safeguards
from probes.browser.steps import Steps
from probes.platforms.base import Clearing

STEPS = ("enter", "clear")


async def run(pages: Clearing, step: Steps, safeguards: Safeguards, account: Account, items: Sequence[Item]) -> None:
    """Log in and remove ``items``, which are all the account's; what is gone is told to ``safeguards``.

    An item that the page doesn't show is gone: it was never created, or a run removed it and was cut off then.
    """
    async with step("enter"):
        await pages.enter(account, safeguards)
    async with step("clear"):
        for item in await pages.clear(items):
            await safeguards.cleared(item)

"""A whole agent that keeps putting a document on the shelf and taking it away: run as a program, to be killed.

Arguments: the folder with its ``config``, and the address of the shelf.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from uuid import uuid4

from agent.model import Holder, Item, ItemKind
from probes import JOURNEYS, PLATFORMS
from probes.journeys.base import Journey
from tests.integration.shelf import ShelfPages


async def keep(portal, step, kit):
    """Put a document on the shelf, then take it away, as the data-store journey does."""
    account = kit.accounts[Holder.PERSON]
    item = Item(portal=kit.portal.id, account=account.name, kind=ItemKind.DOCUMENT, mark=f"pw-{uuid4().hex}")
    async with step("enter"):
        await portal.enter(account, kit.safeguards)
    async with step("upload"):
        await kit.safeguards.owes(item)
        await portal.add(item.mark)
    async with step("delete"):
        for gone in await portal.clear([item]):
            await kit.safeguards.cleared(gone)


async def main(folder: Path, url: str) -> None:
    # What the registries hold is read when agent.app is imported.
    JOURNEYS["keep"] = Journey(steps=("enter", "upload", "delete"), run=keep)
    PLATFORMS["formio"] = ShelfPages
    from agent import app  # noqa: PLC0415 - see above

    config = app.load_config(folder / "config", os.environ)
    portals = tuple(entry.model_copy(update={"base_url": url}) for entry in config.portals)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await app.run(config.model_copy(update={"portals": portals}), stop=stop)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))

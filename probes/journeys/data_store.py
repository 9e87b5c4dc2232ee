"""Journey ``data-store``: a marked file is stored, listed, fetched byte for byte, deleted, and gone.

Option ``size``: the file's size in KiB. With an organisation's account too, its store must not show the person's file.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agent.model import Cause, Holder, Item, ItemKind, OptionRule, Requirement
from probes.browser.saw import SawError
from probes.browser.steps import Steps
from probes.journeys import login
from probes.journeys.base import Journey, Kit
from probes.journeys.marked import Marked, pdf
from probes.platforms.base import PortalPages
from probes.platforms.shelf import FUNCTION

PATIENCE_S = 3.0
"""How long a stored file may take to be listed; our default."""


async def run(portal: PortalPages, step: Steps, kit: Kit) -> None:
    """Log in, store, list, fetch, delete, prove that it is gone."""
    await login.enter(portal, step, kit)
    async with step("store"):
        await portal.shelf.open()
    file = pdf(int(kit.options.get("size", "64")) * 1024)
    item = Item(portal=kit.portal.id, account=kit.accounts[Holder.PERSON].name, kind=ItemKind.DOCUMENT, mark=file.name)
    async with step("upload"):
        await kit.safeguards.owes(item)
        await portal.shelf.put(file.name, file.type, file.data)
    async with step("list"), _observing(portal, "STO-1"):
        if not await portal.shelf.lists(file.name, patience_s=PATIENCE_S):
            raise SawError(Cause.STORE_LOST, "the stored file is not listed")
    async with step("fetch"), _observing(portal, "STO-5"):
        await _same(portal, file)
    async with step("delete"):
        await portal.shelf.remove(file.name)
    async with step("gone"):
        await portal.shelf.open()
        if not await portal.shelf.gone(file.name):
            raise SawError(Cause.WRONG_PAGE, "the deleted file is still listed")
        await kit.safeguards.cleared(item)


async def _same(portal: PortalPages, file: Marked) -> None:
    if not await portal.shelf.says_size(file.name, len(file.data)):
        raise SawError(Cause.STORE_CORRUPT, "the list tells another size")
    back = await portal.shelf.fetch(file.name)
    if back.data != file.data:
        detail = f"{len(back.data)} bytes came back of {len(file.data)}, SHA-256 differs"
        raise SawError(Cause.STORE_CORRUPT, detail)
    if back.type != file.type:
        raise SawError(Cause.STORE_CORRUPT, f"came back as {back.type[:60]!r}, was stored as {file.type!r}")


@asynccontextmanager
async def _observing(portal: PortalPages, requirement: str) -> AsyncIterator[None]:
    try:
        yield
    except SawError as error:
        if error.cause in {Cause.STORE_LOST, Cause.STORE_CORRUPT}:
            portal.stage.observed[requirement] = Requirement.UNFULFILLED
        raise
    portal.stage.observed[requirement] = Requirement.FULFILLED


JOURNEY = Journey(
    steps=(*login.STEPS, "store", "upload", "list", "fetch", "delete", "gone"),
    run=run,
    requirements=("ACC-1", "ACC-2", "STO-1", "STO-4", "STO-5"),
    options={"size": OptionRule(pattern=r"[1-9]\d{0,4}", rule="must be a number of KiB from 1 to 99999")},
    functions={FUNCTION: ("STO-1", "STO-4", "STO-5")},
    holders=(Holder.PERSON,),
    private=True,
)

"""Journey ``data-store``: a marked file is stored, listed, fetched byte for byte, used in a form, deleted, and gone.

With an organisation's account too, its store must not show the person's file. A canary stays for good: each run fetches
the oldest one, so that losing what was stored shows days later too.

Options: ``size`` of the file in KiB; ``search``, the words that find the procedure whose form uses the file (without it
no form is opened).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agent.model import Cause, Holder, Item, ItemKind, OptionRule, Requirement
from probes.browser.saw import SawError
from probes.browser.steps import Steps
from probes.journeys import canary, login
from probes.journeys.application import PHONE
from probes.journeys.base import Journey, Kit
from probes.journeys.marked import Marked, pdf, request
from probes.platforms.base import PortalPages
from probes.platforms.shelf import FUNCTION

PATIENCE_S = 3.0
"""How long a stored file may take to be listed; our default."""


async def run(portal: PortalPages, step: Steps, kit: Kit) -> None:
    """Log in, store, list, fetch, use, delete, prove that it is gone."""
    await login.enter(portal, step, kit)
    async with step("store"):
        await portal.shelf.open()
    async with step("canary"):
        await canary.look_after(portal)
    file = pdf(int(kit.options.get("size", "64")) * 1024)
    person = kit.accounts[Holder.PERSON]
    item = Item(portal=kit.portal.id, account=person.name, kind=ItemKind.DOCUMENT, mark=file.name)
    async with step("upload"):
        await kit.safeguards.owes(item)
        await portal.shelf.put(file.name, file.type, file.data)
    async with step("list"), _observing(portal, "STO-1"):
        if not await portal.shelf.lists(file.name, patience_s=PATIENCE_S):
            raise SawError(Cause.STORE_LOST, "the stored file is not listed")
    async with step("fetch"), _observing(portal, "STO-5"):
        await _same(portal, file)
    if "search" in kit.options:
        await _use(portal, step, kit, file)
    if Holder.ORGANISATION in kit.accounts:
        await _apart(portal, step, kit, file)
    async with step("delete"):
        await portal.shelf.open()
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


async def _use(portal: PortalPages, step: Steps, kit: Kit, file: Marked) -> None:
    """Take the file into a form, which is then left as it is: nothing is handed in."""
    async with step("home"):
        await portal.open_home()
    async with step("search"):
        await portal.search(kit.options["search"])
    async with step("procedure"):
        await portal.open_online_procedure()
    async with step("form"):
        await portal.eform.open()
        await portal.eform.fill(phone=PHONE, content=request())
    async with step("use"), _observing(portal, "STO-2"):
        await portal.eform.to_attachments()
        await portal.eform.take_from_store(file.name)


async def _apart(portal: PortalPages, step: Steps, kit: Kit, file: Marked) -> None:
    async with step("organisation"):
        await portal.entrance.change_to(kit.accounts[Holder.ORGANISATION], kit.safeguards)
        await portal.shelf.open()
    async with step("apart"), _observing(portal, "STO-4"):
        if await portal.shelf.shows(file.name):
            raise SawError(Cause.STORES_MIXED, "the organisation's store shows the person's file")
    async with step("person"):
        await portal.entrance.change_to(kit.accounts[Holder.PERSON], kit.safeguards)


@asynccontextmanager
async def _observing(portal: PortalPages, requirement: str) -> AsyncIterator[None]:
    """Note a requirement as what the lines within come to; what fails for another cause says nothing of it."""
    try:
        yield
    except SawError as error:
        if error.cause in {Cause.STORE_LOST, Cause.STORE_CORRUPT, Cause.STORES_MIXED, Cause.CONTENT_MISSING}:
            portal.stage.observed[requirement] = Requirement.UNFULFILLED
        raise
    portal.stage.observed[requirement] = Requirement.FULFILLED


JOURNEY = Journey(
    steps=(
        *login.STEPS,
        "store",
        "canary",
        "upload",
        "list",
        "fetch",
        "home",
        "search",
        "procedure",
        "form",
        "use",
        "organisation",
        "apart",
        "person",
        "delete",
        "gone",
    ),
    run=run,
    requirements=("ACC-1", "ACC-2", "STO-1", "STO-2", "STO-4", "STO-5"),
    options={
        "size": OptionRule(pattern=r"[1-9]\d{0,4}", rule="must be a number of KiB from 1 to 99999"),
        "search": OptionRule(),
    },
    functions={FUNCTION: ("STO-1", "STO-2", "STO-4", "STO-5")},
    holders=(Holder.PERSON,),
    private=True,
)

"""Journey ``application``: an e-form is filled in, with attachments, up to the fee, and handed in where allowed.

Option ``search``: the words to search for. A portal of ``mode: test`` gets a dossier, which is looked up and withdrawn.
"""

from agent.model import Cause, Deed, Holder, Item, ItemKind, OptionRule, Outcome, Requirement
from probes.browser.saw import SawError
from probes.browser.steps import Steps
from probes.journeys import login
from probes.journeys.base import Journey, Kit
from probes.journeys.marked import pdf, request
from probes.platforms.base import PortalPages
from probes.platforms.form import FUNCTION
from probes.platforms.lookup import Answer

PHONE = "0900000000"
"""A number that no network gives to anybody."""
ATTACHMENT = 4096


async def run(portal: PortalPages, step: Steps, kit: Kit) -> None:
    """Log in, find a procedure, fill in its form, see the fee; hand in if allowed."""
    await login.enter(portal, step, kit)
    observed = portal.stage.observed
    async with step("home"):
        await portal.open_home()
    async with step("search"):
        await portal.search(kit.options["search"])
    async with step("procedure"):
        await portal.open_online_procedure()
    async with step("form"):
        await portal.eform.open()
        observed["INT-1"] = Requirement.of(await portal.eform.is_prefilled())
        observed["SUB-1"] = Requirement.of(await portal.eform.checks_required())
    content = request()
    async with step("fill"):
        await portal.eform.fill(phone=PHONE, content=content)
    async with step("attach"):
        await portal.eform.to_attachments()
        file = pdf(ATTACHMENT)
        await portal.eform.attach(file.name, file.type, file.data)
        observed["SUB-2"] = Requirement.FULFILLED
    async with step("fee"):
        await portal.eform.to_fee()
        await portal.eform.see_gateway()
        observed["PAY-1"] = Requirement.FULFILLED
    if kit.portal.submits:
        await _hand_in(portal, step, kit, content)


async def _hand_in(portal: PortalPages, step: Steps, kit: Kit, content: str) -> None:
    account = kit.accounts[Holder.PERSON].name
    item = Item(portal=kit.portal.id, account=account, kind=ItemKind.DOSSIER, mark=content.rpartition(" ")[2])
    async with step("submit"):
        await kit.safeguards.owes(item)
        await kit.safeguards.before(Deed.SUBMISSION, account)
        code = await portal.eform.hand_in()
        await kit.safeguards.after(Deed.SUBMISSION, account, Outcome.DONE)
    async with step("lookup"):
        await portal.lookup.open()
        if await portal.lookup.ask(code) is not Answer.FOUND:
            raise SawError(Cause.CONTENT_MISSING, "the dossier just handed in is not found by its code")
        portal.stage.observed["LKP-1"] = Requirement.FULFILLED
    async with step("withdraw"):
        await portal.dossiers.withdraw(item)
        await kit.safeguards.cleared(item)


JOURNEY = Journey(
    steps=(
        *login.STEPS,
        "home",
        "search",
        "procedure",
        "form",
        "fill",
        "attach",
        "fee",
        "submit",
        "lookup",
        "withdraw",
    ),
    run=run,
    requirements=("ACC-1", "ACC-2", "SUB-1", "SUB-2", "PAY-1", "LKP-1", "INT-1"),
    options={"search": OptionRule(required=True)},
    functions={FUNCTION: ("SUB-1", "SUB-2")},
    holders=(Holder.PERSON,),
    private=True,
)

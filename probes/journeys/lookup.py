"""Journey ``lookup``: a dossier's state by its code, a well-formed "not found", rating and complaint.

Option ``code``: a dossier of the operator's own test account; without it only the bogus code is asked for.
"""

from agent.model import Cause, OptionRule, Requirement
from probes.browser.saw import SawError
from probes.browser.steps import Steps
from probes.journeys.base import Journey, Kit
from probes.platforms.base import PortalPages
from probes.platforms.lookup import Answer

BOGUS = "000.00.00.X00-000101-0000"
"""Well-formed, and given to nobody: no body has the letter X."""


async def run(portal: PortalPages, step: Steps, kit: Kit) -> None:
    """Ask for a code that is nobody's, then for ours, then reach the page for opinions."""
    async with step("open"):
        await portal.lookup.open()
    async with step("bogus"):
        if await portal.lookup.ask(BOGUS) is not Answer.NOT_FOUND:
            raise SawError(Cause.WRONG_PAGE, "a dossier was found for a code that is nobody's")
        portal.stage.observed["LKP-1"] = Requirement.FULFILLED
    async with step("known"):
        code = kit.options.get("code")
        if code and await portal.lookup.ask(code) is not Answer.FOUND:
            portal.stage.observed["LKP-1"] = Requirement.UNFULFILLED
            raise SawError(Cause.CONTENT_MISSING, "our own dossier was not found")
    async with step("feedback"):
        await portal.feedback.open()
        both = await portal.feedback.takes_both()
        portal.stage.observed["FBK-1"] = Requirement.of(both)


JOURNEY = Journey(
    steps=("open", "bogus", "known", "feedback"),
    run=run,
    requirements=("LKP-1", "FBK-1"),
    options={"code": OptionRule()},
)

"""Journey ``accessibility``: axe on the pages that everyone needs.

Option ``search``: the words to search for.
"""

from agent.model import OptionRule
from probes.browser.steps import Steps
from probes.journeys.audit import REQUIREMENT, Audit
from probes.journeys.base import Journey, Kit
from probes.platforms.base import PortalPages


async def run(portal: PortalPages, step: Steps, kit: Kit) -> None:
    """Home page, search results, a procedure, log-in, look-up and feedback, each looked at once it is there."""
    audit = Audit(portal.stage)
    async with step("home"):
        await portal.open_home()
    async with step("home-audit"):
        await audit.look("home")
    async with step("results"):
        await portal.search(kit.options["search"])
    async with step("results-audit"):
        await audit.look("results")
    async with step("procedure"):
        await portal.open_procedure()
    async with step("procedure-audit"):
        await audit.look("procedure")
    async with step("login-page"):
        await portal.entrance.open()
    async with step("login-audit"):
        await audit.look("login-page")
    async with step("lookup"):
        await portal.lookup.open()
    async with step("lookup-audit"):
        await audit.look("lookup")
    async with step("feedback"):
        await portal.feedback.open()
    async with step("feedback-audit"):
        await audit.look("feedback")
        audit.conclude()


JOURNEY = Journey(
    steps=(
        *("home", "home-audit", "results", "results-audit", "procedure", "procedure-audit"),
        *("login-page", "login-audit", "lookup", "lookup-audit", "feedback", "feedback-audit"),
    ),
    run=run,
    requirements=(REQUIREMENT,),
    options={"search": OptionRule(required=True)},
)

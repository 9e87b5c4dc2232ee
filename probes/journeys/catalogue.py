"""Journey ``catalogue``: search for a procedure, open it, read what the law says it must state.

Option ``search``: the words to search for.
"""

from agent.model import OptionRule, Requirement
from probes.browser.steps import Steps
from probes.journeys.base import Journey, Kit
from probes.platforms.base import PortalPages


async def run(portal: PortalPages, step: Steps, kit: Kit) -> None:
    """Open, search, open a procedure, read code, fee, time limit and level."""
    async with step("open"):
        await portal.open_home()
    async with step("search"):
        await portal.search(kit.options["search"])
    async with step("procedure"):
        await portal.open_procedure()
    async with step("read"):
        procedure = await portal.read_procedure()
        has_level = Requirement.of(bool(procedure.level))
        portal.stage.observed |= {"CAT-1": has_level, "CAT-2": has_level}


JOURNEY = Journey(
    steps=("open", "search", "procedure", "read"),
    run=run,
    requirements=("CAT-1", "CAT-2"),
    options={"search": OptionRule(required=True)},
)

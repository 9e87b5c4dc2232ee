"""Journey ``home``: the portal's home page opens and is the right one."""

from probes.browser.steps import Steps
from probes.journeys.base import Journey, Kit
from probes.platforms.base import PortalPages


async def run(portal: PortalPages, step: Steps, _: Kit) -> None:
    """Open the home page."""
    async with step("open"):
        await portal.open_home()


JOURNEY = Journey(steps=("open",), run=run)

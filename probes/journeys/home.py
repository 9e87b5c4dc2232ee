"""Journey ``home``: the portal's home page opens and is the right one."""

from collections.abc import Mapping

from probes.browser.steps import Steps
from probes.journeys.base import Journey
from probes.platforms.base import PortalPages


async def run(portal: PortalPages, step: Steps, _: Mapping[str, str]) -> None:
    """Open the home page."""
    async with step("open"):
        await portal.open_home()


JOURNEY = Journey(steps=("open",), run=run)

"""Journey ``login``: from the portal to the identity provider and back, with a session."""

from agent.model import Holder, Requirement
from probes.browser.saw import SawError
from probes.browser.steps import Steps
from probes.journeys.base import Journey, Kit
from probes.platforms.base import PortalPages

STEPS = ("login-page", "provider", "session")


async def enter(portal: PortalPages, step: Steps, kit: Kit, holder: Holder = Holder.PERSON) -> None:
    """Log in; every journey behind the log-in begins with these steps."""
    async with step("login-page"):
        await portal.entrance.open()
    async with step("provider"):
        wrong = await portal.entrance.leave_for_provider()
        portal.stage.observed["ACC-1"] = Requirement.of(not wrong)
    async with step("session"):
        try:
            await portal.entrance.log_in(kit.accounts[holder], kit.safeguards)
        except SawError:
            portal.stage.observed["ACC-2"] = Requirement.UNMEASURED
            raise
        portal.stage.observed["ACC-2"] = Requirement.FULFILLED


async def run(portal: PortalPages, step: Steps, kit: Kit) -> None:
    """Log in and see the session."""
    await enter(portal, step, kit)


JOURNEY = Journey(steps=STEPS, run=run, requirements=("ACC-1", "ACC-2"), holders=(Holder.PERSON,), private=True)

"""Runs the cleanup of a portal in the browser, one account at a time."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

import structlog
from playwright.async_api import BrowserContext, Error

from agent.clock import Clock
from agent.model import Account, Holder, Item, Portal
from agent.ports import Safeguards
from probes.browser.listen import Listener
from probes.browser.measure import Measurements
from probes.browser.pool import Pool
from probes.browser.saw import brief
from probes.browser.stage import Stage
from probes.browser.steps import StepFailedError, Steps
from probes.journeys import cleanup
from probes.platforms.base import Clearing, Platform

log = structlog.get_logger(__name__)

STEP_S = 30.0
ACCOUNT_S = 120.0
"""Ours: a cleanup holds the portal's only session, so it may not take longer than a run."""


class BrowserCleaner:
    """A :class:`agent.ports.Cleaner` over the page objects that can clear; for the others it does nothing."""

    def __init__(
        self,
        *,
        pool: Pool,
        platforms: Mapping[str, Platform],
        accounts: Callable[[Portal], Mapping[Holder, Account]],
        clock: Clock | None = None,
    ) -> None:
        self._pool = pool
        self._platforms = platforms
        self._accounts = accounts
        self._clock = clock or Clock()

    async def clear(self, portal: Portal, items: Sequence[Item], safeguards: Safeguards) -> Sequence[Item]:
        """Look for ``items``, those of each account in a context of its own; see :class:`agent.ports.Cleaner`."""
        sought: list[Item] = []
        for account in self._accounts(portal).values():
            own = [item for item in items if item.account == account.name]
            if own and await self._clear_one(portal, account, own, safeguards):
                sought += own
        return sought

    async def _clear_one(self, portal: Portal, account: Account, items: Sequence[Item], safeguards: Safeguards) -> bool:
        """Whether the family knows how to clear."""
        try:
            async with asyncio.timeout(ACCOUNT_S), self._pool.context() as context:
                return await self._in_context(context, portal, account, items, safeguards)
        except (Error, TimeoutError) as error:
            log.warning("cleanup.lost", portal=portal.id, account=account.name, error=brief(error))
            return True

    async def _in_context(
        self,
        context: BrowserContext,
        portal: Portal,
        account: Account,
        items: Sequence[Item],
        safeguards: Safeguards,
    ) -> bool:
        listener = Listener(portal_host=urlsplit(portal.base_url).hostname or "", hosts={})
        listener.attach(context)
        page = await context.new_page()
        page.set_default_timeout(STEP_S * 950)
        stage = Stage(page=page, base_url=portal.base_url, limit=STEP_S, listener=listener)
        pages = self._platforms[portal.platform](stage)
        if not isinstance(pages, Clearing):
            log.info("cleanup.unable", portal=portal.id, platform=portal.platform)
            return False
        measurements = Measurements(started=self._clock.now().timestamp() * 1000)
        steps = Steps(cleanup.STEPS, stage=stage, listener=listener, measurements=measurements, clock=self._clock)
        try:
            await cleanup.run(pages, steps, safeguards, account, items)
        except StepFailedError as error:
            seen = steps.failure
            log.warning("cleanup.failed", portal=portal.id, step=str(error), cause=seen and seen.cause)
        return True

"""What an agent does beside its checks: signs of life, control targets, reconciling, retention, pushing."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta

import structlog

from agent.app.reload import Live, Reloader
from agent.clock import Clock
from agent.config import Config, checks
from agent.errors import DeliveryError
from agent.guard.janitor import Janitor
from agent.guard.resources import MIB
from agent.guard.retention import prune_evidence, prune_to_size
from agent.journal import Journal
from agent.schedule.catchup import catch_up
from agent.schedule.scheduler import Scheduler
from agent.sinks.prometheus import PrometheusSink
from agent.witness import Witness

log = structlog.get_logger(__name__)

SIGN_OF_LIFE_S = 2.0
WITNESS_EVERY_S = 30.0
LOOK_EVERY_S = 1.0
HOURLY_S = 3600.0
PRUNE_EVERY_S = 600.0
SETTLE = timedelta(minutes=2)
"""How long after its last chance a slot is left alone before it counts as missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Housekeeping:
    """The jobs, and what they work on."""

    live: Live
    journal: Journal
    session: int
    sink: PrometheusSink
    witness: Witness
    reloader: Reloader | None
    janitor: Janitor
    running: Callable[[], Collection[str]]
    clock: Clock

    def register(self, scheduler: Scheduler) -> None:
        """Put every job on the scheduler's clock."""
        scheduler.every(SIGN_OF_LIFE_S, self.touch)
        scheduler.every(WITNESS_EVERY_S, self.witness.look)
        scheduler.every(HOURLY_S, self.reconcile)
        scheduler.every(PRUNE_EVERY_S, self.prune)
        scheduler.every(self.live.config.agent.janitor.interval.total_seconds(), self.janitor.sweep)
        if self.reloader is not None:
            scheduler.every(LOOK_EVERY_S, self.reloader.watch)
            scheduler.every(HOURLY_S, self.reloader.new_day)
        gateway = self.live.config.agent.push_gateway
        if gateway is not None:
            scheduler.every(gateway.interval.total_seconds(), self.push)

    async def touch(self) -> None:
        """Note a sign of life."""
        await self.journal.touch_session(self.session, self.clock.now())

    async def reconcile(self) -> None:
        """Write as missed whatever ran out of chances without a result."""
        now = self.clock.now()
        await catch_up(self.journal, until=now - 2 * longest_interval(self.live.config) - SETTLE, now=now)

    async def prune(self) -> None:
        """Let go of what is too old, by the configuration."""
        now, settings = self.clock.now(), self.live.config.agent
        keep = settings.journal
        await self.journal.prune(older_than=now - keep.keep, details_older_than=now - keep.keep_details)
        evidence = settings.data_dir / "evidence"
        await asyncio.to_thread(prune_evidence, evidence, now - settings.evidence.keep)
        await asyncio.to_thread(prune_to_size, evidence, settings.evidence.keep_mib * MIB, self.running())

    async def push(self) -> None:
        """Push the figures to the gateway; it will be tried again at the next interval."""
        gateway = self.live.config.agent.push_gateway
        if gateway is None:
            return
        try:
            await self.sink.push(gateway.url, gateway.job)
        except DeliveryError as error:
            log.warning("push.failed", error=str(error))


def longest_interval(config: Config) -> timedelta:
    """The longest interval of any check."""
    return max((check.plan.interval for check in checks(config)), default=timedelta(0))

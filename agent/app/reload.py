"""Takes a changed configuration while the agent runs: all of it, or none of it and the old one goes on."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import structlog

from agent.clock import EPOCH, Clock
from agent.config import ZONE, Config, checks, revision, windows
from agent.dispatch.local import LocalDispatcher
from agent.errors import ConfigError
from agent.guard.vault import Vault
from agent.journal import Journal
from agent.model import Cause, Check, Result, RunRequest, Sample, Window
from agent.ports import Recorder
from agent.schedule.reconcile import missed
from agent.schedule.scheduler import Scheduler
from agent.sinks.prometheus import PrometheusSink

log = structlog.get_logger(__name__)

LIVE = frozenset({"schedule", "journal", "evidence", "accounts", "shutdown_grace"})
"""Fields of agent.yaml that take effect at once; the others shape parts that are built at the start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a configuration comes from: its folder, to be watched, and how it is read."""

    folder: Path
    load: Callable[[], Config]

    def signature(self) -> tuple[tuple[str, int, int], ...]:
        """Changes when a file does."""
        found = sorted(self.folder.glob("*.yaml"))
        return tuple((path.name, (stat := path.stat()).st_mtime_ns, stat.st_size) for path in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadState:
    """The newest attempt at a reload: when a configuration last took effect, and why the newest one didn't."""

    accepted_at: datetime
    refused_at: datetime | None = None
    problems: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Live:
    """The configuration in force; the one value of an agent that changes while it runs."""

    config: Config
    announced: tuple[Window, ...]
    vault: Vault

    @classmethod
    def of(cls, config: Config) -> "Live":
        """Begin with a configuration."""
        return cls(config=config, announced=windows(config), vault=Vault(config.secrets()))

    def wording(self, language: str) -> Mapping[str, str]:
        """What each requirement asks now, by id."""
        return self.config.wording(language)


class Reloader:
    """Puts a new configuration in force between two slots.

    Runs that have begun finish as they began. Queued runs of a portal or check that is gone end as
    ``missed: stopped``: what was taken out, perhaps because nobody may look at it any more, is not visited.
    """

    def __init__(
        self,
        *,
        live: Live,
        source: Source,
        journal: Journal,
        scheduler: Scheduler,
        dispatcher: LocalDispatcher,
        recorder: Recorder,
        sink: PrometheusSink,
        clock: Clock | None = None,
    ) -> None:
        self._live = live
        self._source = source
        self._journal = journal
        self._scheduler = scheduler
        self._dispatcher = dispatcher
        self._recorder = recorder
        self._sink = sink
        self._clock = clock or Clock()
        self._busy = asyncio.Lock()
        self._tried = self._seen = source.signature()
        self.state = ReloadState(accepted_at=self._clock.now())

    async def watch(self) -> None:
        """Reload when a file has changed and then stood still for one look."""
        signature = await asyncio.to_thread(self._source.signature)
        settled, self._seen = signature == self._seen, signature
        if settled and signature != self._tried:
            await self.reload()

    async def reload(self) -> bool:
        """Read the configuration and put it in force; False, with the reasons in the log, when it can't be."""
        async with self._busy:
            self._tried = await asyncio.to_thread(self._source.signature)
            try:
                fresh = await asyncio.to_thread(self._source.load)
                _require_live_only(self._live.config, fresh)
            except ConfigError as error:
                self._refuse(error.problems)
                return False
            await self._apply(fresh)
            self.state = ReloadState(accepted_at=self._clock.now())
            log.info("config.reloaded", checks=len(checks(fresh)))
            return True

    async def new_day(self) -> None:
        """Take out whose validity or authorisation has ended, and in whose has begun."""
        today = self._clock.now().astimezone(ZONE).date()
        if today != self._live.config.loaded_on:
            async with self._busy:
                await self._apply(self._live.config.model_copy(update={"loaded_on": today}))

    def samples(self) -> Iterable[Sample]:
        """Whether the newest configuration is in force, and since when there is one."""
        in_force = not self.state.problems
        since = (self.state.accepted_at - EPOCH).total_seconds()
        yield Sample(name="portalwatch_config_last_reload_successful", value=float(in_force))
        yield Sample(name="portalwatch_config_last_reload_success_timestamp_seconds", value=since)

    def _refuse(self, problems: tuple[str, ...]) -> None:
        accepted = self.state.accepted_at
        self.state = ReloadState(accepted_at=accepted, refused_at=self._clock.now(), problems=problems)
        log.error("config.refused", problems=list(problems), rule="the old configuration goes on")

    async def _apply(self, fresh: Config) -> None:
        self._live.vault.know(fresh.secrets())
        before = by_id(self._live.config)
        after = by_id(fresh)

        async def commit(at: datetime) -> None:
            plan = revision(fresh, at)
            await self._journal.accept_revision(plan, plan_digest(fresh))

        await self._scheduler.replace(after, commit)
        self._live.config, self._live.announced = fresh, windows(fresh)
        gone = before.keys() - after.keys()
        dropped = self._dispatcher.discard(gone)
        if dropped:
            await self._recorder.append([_stopped(request) for request in dropped])
        self._sink.forget(gone)


def _stopped(request: RunRequest) -> Result:
    return missed(request.check.plan, request.slot, location=request.location, cause=Cause.STOPPED)


def by_id(config: Config) -> Mapping[str, Check]:
    """The checks of a configuration by their id."""
    return {check.id: check for check in checks(config)}


def plan_digest(config: Config) -> str:
    """The same for the same planned checks, whatever else the configuration says."""
    return sha256(repr(revision(config, EPOCH).checks).encode()).hexdigest()


def _require_live_only(before: Config, after: Config) -> None:
    changed = [
        name
        for name in type(before.agent).model_fields
        if name not in LIVE and getattr(before.agent, name) != getattr(after.agent, name)
    ]
    if changed:
        raise ConfigError([f"agent.yaml: {name}: can't change while the agent runs; restart it" for name in changed])

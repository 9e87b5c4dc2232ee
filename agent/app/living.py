"""One life of an agent: what starts in which order, and what ends in which."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from agent import __version__, server
from agent.app.guards import Guards
from agent.app.housekeeping import Housekeeping, longest_interval
from agent.app.known import journal_path
from agent.app.parts import Probing, influx_sink, owned, probing, resources, runner
from agent.app.reload import Live, Reloader, Source, by_id, plan_digest
from agent.board import Board
from agent.board.board import DAY, RUNS_KEPT
from agent.clock import Clock
from agent.config import Config, checks, revision
from agent.dispatch.local import LocalDispatcher
from agent.errors import DeliveryError, JournalError
from agent.guard.evidence import EvidenceStore
from agent.journal import Journal, to_public
from agent.model import Sample
from agent.ports import Sink
from agent.pump import Pump
from agent.recording import OVER, Recording
from agent.schedule.catchup import catch_up
from agent.schedule.scheduler import Scheduler
from agent.server import Certificate, Key, Site
from agent.sinks.prometheus import PrometheusSink
from agent.worker import Workers

log = structlog.get_logger(__name__)

FLUSH_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a life differs from the plain one.

    ``until`` ends the plan at an instant; ``owed_when_off`` False ends it at the stop, so that nothing
    is missed while the agent is off; ``observers`` see every result as it is journaled; ``source`` is
    watched for a changed configuration, and read again when ``reload`` is set.
    """

    until: datetime | None = None
    owed_when_off: bool = True
    observers: Sequence[Sink] = ()
    source: Source | None = None
    reload: asyncio.Event = field(default_factory=asyncio.Event)


async def run(config: Config, *, stop: asyncio.Event, options: Options | None = None) -> None:
    """Live until ``stop``, then drain.

    Raises:
        PortalwatchError: something this machine lacks, a port or a data directory in use.
    """
    life, clock, data = options or Options(), Clock(), config.agent.data_dir
    asyncio.get_running_loop().set_exception_handler(_note_stray_error)
    async with AsyncExitStack() as stack:
        stack.enter_context(owned(data))
        journal = stack.enter_context(Journal.open(journal_path(data)))
        live, dispatcher, born = Live.of(config), LocalDispatcher(), clock.now()
        parts = await stack.enter_async_context(
            probing(config, data / "run" / "agent", secrets=live.vault, current=lambda: live.config)
        )
        scheduler = _scheduler(config, dispatcher, born, life, clock)
        session = await _begin(journal, config, born)
        stack.push_async_callback(_end, journal, session, scheduler, life)
        board = await _board(live, journal, born)
        sink = await _sinks(stack, config, journal, [board, *life.observers])
        recording = Recording(journal, known=await _last_hour(journal, born), clock=clock)
        evidence = EvidenceStore(data / "evidence", live.vault)
        evidence.sweep()
        guards = Guards.of(live, journal)
        workers = _workers(
            live, recording=recording, dispatcher=dispatcher, parts=parts, guards=guards, evidence=evidence
        )
        janitor = guards.janitor(live, parts.cleaner, workers)
        reloader = _reloader(
            life, live, journal=journal, scheduler=scheduler, dispatcher=dispatcher, recorder=recording, sink=sink
        )
        for part in (
            scheduler,
            dispatcher,
            workers,
            parts.pool,
            parts.witness,
            evidence,
            recording,
            journal,
            resources(config),
            janitor,
            guards.breaker,
            _BuildInfo(),
        ):
            sink.add_source(part)
        for optional in (reloader, parts.sessions):
            if optional is not None:
                sink.add_source(optional)
        site = Site(
            board=board,
            archive=journal,
            evidence=data / "evidence",
            public=to_public,
            problems=lambda: reloader.state.problems if reloader is not None else (),
            locks=journal.locks,
            debts=journal.portal_debts,
            wording=live.wording,
        )
        await stack.enter_async_context(_serving(config, sink, _Readiness(journal, scheduler, workers, parts), site))
        workers.start()
        keeping = Housekeeping(
            live=live,
            journal=journal,
            session=session,
            sink=sink,
            witness=parts.witness,
            reloader=reloader,
            janitor=janitor,
            running=workers.running,
            clock=clock,
        )
        keeping.register(scheduler)
        scheduler.start()
        backlog = asyncio.create_task(catch_up(journal, until=born, now=clock.now()), name="catch-up")
        cleaning = asyncio.create_task(janitor.sweep(), name="cleanup")
        log.info("agent.started", checks=len(checks(config)), location=config.agent.location)
        asked = asyncio.create_task(_reload_when_asked(reloader, life.reload), name="reload")
        await stop.wait()
        await scheduler.stop()
        await workers.stop(live.config.agent.shutdown_grace.total_seconds())
        await _cancel(backlog, asked, cleaning)
    log.info("agent.stopped")


def _scheduler(
    config: Config,
    dispatcher: LocalDispatcher,
    born: datetime,
    life: Options,
    clock: Clock,
) -> Scheduler:
    return Scheduler(
        checks=by_id(config),
        location=config.agent.location,
        submit=dispatcher.submit,
        start=born,
        until=life.until,
        clock=clock,
    )


def _workers(
    live: Live,
    *,
    recording: Recording,
    dispatcher: LocalDispatcher,
    parts: Probing,
    guards: Guards,
    evidence: EvidenceStore,
) -> Workers:
    settings = live.config.agent
    return Workers(
        runner=runner(
            parts,
            journal=guards.journal,
            announced=lambda: live.announced,
            evidence=evidence,
            safeguards=guards.safeguards,
            shortage=resources(live.config).shortage,
        ),
        dispatcher=dispatcher,
        recorder=recording,
        gate=guards.gate,
        lanes={"browser": settings.workers.browser, "net": settings.workers.http},
    )


def _reloader(life: Options, live: Live, **parts: Any) -> Reloader | None:  # noqa: ANN401 - the parts of Reloader
    return Reloader(live=live, source=life.source, **parts) if life.source is not None else None


async def _reload_when_asked(reloader: Reloader | None, asked: asyncio.Event) -> None:
    while reloader is not None:
        await asked.wait()
        asked.clear()
        await reloader.reload()


async def _cancel(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _begin(journal: Journal, config: Config, born: datetime) -> int:
    session = await journal.begin_session(born)
    await journal.accept_revision(revision(config, born), plan_digest(config))
    return session


async def _end(journal: Journal, session: int, scheduler: Scheduler, life: Options) -> None:
    """The life ended when the last slot was handed on: whatever was planned after that is time off."""
    ended = scheduler.emitted_until
    if not life.owed_when_off or life.until is not None:
        await journal.close_revision(ended)
    await journal.end_session(session, ended)


async def _board(live: Live, journal: Journal, born: datetime) -> Board:
    """The status page's memory, with what the last day left in the journal."""
    board, since = Board(checks=lambda: checks(live.config)), born - DAY
    names = [check.id for check in checks(live.config)]
    runs = await asyncio.to_thread(journal.newest_runs, names, since, RUNS_KEPT)
    board.restore(runs, await asyncio.to_thread(journal.tallies, since))
    return board


async def _sinks(stack: AsyncExitStack, config: Config, journal: Journal, observers: Sequence[Sink]) -> PrometheusSink:
    """Start a pump for each sink; at the end each gets a moment to bring out what is left."""
    exposed, now = PrometheusSink(), Clock().now()
    newest = await asyncio.to_thread(journal.newest_per_check, now - 2 * longest_interval(config))
    exposed.restore(newest, now)
    pumps = [Pump(sink=sink, journal=journal, persistent=False) for sink in (exposed, *observers)]
    influx = influx_sink(config)
    if influx is not None:
        stack.push_async_callback(influx.close)
        pumps.append(Pump(sink=influx, journal=journal))
    for pump in pumps:
        exposed.add_source(pump)
        stack.push_async_callback(_stop_pump, asyncio.create_task(pump.run()), pump)
    return exposed


async def _stop_pump(task: asyncio.Task[None], pump: Pump) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    with suppress(TimeoutError, DeliveryError):
        await asyncio.wait_for(pump.drain(give_up_after=1), FLUSH_WITHIN_S)


@asynccontextmanager
async def _serving(config: Config, sink: PrometheusSink, ready: "_Readiness", site: Site) -> AsyncIterator[None]:
    settings = config.agent.server
    auth, tls = settings.auth, settings.tls
    key = Key(secret=config.token(auth.variable), username=auth.username) if auth else None
    certificate = Certificate(chain=tls.certificate, key=tls.key) if tls else None
    web = server.create_app(metrics=sink.exposition, ready=ready, site=site, key=key)
    async with server.serve(web, host=settings.host, port=settings.port, certificate=certificate):
        yield


async def _last_hour(journal: Journal, now: datetime) -> list[Any]:
    return await asyncio.to_thread(lambda: list(journal.results_between(now - OVER, now)))


def _note_stray_error(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """One line for what no one awaited, such as what a killed driver leaves behind in its Python half."""
    log.warning("loop.stray", message=context.get("message"), error=repr(context.get("exception")))


class _Readiness:
    """Whether each part can do its work now."""

    def __init__(self, journal: Journal, scheduler: Scheduler, workers: Workers, parts: Probing) -> None:
        self._journal = journal
        self._scheduler = scheduler
        self._workers = workers
        self._parts = parts

    def __call__(self) -> Mapping[str, bool]:
        """By part."""
        return {
            "journal": self._journal_answers(),
            "scheduler": self._scheduler.running,
            "workers": self._workers.alive,
            "browser": self._parts.pool.driver_alive(),
        }

    def _journal_answers(self) -> bool:
        try:
            self._journal.newest_seq()
        except (JournalError, sqlite3.Error):
            return False
        return True


class _BuildInfo:
    """The version, as a figure."""

    def samples(self) -> list[Sample]:
        """Always 1; the label tells."""
        return [Sample(name="portalwatch_build_info", value=1.0, labels={"version": __version__})]

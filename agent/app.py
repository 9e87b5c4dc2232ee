"""Builds all parts of one agent and runs them; the only file that names concrete classes."""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import structlog
from probes.http import OPTIONS as HTTP_OPTIONS, HttpProber
from probes.tls import TlsProber, name_trust_fault

from agent import __version__, server
from agent.clock import Clock
from agent.config import Config, Known, checks, load, revision, windows
from agent.dispatch.local import LocalDispatcher
from agent.errors import DeliveryError, PortalwatchError
from agent.guard.gate import Gate
from agent.guard.retention import prune_evidence
from agent.journal import Journal
from agent.model import Check, Failure, ProbeKind, Result, RunRequest, Sample
from agent.ports import Prober, Sink
from agent.pump import Pump
from agent.recording import OVER, Recording
from agent.runner import Runner
from agent.schedule.catchup import catch_up
from agent.schedule.scheduler import Scheduler
from agent.sinks.influxdb import InfluxSink, setup as setup_bucket
from agent.sinks.prometheus import PrometheusSink
from agent.witness import Witness
from agent.worker import Workers
from probes import JOURNEYS, PLATFORMS
from probes.browser.pool import Pool, PoolSettings
from probes.browser.prober import BrowserProber

log = structlog.get_logger(__name__)

KNOWN = Known(
    journeys=frozenset(JOURNEYS),
    platforms=frozenset(PLATFORMS),
    options={"http": HTTP_OPTIONS, "tls": frozenset()}
    | {name: frozenset(one.options) for name, one in JOURNEYS.items()},
)

SIGN_OF_LIFE_S = 2.0
WITNESS_EVERY_S = 30.0
HOUSEKEEPING_EVERY_S = 3600.0
FLUSH_WITHIN_S = 5.0
CONTROL_WITHIN_S = 5.0
SETTLE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a life of the agent differs from the plain one.

    ``until`` ends the plan at an instant; ``owed_when_off`` False ends it at the stop, so that nothing
    is missed while the agent is off; ``observers`` see every result as it is journaled.
    """

    until: datetime | None = None
    owed_when_off: bool = True
    observers: Sequence[Sink] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Probing:
    """What it takes to run a request."""

    pool: Pool
    witness: Witness
    probers: Mapping[ProbeKind, Prober]


def load_config(folder: Path, environ: Mapping[str, str]) -> Config:
    """The configuration in ``folder``, checked against what the registries know."""
    return load(folder, KNOWN, environ)


def journal_path(data: Path) -> Path:
    """Where the journal of a data directory is."""
    return data / "journal.sqlite3"


async def run(config: Config, *, stop: asyncio.Event, options: Options | None = None) -> None:
    """Live until ``stop``, then drain.

    Raises:
        PortalwatchError: something this machine lacks, a port or a data directory in use.
    """
    life, clock = options or Options(), Clock()
    data = config.agent.data_dir
    async with AsyncExitStack() as stack:
        stack.enter_context(_owned(data))
        journal = stack.enter_context(Journal.open(journal_path(data)))
        probing = await stack.enter_async_context(_probing(config, data))
        born = clock.now()
        session = await _begin(journal, config, born)
        stack.push_async_callback(_end, journal, session, clock, life)
        sink = await _sinks(stack, config, journal, life)
        recording = Recording(journal, known=await _last_hour(journal, born), clock=clock)
        dispatcher, workers = _workers(config, journal, recording, probing, clock)
        scheduler = Scheduler(
            checks={check.id: check for check in checks(config)},
            location=config.agent.location,
            submit=dispatcher.submit,
            start=born,
            until=life.until,
            clock=clock,
        )
        for part in (scheduler, dispatcher, workers, probing.pool, probing.witness, recording, journal, _BuildInfo()):
            sink.add_source(part)
        await stack.enter_async_context(_serving(config, sink))
        workers.start()
        _housekeep(
            scheduler,
            config=config,
            journal=journal,
            session=session,
            sink=sink,
            witness=probing.witness,
            clock=clock,
        )
        scheduler.start()
        backlog = asyncio.create_task(catch_up(journal, until=born, now=clock.now()), name="catch-up")
        log.info("agent.started", checks=len(checks(config)), location=config.agent.location)
        await stop.wait()
        await _drain(scheduler, workers, backlog, config)
    log.info("agent.stopped")


async def check_once(config: Config, *, portal: str, journey: str, headed: bool, data: Path) -> Result:
    """One run by hand: its id has a nonce, and it is kept in no journal, so it stays out of the SLA.

    Raises:
        PortalwatchError: the portal or the journey is not in the configuration, or not enabled.
    """
    check = _find_check(config, portal, journey)
    now = Clock().now()
    request = RunRequest(
        run_id=f"manual-{uuid4().hex}",
        check=check,
        slot=now,
        location=config.agent.location,
        expires=now + check.plan.interval,
    )
    async with AsyncExitStack() as stack:
        journal = stack.enter_context(Journal.open(journal_path(data)))
        probing = await stack.enter_async_context(
            _probing(config, data, headed=headed, browser=check.probe is ProbeKind.BROWSER, name=request.run_id),
        )
        return await _runner(config, journal, probing, data).run(request)


def influx_sink(config: Config) -> InfluxSink | None:
    """The InfluxDB sink, if one is configured."""
    settings = config.agent.influxdb
    if settings is None:
        return None
    return InfluxSink(
        url=settings.url,
        org=settings.org,
        bucket=settings.bucket,
        token=config.token(settings.token_env),
        timeout=settings.timeout.total_seconds(),
    )


async def drain_outbox(config: Config, data: Path) -> int:
    """Deliver what waits for InfluxDB; returns how many results left the outbox."""
    sink = influx_sink(config)
    if sink is None:
        raise PortalwatchError("agent.yaml: influxdb: must be configured to drain its outbox")
    with _owned(data), Journal.open(journal_path(data)) as journal:
        try:
            return await Pump(sink=sink, journal=journal).drain(give_up_after=3)
        finally:
            await sink.close()


def setup_influxdb(config: Config) -> str:
    """Make the bucket, or give it its retention; says what was done."""
    settings = config.agent.influxdb
    if settings is None:
        raise PortalwatchError("agent.yaml: influxdb: must be configured to be set up")
    try:
        done = setup_bucket(
            url=settings.url,
            org=settings.org,
            bucket=settings.bucket,
            token=config.token(settings.token_env),
            retention=settings.retention,
            timeout=settings.timeout.total_seconds(),
        )
    except DeliveryError as error:
        raise PortalwatchError(f"influxdb at {settings.url}: {error}") from error
    return f"bucket {settings.bucket}: {done}"


@asynccontextmanager
async def _probing(
    config: Config,
    data: Path,
    *,
    headed: bool = False,
    browser: bool = True,
    name: str = "agent",
) -> AsyncIterator[_Probing]:
    settings = config.agent
    contact = settings.operator.contact
    agent_name = f"portalwatch/{__version__}" + (f" (+{contact})" if contact else "")
    http = HttpProber(trust_store=settings.trust_store, user_agent=agent_name)

    async def reach(url: str) -> Failure | None:
        return await http.probe_url(url, timeout=CONTROL_WITHIN_S)

    witness = Witness(
        controls={control.name: control.url for control in settings.controls},
        services={service.name: service.url for service in settings.services},
        probe=reach,
    )
    pool = Pool(
        PoolSettings(
            run_dir=(data / "run" / name).absolute(),
            executable=settings.browser.executable,
            trust_store=settings.trust_store,
            user_agent_suffix=agent_name,
            headed=headed,
        ),
    )
    async with pool:
        if browser:
            await pool.start()
        prober = BrowserProber(
            pool=pool,
            journeys=JOURNEYS,
            platforms=PLATFORMS,
            services={host: service.name for service in settings.services for host in service.hosts},
            name_trust_fault=lambda url: name_trust_fault(url, settings.trust_store),
        )
        tls = TlsProber(trust_store=settings.trust_store)
        probers: dict[ProbeKind, Prober] = {ProbeKind.HTTP: http, ProbeKind.TLS: tls, ProbeKind.BROWSER: prober}
        yield _Probing(pool=pool, witness=witness, probers=probers)


def _runner(config: Config, journal: Journal, probing: _Probing, data: Path) -> Runner:
    announced = windows(config)
    return Runner(
        probers=probing.probers,
        witness=probing.witness,
        history=journal,
        windows=lambda: announced,
        evidence=data / "evidence",
    )


def _workers(
    config: Config,
    journal: Journal,
    recording: Recording,
    probing: _Probing,
    clock: Clock,
) -> tuple[LocalDispatcher, Workers]:
    settings, dispatcher = config.agent, LocalDispatcher()
    workers = Workers(
        runner=_runner(config, journal, probing, settings.data_dir),
        dispatcher=dispatcher,
        recorder=recording,
        gate=Gate(per_host=settings.rate_cap.per_host, clock=clock),
        lanes={"browser": settings.workers.browser, "net": settings.workers.http},
        clock=clock,
    )
    return dispatcher, workers


async def _sinks(stack: AsyncExitStack, config: Config, journal: Journal, life: Options) -> PrometheusSink:
    """Start a pump for each sink; at the end each gets a moment to bring out what is left."""
    exposed = PrometheusSink()
    now = Clock().now()
    exposed.restore(await asyncio.to_thread(journal.newest_per_check, now - 2 * _longest_interval(config)), now)
    pumps = [Pump(sink=sink, journal=journal, persistent=False) for sink in (exposed, *life.observers)]
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


async def _begin(journal: Journal, config: Config, born: datetime) -> int:
    plan = revision(config, born)
    session = await journal.begin_session(born)
    await journal.accept_revision(plan, sha256(repr(plan.checks).encode()).hexdigest())
    return session


async def _end(journal: Journal, session: int, clock: Clock, life: Options) -> None:
    now = clock.now()
    if not life.owed_when_off or life.until is not None:
        await journal.close_revision(min(now, life.until or now))
    await journal.end_session(session, now)


async def _drain(scheduler: Scheduler, workers: Workers, backlog: asyncio.Task[int], config: Config) -> None:
    await scheduler.stop()
    await workers.stop(config.agent.shutdown_grace.total_seconds())
    backlog.cancel()
    await asyncio.gather(backlog, return_exceptions=True)


def _housekeep(
    scheduler: Scheduler,
    *,
    config: Config,
    journal: Journal,
    session: int,
    sink: PrometheusSink,
    witness: Witness,
    clock: Clock,
) -> None:
    keep, longest = config.agent, _longest_interval(config)

    async def touch() -> None:
        await journal.touch_session(session, clock.now())

    async def reconcile() -> None:
        now = clock.now()
        await catch_up(journal, until=now - 2 * longest - SETTLE, now=now)

    async def prune() -> None:
        now = clock.now()
        kept = keep.journal
        await journal.prune(older_than=now - kept.keep, details_older_than=now - kept.keep_details)
        await asyncio.to_thread(prune_evidence, keep.data_dir / "evidence", now - keep.evidence.keep)

    jobs: list[tuple[float, Callable[[], Awaitable[object]]]] = [
        (SIGN_OF_LIFE_S, touch),
        (WITNESS_EVERY_S, witness.look),
        (HOUSEKEEPING_EVERY_S, reconcile),
        (HOUSEKEEPING_EVERY_S, prune),
    ]
    for seconds, job in jobs:
        scheduler.every(seconds, job)
    if keep.push_gateway is not None:
        scheduler.every(keep.push_gateway.interval.total_seconds(), _pushing(config, sink))


def _pushing(config: Config, sink: PrometheusSink) -> Callable[[], Awaitable[object]]:
    async def push() -> None:
        gateway = config.agent.push_gateway
        if gateway is not None:
            try:
                await sink.push(gateway.url, gateway.job)
            except DeliveryError as error:
                log.warning("push.failed", error=str(error))

    return push


@asynccontextmanager
async def _serving(config: Config, sink: PrometheusSink) -> AsyncIterator[None]:
    settings = config.agent.server
    web = server.create_app(metrics=sink.exposition, ready=lambda: {"journal": True, "scheduler": True})
    async with server.serve(web, host=settings.host, port=settings.port):
        yield


async def _last_hour(journal: Journal, now: datetime) -> list[Result]:
    return await asyncio.to_thread(lambda: list(journal.results_between(now - OVER, now)))


def _longest_interval(config: Config) -> timedelta:
    return max((check.plan.interval for check in checks(config)), default=timedelta(0))


def _find_check(config: Config, portal: str, journey: str) -> Check:
    found = [check for check in checks(config) if check.portal.id == portal and check.journey == journey]
    if found:
        return found[0]
    ids = {entry.id for entry in config.portals}
    names = {entry.name for entry in config.journeys}
    if portal not in ids:
        raise PortalwatchError(f"--portal: unknown portal {portal!r}{_suggest(portal, ids)}")
    if journey not in names:
        raise PortalwatchError(f"--journey: unknown journey {journey!r}{_suggest(journey, names)}")
    raise PortalwatchError(
        f"--portal: {portal} has no check {journey}: enable the portal and select it in journeys.yaml"
    )


def _suggest(word: str, known: set[str]) -> str:
    close = get_close_matches(word, known, n=1)
    return f' (did you mean "{close[0]}"?)' if close else ""


@contextmanager
def _owned(data: Path) -> Iterator[None]:
    """Hold the data directory: two agents on one journal would both own its slots."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "agent.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PortalwatchError(f"data_dir: {data} is in use by a running agent; stop it, or use another") from error
        yield


class _BuildInfo:
    """The version, as a figure."""

    def samples(self) -> list[Sample]:
        """Always 1; the label tells."""
        return [Sample(name="portalwatch_build_info", value=1.0, labels={"version": __version__})]

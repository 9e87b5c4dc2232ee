"""What a person asks for by hand: one run, an empty outbox, a bucket."""

from contextlib import AsyncExitStack
from difflib import get_close_matches
from pathlib import Path
from uuid import uuid4

from agent.app.known import journal_path
from agent.app.parts import influx_sink, owned, probing, runner, safeguards
from agent.clock import Clock
from agent.config import Config, checks, windows
from agent.errors import DeliveryError, PortalwatchError
from agent.guard.evidence import EvidenceStore
from agent.journal import Journal
from agent.model import Check, ProbeKind, Result, RunRequest
from agent.pump import Pump
from agent.sinks.influxdb import setup

GIVE_UP_AFTER = 3


async def check_once(config: Config, *, portal: str, journey: str, headed: bool, data: Path) -> Result:
    """One run by hand: its id has a nonce, and it is kept in no journal, so it stays out of the SLA.

    Raises:
        PortalwatchError: the portal or the journey is not in the configuration, or not enabled.
    """
    check = _find(config, portal, journey)
    now, run_id = Clock().now(), f"manual-{uuid4().hex}"
    request = RunRequest(
        run_id=run_id,
        check=check,
        slot=now,
        location=config.agent.location,
        expires=now + check.plan.interval,
    )
    async with AsyncExitStack() as stack:
        journal = stack.enter_context(Journal.open(journal_path(data)))
        browser = check.probe is ProbeKind.BROWSER
        parts = await stack.enter_async_context(
            probing(config, data / "run" / run_id, secrets=config.secrets, browser=browser, headed=headed)
        )
        evidence = EvidenceStore(data / "evidence", config.secrets)
        running = runner(
            parts,
            journal=journal,
            announced=lambda: windows(config),
            evidence=evidence,
            safeguards=safeguards(journal, lambda: config),
        )
        return await running.run(request)


async def drain_outbox(config: Config, data: Path) -> int:
    """Deliver what waits for InfluxDB; returns how many results left the outbox.

    Raises:
        PortalwatchError: InfluxDB is not configured or not there, or an agent is running on the directory.
    """
    sink = influx_sink(config)
    if sink is None:
        raise PortalwatchError("agent.yaml: influxdb: must be configured to drain its outbox")
    try:
        with owned(data), Journal.open(journal_path(data)) as journal:
            return await Pump(sink=sink, journal=journal).drain(give_up_after=GIVE_UP_AFTER)
    finally:
        await sink.close()


def setup_influxdb(config: Config) -> str:
    """Make the bucket, or give it its retention; says what was done.

    Raises:
        PortalwatchError: InfluxDB is not configured, or the server can't be reached or refuses.
    """
    settings = config.agent.influxdb
    if settings is None:
        raise PortalwatchError("agent.yaml: influxdb: must be configured to be set up")
    try:
        done = setup(
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


def _find(config: Config, portal: str, journey: str) -> Check:
    for check in checks(config):
        if (check.portal.id, check.journey) == (portal, journey):
            return check
    require_known("--portal", "portal", portal, {entry.id for entry in config.portals})
    require_known("--journey", "journey", journey, {entry.name for entry in config.journeys})
    raise PortalwatchError(f"--portal: {portal} has no check {journey}; enable the portal, select it in journeys.yaml")


def require_known(option: str, what: str, word: str, known: set[str]) -> None:
    """Refuse an option that names nothing.

    Raises:
        PortalwatchError: the word is not known; the nearest one is offered.
    """
    if word not in known:
        close = get_close_matches(word, known, n=1)
        hint = f' (did you mean "{close[0]}"?)' if close else ""
        raise PortalwatchError(f'{option}: unknown {what} "{word}"{hint}')

"""Builds what it takes to run a request, and the sinks."""

import fcntl
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from agent import __version__
from agent.app.signatures import by_protocol, pdf_verifier
from agent.config import Config, accounts, accounts_for
from agent.errors import PortalwatchError
from agent.guard.evidence import EvidenceStore, Secrets
from agent.guard.resources import MIB, Resources
from agent.guard.safeguards import RunSafeguards
from agent.guard.sessions import SessionStore
from agent.guard.trial import Trial
from agent.journal import Journal
from agent.model import Account, Holder, Portal, ProbeKind, Window
from agent.ports import Cleaner, Prober, Safeguards
from agent.runner import Runner
from agent.sinks.influxdb import InfluxSink
from agent.witness import Witness
from probes import JOURNEYS, PLATFORMS
from probes.browser.cleaner import BrowserCleaner
from probes.browser.instance import Wear
from probes.browser.pool import Pool, PoolSettings
from probes.browser.prober import BrowserProber, no_session
from probes.http import HttpProber
from probes.tls import TlsProber, name_trust_fault

CONTROL_WITHIN_S = 5.0

AccountsOf = Callable[[Portal], Mapping[Holder, Account]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probing:
    """What it takes to run a request."""

    pool: Pool
    witness: Witness
    probers: Mapping[ProbeKind, Prober]
    cleaner: Cleaner
    sessions: SessionStore | None


@asynccontextmanager
async def probing(
    config: Config,
    run_dir: Path,
    *,
    secrets: Secrets,
    current: Callable[[], Config] | None = None,
    browser: bool = True,
    headed: bool = False,
) -> AsyncIterator[Probing]:
    """The probers; ``browser`` starts one now, so that what is missing on this machine shows at the start.

    No picture shows any of ``secrets``. ``current`` tells the configuration in force where that may change; parts
    built here go by ``config``.
    """
    settings, agent_name = config.agent, user_agent(config)
    with ExitStack() as stack:
        http = HttpProber(trust_store=settings.trust_store, user_agent=agent_name)
        stack.callback(http.close)
        tls = TlsProber(trust_store=settings.trust_store)
        stack.callback(tls.close)
        async with window(config, run_dir, headed=headed) as pool:
            if browser:
                await pool.start()
            entered = partial(_accounts, current or (lambda: config))
            sessions = session_store(config)
            journeys = _browser_prober(config, pool, entered, sessions, secrets)
            cleaner = BrowserCleaner(pool=pool, platforms=PLATFORMS, accounts=entered)
            probers: dict[ProbeKind, Prober] = {ProbeKind.HTTP: http, ProbeKind.TLS: tls, ProbeKind.BROWSER: journeys}
            yield Probing(
                pool=pool, witness=_witness(config, http), probers=probers, cleaner=cleaner, sessions=sessions
            )


def window(config: Config, run_dir: Path, *, headed: bool) -> Pool:
    """A pool of browsers as configured; ``headed`` shows them."""
    settings = config.agent.browser
    return Pool(
        PoolSettings(
            run_dir=run_dir,
            executable=settings.executable,
            trust_store=config.agent.trust_store,
            user_agent_suffix=user_agent(config),
            headed=headed,
            wear=Wear(
                seconds=settings.recycle_after.total_seconds(),
                runs=settings.recycle_runs,
                memory=settings.recycle_mib * MIB,
            ),
        )
    )


def session_store(config: Config) -> SessionStore | None:
    """Where attended log-ins are kept, if they are configured."""
    key = config.session_key()
    return None if key is None else SessionStore(folder=config.agent.data_dir / "sessions", key=key)


def runner(
    parts: Probing,
    *,
    journal: Journal,
    announced: Callable[[], Iterable[Window]],
    evidence: EvidenceStore,
    safeguards: Callable[[str], Safeguards],
    shortage: Callable[[], str] = str,
) -> Runner:
    """The runner over these probers, with the journal's memory and the announced maintenance."""
    return Runner(
        probers=parts.probers,
        witness=parts.witness,
        history=journal,
        windows=announced,
        evidence=evidence,
        safeguards=lambda request: safeguards(request.run_id),
        shortage=shortage,
    )


def safeguards(journal: Journal, config: Callable[[], Config]) -> Callable[[str], Safeguards]:
    """Makes the safeguards of a run id: they write to this journal and know the accounts of the configuration now."""

    def configured(name: str) -> Account | None:
        return next((account for account in accounts(config()) if account.name == name), None)

    trial = Trial()
    return lambda run_id: RunSafeguards(run_id=run_id, book=journal, accounts=configured, trial=trial)


def resources(config: Config) -> Resources:
    """What this machine must have for a run."""
    least = config.agent.resources
    return Resources(data=config.agent.data_dir, least_disk=least.disk_mib * MIB, least_memory=least.memory_mib * MIB)


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


def user_agent(config: Config) -> str:
    """How we name ourselves to a portal, with whom to ask."""
    contact = config.agent.operator.contact
    return f"portalwatch/{__version__}" + (f" (+{contact})" if contact else "")


@contextmanager
def owned(data: Path) -> Iterator[None]:
    """Hold the data directory: two agents on one journal would both own its slots.

    Raises:
        PortalwatchError: another agent holds it.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / "agent.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PortalwatchError(
                f"data_dir: {data} is in use by a running agent; stop it, or name another"
            ) from error
        yield


def _witness(config: Config, http: HttpProber) -> Witness:
    return Witness(
        controls={control.name: control.url for control in config.agent.controls},
        services={service.name: service.url for service in config.agent.services},
        probe=by_protocol(config, http, within=CONTROL_WITHIN_S),
    )


def _accounts(config: Callable[[], Config], portal: Portal) -> Mapping[Holder, Account]:
    return accounts_for(config(), portal.id)


def _browser_prober(
    config: Config, pool: Pool, accounts: AccountsOf, sessions: SessionStore | None, secrets: Secrets
) -> BrowserProber:
    settings = config.agent
    return BrowserProber(
        pool=pool,
        journeys=JOURNEYS,
        platforms=PLATFORMS,
        services={host: service.name for service in settings.services for host in service.hosts},
        name_trust_fault=lambda url: name_trust_fault(url, settings.trust_store),
        accounts=accounts,
        verify_pdf=pdf_verifier(config).verify if settings.signatures.trust_stores else None,
        secrets=secrets,
        sessions=sessions.load if sessions else no_session,
    )

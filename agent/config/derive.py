"""What the other rooms take from a configuration: checks, plan revision, windows, digest. Pure."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256

from agent.clock import to_millis
from agent.config.entries import JourneyEntry, Mode, PortalEntry, WindowEntry
from agent.config.settings import AccountEntry, Schedule
from agent.config.whole import Config
from agent.model import Account, Check, Holder, PlannedCheck, Portal, Revision, Timeouts, Window

_MILLISECOND = timedelta(milliseconds=1)


def checks(config: Config, on: date | None = None) -> tuple[Check, ...]:
    """One check for each enabled journey of each portal that is enabled, valid and allowed.

    ``on`` is the local day that this must hold for; by default the day the configuration was loaded.
    """
    day = on or config.loaded_on
    watched = [portal for portal in config.portals if _watched(portal, day)]
    journeys = [journey for journey in config.journeys if journey.enabled]
    return tuple(
        _check(portal, journey, config.agent.schedule)
        for portal in watched
        for journey in journeys
        if journey.portals.matches(portal)
    )


def revision(config: Config, effective_from: datetime, on: date | None = None) -> Revision:
    """The plan as of ``effective_from``, still in force; ``on`` as in :func:`checks`."""
    planned = tuple(check.plan for check in checks(config, on))
    return Revision(effective_from=effective_from, effective_to=None, location=config.agent.location, checks=planned)


def windows(config: Config) -> tuple[Window, ...]:
    """The announced maintenance windows."""
    return tuple(_window(entry) for entry in config.maintenance)


def accounts(config: Config) -> tuple[Account, ...]:
    """The test accounts with their secrets."""
    return tuple(_account(config, entry) for entry in config.agent.accounts)


def accounts_for(config: Config, portal: str) -> Mapping[Holder, Account]:
    """The account of each holder that a portal may be entered with."""
    entries = [entry for entry in config.agent.accounts if entry.serves(portal)]
    return {entry.holder: _account(config, entry) for entry in entries}


def digest(config: Config) -> str:
    """SHA-256 in hex of all that the files say, whatever their order and comments; no secret enters it."""
    said = config.model_dump(mode="json", exclude={"loaded_on", "tokens", "keys"})
    said["portals"].sort(key=lambda portal: portal["id"])
    said["journeys"].sort(key=lambda journey: journey["name"])
    said["maintenance"].sort(key=_canonical)
    said["requirements"].sort(key=lambda requirement: requirement["id"])
    return sha256(_canonical(said).encode()).hexdigest()


def offset(check_id: str, interval: timedelta, schedule: Schedule) -> timedelta:
    """Where in ``interval`` a check's slots lie: whole milliseconds, the same in every process and release."""
    length = interval // _MILLISECOND
    spread = min(interval, schedule.spread or interval) // _MILLISECOND
    anchor = to_millis(schedule.anchor) if schedule.anchor else 0
    drawn = int.from_bytes(sha256(check_id.encode()).digest()) % spread
    return timedelta(milliseconds=(anchor + drawn) % length)


def _watched(portal: PortalEntry, day: date) -> bool:
    return portal.enabled and portal.valid_on(day) and portal.allowed_on(day)


def _check(portal: PortalEntry, journey: JourneyEntry, schedule: Schedule) -> Check:
    limits = journey.timeouts
    return Check(
        plan=_planned(portal, journey, schedule),
        portal=_portal(portal),
        probe=journey.probe,
        timeouts=Timeouts(
            step=limits.step.total_seconds(),
            journey=limits.journey.total_seconds(),
            run=limits.run.total_seconds(),
        ),
        slow_after=journey.objective.duration.total_seconds(),
        options=dict(journey.options),
    )


def _account(config: Config, entry: AccountEntry) -> Account:
    key = config.keys.get(entry.name)
    return Account(
        name=entry.name,
        holder=entry.holder,
        username=config.token(entry.username_env),
        password=config.token(entry.password_env),
        pin=config.token(entry.pin_env) if entry.pin_env else "",
        key=key.get_secret_value() if key else b"",
        key_password=config.token(entry.key.password_env) if entry.key else "",
    )


def _planned(portal: PortalEntry, journey: JourneyEntry, schedule: Schedule) -> PlannedCheck:
    return PlannedCheck(
        portal=portal.id,
        kind=portal.kind,
        platform=portal.platform,
        journey=journey.name,
        interval=journey.interval,
        offset=offset(f"{portal.id}/{journey.name}", journey.interval, schedule),
    )


def _portal(entry: PortalEntry) -> Portal:
    return Portal(
        id=entry.id,
        kind=entry.kind,
        platform=entry.platform,
        name_vi=entry.name_vi,
        name_en=entry.name_en,
        base_url=entry.base_url,
        features=frozenset(entry.features),
        submits=entry.mode is Mode.TEST,
    )


def _window(entry: WindowEntry) -> Window:
    return Window(portals=frozenset(entry.portals), starts=entry.starts, ends=entry.ends, recorded_at=entry.recorded_at)


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

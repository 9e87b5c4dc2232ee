"""Each file checked by itself: what is valid in it is kept, so that the rules between files can still speak."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from agent.config.entries import JourneyEntry, PortalEntry, WindowEntry
from agent.config.fields import Strict
from agent.config.parts import AGENT, JOURNEYS, MAINTENANCE, PORTALS, Known, Parts, Row, Said
from agent.config.requirements import REQUIREMENTS, RequirementEntry
from agent.config.settings import Settings
from agent.config.source import Finding, Loc, Source
from agent.config.wording import finding, got

Model = TypeVar("Model", bound=BaseModel)


class _PortalsFile(Strict):
    portals: tuple[Any, ...]


class _JourneysFile(Strict):
    journeys: tuple[Any, ...]


class _WindowsFile(Strict):
    windows: tuple[Any, ...]


class _RequirementsFile(Strict):
    requirements: tuple[Any, ...]


def gather(sources: Mapping[str, Source], known: Known, now: datetime) -> tuple[Parts, list[Said]]:
    """What is valid in the files, and what each has wrong by itself."""
    settings, odd_settings = _settings(sources[AGENT])
    portals, odd_portals = _rows(sources[PORTALS], "portals", _PortalsFile, PortalEntry)
    journeys, odd_journeys = _rows(sources[JOURNEYS], "journeys", _JourneysFile, JourneyEntry)
    windows, odd_windows = _rows(sources[MAINTENANCE], "windows", _WindowsFile, WindowEntry)
    demands, odd_demands = _rows(sources[REQUIREMENTS], "requirements", _RequirementsFile, RequirementEntry)
    parts = Parts(
        settings=settings,
        portals=portals,
        journeys=journeys,
        windows=windows,
        requirements=demands,
        ids=_ids(sources[PORTALS], "portals"),
        requirement_ids=_ids(sources[REQUIREMENTS], "requirements"),
        known=known,
        now=now,
    )
    odd = {AGENT: odd_settings, PORTALS: odd_portals, JOURNEYS: odd_journeys, MAINTENANCE: odd_windows}
    odd[REQUIREMENTS] = odd_demands
    return parts, [said for file, found in odd.items() for said in within(file, found)]


def repeated(sources: Mapping[str, Source]) -> Iterator[Said]:
    """Names that stand twice in a list where each must be its own."""
    for file, name, key in (
        (AGENT, "controls", "name"),
        (AGENT, "services", "name"),
        (AGENT, "accounts", "name"),
        (PORTALS, "portals", "id"),
        (JOURNEYS, "journeys", "name"),
        (REQUIREMENTS, "requirements", "id"),
    ):
        yield from within(file, _repeats(sources[file], name, key))


def within(file: str, found: Iterable[Finding]) -> Iterator[Said]:
    """The findings with the name of their file."""
    return ((file, each) for each in found)


def _settings(source: Source) -> tuple[Settings | None, list[Finding]]:
    if source.broken:
        return None, []
    found = _findings(Settings, source.data)
    if not isinstance(source.data, Mapping):
        return None, found
    # Sections all have defaults: those stand in for the broken ones while the rest is looked at.
    wrong = {each.loc[0] for each in found}
    return Settings.model_validate({key: value for key, value in source.data.items() if key not in wrong}), found


def _rows(
    source: Source, name: str, whole: type[BaseModel], entry: type[Model]
) -> tuple[tuple[Row[Model], ...], list[Finding]]:
    found = [] if source.broken else _findings(whole, source.data)
    rows = []
    for index, item in enumerate(_entries(source, name)):
        wrong = _findings(entry, item, (name, index))
        found += wrong
        rows += [] if wrong else [Row(loc=(name, index), item=entry.model_validate(item))]
    return tuple(rows), found


def _findings(model: type[BaseModel], data: object, prefix: Loc = ()) -> list[Finding]:
    try:
        model.model_validate(data)
    except ValidationError as error:
        return [finding(each, model, prefix) for each in error.errors(include_url=False) if not _echo(each)]
    return []


def _echo(error: ErrorDetails) -> bool:
    # A list whose only items are wrong is called empty beside what is said about the items.
    return error["type"] == "too_short" and bool(error["input"])


def _entries(source: Source, name: str) -> tuple[Any, ...]:
    entries = source.data.get(name) if isinstance(source.data, Mapping) else ()
    return entries if isinstance(entries, tuple) else ()


def _ids(source: Source, name: str) -> frozenset[str] | None:
    if not isinstance(source.data, Mapping) or not isinstance(source.data.get(name), tuple):
        return None
    ids = (entry.get("id") for entry in _entries(source, name) if isinstance(entry, Mapping))
    return frozenset(each for each in ids if isinstance(each, str))


def _repeats(source: Source, name: str, key: str) -> Iterator[Finding]:
    seen: dict[str, Loc] = {}
    for index, entry in enumerate(_entries(source, name)):
        value = entry.get(key) if isinstance(entry, Mapping) else None
        loc = (name, index, key)
        if isinstance(value, str) and seen.setdefault(value, loc) != loc:
            first = source.line(seen[value])
            text = f"must be unique, {got(value)} is on line {first} and on line {source.line(loc)}"
            yield Finding(loc=loc, text=text)

"""What is valid of the five files, for the rules between them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, TypeVar

from pydantic import BaseModel

from agent.config.entries import JourneyEntry, PortalEntry, WindowEntry
from agent.config.fields import ZONE
from agent.config.requirements import REQUIREMENTS, RequirementEntry
from agent.config.settings import Settings
from agent.config.source import Finding, Loc
from agent.model import Holder, OptionRule

Model = TypeVar("Model", bound=BaseModel)

AGENT, PORTALS, JOURNEYS, MAINTENANCE = "agent.yaml", "portals.yaml", "journeys.yaml", "maintenance.yaml"
NEEDED = (AGENT, PORTALS, JOURNEYS, MAINTENANCE)
FILES = (*NEEDED, REQUIREMENTS)

Said = tuple[str, Finding]
"""A finding with the name of its file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The names that the registries know, handed in by the app.

    ``holders`` tells whose test account a browser journey needs.

    ``options`` holds, for a probe (http, tls) or a browser journey, the rule of each option it reads; one that is not
    there is not checked. ``requirements`` are the ids that probes and journeys can observe.
    """

    journeys: frozenset[str]
    platforms: frozenset[str]
    options: Mapping[str, Mapping[str, OptionRule]] = field(default_factory=dict)
    holders: Mapping[str, tuple[Holder, ...]] = field(default_factory=dict)
    requirements: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Generic[Model]):
    """A valid entry of a list and where it stands in its file."""

    loc: Loc
    item: Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What is valid so far.

    ``ids`` are all that portals.yaml names, in valid entries or not, and ``requirement_ids`` those of
    requirements.yaml; None: unreadable.
    """

    settings: Settings | None
    portals: tuple[Row[PortalEntry], ...]
    journeys: tuple[Row[JourneyEntry], ...]
    windows: tuple[Row[WindowEntry], ...]
    requirements: tuple[Row[RequirementEntry], ...]
    ids: frozenset[str] | None
    requirement_ids: frozenset[str] | None
    known: Known
    now: datetime

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(ZONE).date()

    def watched(self) -> Iterator[Row[PortalEntry]]:
        """The enabled portals that are not on this machine, unless they ended before today."""
        for row in self.portals:
            if row.item.enabled and not row.item.loopback and (row.item.valid_to or self.today) >= self.today:
                yield row

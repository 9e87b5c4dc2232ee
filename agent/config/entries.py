"""What one portal, one journey and one maintenance window may say."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

from agent.config.addresses import is_local_url
from agent.config.fields import Day, Duration, Moment, Origin, Slug, Strict, Text, at_least, refuse
from agent.model import Kind, ProbeKind


class Mode(StrEnum):
    """What a run may do to a portal: read, or also submit."""

    OBSERVE = "observe"
    TEST = "test"


class PortalEntry(Strict):
    """One portal of portals.yaml. Days are local and included; None is open."""

    id: Slug
    kind: Annotated[Kind, Field(strict=False)]
    platform: str
    name_vi: Text
    name_en: Text
    base_url: Origin
    host_verified: bool = False
    enabled: bool = False
    valid_from: Day | None = None
    valid_to: Day | None = None
    successor: str | None = None
    features: tuple[Slug, ...] = ()
    authorised_by: Text | None = None
    authorised_until: Day | None = None
    mode: Annotated[Mode, Field(strict=False)] = Mode.OBSERVE

    @property
    def loopback(self) -> bool:
        """Whether the portal is on this machine."""
        return is_local_url(self.base_url)

    def valid_on(self, day: date) -> bool:
        """Whether the portal is its body's own on a local day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)

    def allowed_on(self, day: date) -> bool:
        """Whether we may look at the portal on a local day."""
        named = self.authorised_by is not None and self.authorised_until is not None
        return self.loopback or (named and day <= (self.authorised_until or date.min))


class TimeoutRules(Strict):
    """The time-out ladder, below the interval."""

    step: Duration
    journey: Duration
    run: Duration


class Objective(Strict):
    """A pass that takes longer than ``duration`` is slow; ``availability`` is in percent."""

    duration: Duration
    availability: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]


class Selector(Strict):
    """Which portals a journey visits: those that match every list; an empty list matches all."""

    kinds: Annotated[tuple[Annotated[Kind, Field(strict=False)], ...], Field(min_length=1)] = ()
    platforms: Annotated[tuple[str, ...], Field(min_length=1)] = ()
    ids: Annotated[tuple[str, ...], Field(min_length=1)] = ()

    def matches(self, portal: PortalEntry) -> bool:
        """Whether the portal is selected."""
        return (
            (not self.kinds or portal.kind in self.kinds)
            and (not self.platforms or portal.platform in self.platforms)
            and (not self.ids or portal.id in self.ids)
        )


class JourneyEntry(Strict):
    """One entry of journeys.yaml: a journey or probe, how often, and on which portals."""

    name: Slug
    probe: Annotated[ProbeKind, Field(strict=False)]
    interval: Annotated[Duration, at_least("1s")]
    timeouts: TimeoutRules
    objective: Objective
    options: Mapping[str, str] = {}
    portals: Selector = Selector()
    enabled: bool = True

    @property
    def rungs(self) -> tuple[tuple[str, timedelta], ...]:
        """The time-out ladder from the shortest to the longest, each by its path."""
        limits = self.timeouts
        steps = (("timeouts.step", limits.step), ("timeouts.journey", limits.journey), ("timeouts.run", limits.run))
        return (*steps, ("interval", self.interval))


def _portals(value: object) -> tuple[object, ...]:
    if value == "all":
        return ()
    # An empty list is more likely a slip than a wish, and would mean "all" further on.
    if not isinstance(value, tuple) or not value:
        raise refuse("must be all, or a list of at least one portal's id")
    return value


class WindowEntry(Strict):
    """An announced maintenance window; ``portals`` empty means all, times are UTC."""

    portals: Annotated[tuple[str, ...], BeforeValidator(_portals)]
    starts: Moment
    ends: Moment
    recorded_at: Moment
    note: str = ""

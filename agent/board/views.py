"""The frozen values that pages and the JSON API show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from agent.model import Cause, Flag, Kind, Portal, Requirement, Result, Verdict


class State(StrEnum):
    """What a reader may take from a check now. Unknown is not down and not up."""

    UP = "up"
    DOWN = "down"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One slot of a check, as small as a bar needs it."""

    run_id: str
    slot: datetime
    verdict: Verdict
    cause: Cause | None
    flags: frozenset[Flag]
    duration_s: float

    @classmethod
    def of(cls, result: Result) -> "Run":
        """The run behind a result."""
        return cls(
            run_id=result.run_id,
            slot=result.slot,
            verdict=result.verdict,
            cause=result.cause,
            flags=result.flags,
            duration_s=result.duration_s,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """A check at a glance; ``runs`` are the newest ones, oldest first.

    ``since`` is the first slot known to have the newest one's verdict, which may have begun before unless
    ``since_exact``. ``stale``: the newest slot is too old to say anything of now, or there is none.
    ``requirements`` are those of the newest measured run.

    Over the last 24 hours: ``ended`` slots, ``measured`` ones, ``availability`` of those that say something
    of the portal (None: there is none), and ``completeness``, the measured share of the ended.
    """

    portal: str
    journey: str
    state: State
    verdict: Verdict | None
    since: datetime | None
    since_exact: bool
    stale: bool
    runs: tuple[Run, ...]
    ended: int
    measured: int
    availability: float | None
    completeness: float | None
    requirements: Mapping[str, Requirement] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalView:
    """A portal with its checks by journey."""

    portal: Portal
    checks: Mapping[str, CheckView]

    @property
    def state(self) -> State:
        """The worst of its checks: down, then unsure, then unknown, then up."""
        states = {check.state for check in self.checks.values()}
        order = (State.DOWN, State.UNSURE, State.UNKNOWN, State.UP)
        return next((state for state in order if state in states), State.UNKNOWN)

    @property
    def kind(self) -> Kind:
        """Ministry or province."""
        return self.portal.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A check whose verdict became another."""

    at: datetime
    portal: str
    journey: str
    before: Verdict
    after: Verdict
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All portals; ``changes`` of the last hour, newest first."""

    at: datetime
    portals: tuple[PortalView, ...]
    journeys: tuple[str, ...]
    changes: tuple[Change, ...]
    counts: Mapping[State, int] = field(default_factory=dict)
    completeness: float | None = None

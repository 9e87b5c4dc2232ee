"""Keeps each check's newest runs and hourly counts, fed by a pump like any sink."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agent.board.views import Change, CheckView, Overview, PortalView, Run, State
from agent.clock import Clock
from agent.model import Check, Portal, Result, Tally, Verdict

RUNS_SHOWN = 30
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
CHANGES_KEPT = 500

STATES = {
    Verdict.PASS: State.UP,
    Verdict.NOT_OFFERED: State.UP,
    Verdict.PORTAL_FAULT: State.DOWN,
    Verdict.MISSED: State.UNKNOWN,
}
"""Every other verdict says that something is wrong which is not, or not surely, the portal's."""


@dataclass(slots=True)
class _Track:
    """What is remembered of one check."""

    runs: deque[Run] = field(default_factory=lambda: deque(maxlen=RUNS_SHOWN))
    hours: dict[datetime, Counter[Verdict]] = field(default_factory=dict)
    since: datetime | None = None

    def take(self, run: Run) -> Verdict | None:
        """Add a run that is newer than all; returns the verdict before it when that was another."""
        before = self.runs[-1].verdict if self.runs else None
        self.runs.append(run)
        if before is run.verdict:
            return None
        self.since = run.slot
        return before

    def count(self, slot: datetime, verdict: Verdict, number: int = 1) -> None:
        """Count a slot's outcome under its hour, and forget hours older than a day."""
        hour = slot.replace(minute=0, second=0, microsecond=0)
        self.hours.setdefault(hour, Counter())[verdict] += number
        for old in [known for known in self.hours if known < hour - DAY]:
            del self.hours[old]


class Board:
    """The read model of the status page. ``checks`` tells the configuration in force."""

    name = "board"

    def __init__(self, *, checks: Callable[[], Iterable[Check]], clock: Clock | None = None) -> None:
        self._checks = checks
        self._clock = clock or Clock()
        self._tracks: dict[str, _Track] = {}
        self._changes: deque[Change] = deque(maxlen=CHANGES_KEPT)
        self.version = 0

    def restore(self, runs: Iterable[Result], tallies: Iterable[Tally]) -> None:
        """Take up after a start: each check's newest results in order of slot, and the counts of the last day."""
        for result in runs:
            self._track(result).take(Run.of(result))
        for tally in tallies:
            self._tracks.setdefault(tally.check_id, _Track()).count(tally.hour, tally.verdict, tally.count)

    async def write(self, results: Sequence[Result]) -> None:
        """Take a batch; a slot that arrives late is counted, and changes nothing that is newer."""
        for result in results:
            track = self._track(result)
            track.count(result.slot, result.verdict)
            if not track.runs or result.slot > track.runs[-1].slot:
                self._note(result, track)
        self.version += 1

    def overview(self) -> Overview:
        """All portals of the configuration in force, in its order."""
        now, by_portal = self._clock.now(), self._by_portal()
        portals = tuple(self._portal(portal, checks, now) for portal, checks in by_portal.values())
        views = [view for portal in portals for view in portal.checks.values()]
        ended = sum(view.ended for view in views)
        journeys = dict.fromkeys(view.journey for view in views)
        return Overview(
            at=now,
            portals=portals,
            journeys=tuple(journeys),
            changes=tuple(change for change in reversed(self._changes) if change.at >= now - HOUR),
            counts=Counter(portal.state for portal in portals),
            completeness=sum(view.measured for view in views) / ended if ended else None,
        )

    def portal(self, portal_id: str) -> PortalView | None:
        """One portal, or None when the configuration has none of that id."""
        found = self._by_portal().get(portal_id)
        return self._portal(*found, self._clock.now()) if found else None

    def _note(self, result: Result, track: _Track) -> None:
        before = track.take(Run.of(result))
        if before is not None:
            self._changes.append(
                Change(
                    at=result.slot,
                    portal=result.portal,
                    journey=result.journey,
                    before=before,
                    after=result.verdict,
                    run_id=result.run_id,
                )
            )

    def _track(self, result: Result) -> _Track:
        return self._tracks.setdefault(f"{result.portal}/{result.journey}", _Track())

    def _by_portal(self) -> Mapping[str, tuple[Portal, list[Check]]]:
        found: dict[str, tuple[Portal, list[Check]]] = {}
        for check in self._checks():
            found.setdefault(check.portal.id, (check.portal, []))[1].append(check)
        return found

    def _portal(self, portal: Portal, checks: Iterable[Check], now: datetime) -> PortalView:
        return PortalView(portal=portal, checks={check.journey: self._view(check, now) for check in checks})

    def _view(self, check: Check, now: datetime) -> CheckView:
        track = self._tracks.get(check.id) or _Track()
        counts = _day(track, now)
        ended, missed = counts.total(), counts[Verdict.MISSED]
        newest = track.runs[-1] if track.runs else None
        stale = newest is None or now - newest.slot > 2 * check.plan.interval + timedelta(seconds=check.timeouts.run)
        return CheckView(
            portal=check.portal.id,
            journey=check.journey,
            state=State.UNKNOWN if stale or newest is None else STATES.get(newest.verdict, State.UNSURE),
            verdict=newest.verdict if newest else None,
            since=track.since,
            runs=tuple(track.runs),
            ended=ended,
            measured=ended - missed,
            availability=_availability(counts),
            completeness=(ended - missed) / ended if ended else None,
        )


def _day(track: _Track, now: datetime) -> Counter[Verdict]:
    hours = (counts for hour, counts in track.hours.items() if hour > now - DAY)
    return sum(hours, Counter())


def _availability(counts: Counter[Verdict]) -> float | None:
    """Passes over passes and the portal's faults: what was blocked, unsure or missed says nothing of the portal."""
    telling = counts[Verdict.PASS] + counts[Verdict.PORTAL_FAULT]
    return counts[Verdict.PASS] / telling if telling else None

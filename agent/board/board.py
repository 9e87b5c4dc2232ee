"""Keeps each check's newest runs and hourly counts, fed by a pump like any sink."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from agent.board.track import DAY, RUNS_KEPT, Track
from agent.board.views import Change, CheckView, Overview, PortalView, State
from agent.clock import Clock
from agent.model import Check, Portal, Result, Tally, Verdict

__all__ = ["DAY", "RUNS_KEPT", "RUNS_SHOWN", "Board"]

RUNS_SHOWN = 30
HOUR = timedelta(hours=1)

STATES = {
    Verdict.PASS: State.UP,
    Verdict.NOT_OFFERED: State.UP,
    Verdict.PORTAL_FAULT: State.DOWN,
    Verdict.MISSED: State.UNKNOWN,
}
"""Every other verdict says that something is wrong which is not, or not surely, the portal's."""


class Board:
    """The read model of the status page. ``checks`` tells the configuration in force."""

    name = "board"

    def __init__(self, *, checks: Callable[[], Iterable[Check]], clock: Clock | None = None) -> None:
        self._checks = checks
        self._clock = clock or Clock()
        self._tracks: dict[str, Track] = {}

    def restore(self, runs: Iterable[Result], tallies: Iterable[Tally]) -> None:
        """Take up after a start: each check's newest results in order of slot, and the counts of the last day."""
        for result in runs:
            self._track(result).remember(result)
        for tally in tallies:
            self._tracks.setdefault(tally.check_id, Track()).count(tally.hour, tally.verdict, tally.count)

    async def write(self, results: Sequence[Result]) -> None:
        """Take a batch. A slot that arrives late takes its place among the others, and hides nothing newer."""
        for result in results:
            self._track(result).take(result)

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
            changes=self._changes(portals, now - HOUR),
            counts=Counter(portal.state for portal in portals),
            completeness=sum(view.measured for view in views) / ended if ended else None,
        )

    def portal(self, portal_id: str) -> PortalView | None:
        """One portal, or None when the configuration has none of that id."""
        found = self._by_portal().get(portal_id)
        return self._portal(*found, self._clock.now()) if found else None

    def _changes(self, portals: Iterable[PortalView], since: datetime) -> tuple[Change, ...]:
        found = [
            Change(
                at=run.slot,
                portal=view.portal,
                journey=view.journey,
                before=before.verdict,
                after=run.verdict,
                run_id=run.run_id,
            )
            for portal in portals
            for view in portal.checks.values()
            for before, run in self._known(view.portal, view.journey).changes(since)
        ]
        return tuple(sorted(found, key=attrgetter("at"), reverse=True))

    def _track(self, result: Result) -> Track:
        return self._tracks.setdefault(f"{result.portal}/{result.journey}", Track())

    def _known(self, portal: str, journey: str) -> Track:
        return self._tracks.get(f"{portal}/{journey}") or Track()

    def _by_portal(self) -> Mapping[str, tuple[Portal, list[Check]]]:
        found: dict[str, tuple[Portal, list[Check]]] = {}
        for check in self._checks():
            found.setdefault(check.portal.id, (check.portal, []))[1].append(check)
        return found

    def _portal(self, portal: Portal, checks: Iterable[Check], now: datetime) -> PortalView:
        return PortalView(portal=portal, checks={check.journey: self._view(check, now) for check in checks})

    def _view(self, check: Check, now: datetime) -> CheckView:
        track = self._known(check.portal.id, check.journey)
        counts = track.counts(now - DAY)
        ended, missed = counts.total(), counts[Verdict.MISSED]
        newest = track.runs[-1] if track.runs else None
        stale = newest is None or now - newest.slot > 2 * check.plan.interval + timedelta(seconds=check.timeouts.run)
        return CheckView(
            portal=check.portal.id,
            journey=check.journey,
            state=State.UNKNOWN if stale or newest is None else STATES.get(newest.verdict, State.UNSURE),
            verdict=newest.verdict if newest else None,
            since=track.since,
            since_exact=track.exact,
            stale=stale,
            runs=tuple(track.runs[-RUNS_SHOWN:]),
            requirements=track.requirements,
            ended=ended,
            measured=ended - missed,
            availability=_availability(counts),
            completeness=(ended - missed) / ended if ended else None,
        )


def _availability(counts: Counter[Verdict]) -> float | None:
    """Passes over passes and the portal's faults: what was blocked, unsure or missed says nothing of the portal."""
    telling = counts[Verdict.PASS] + counts[Verdict.PORTAL_FAULT]
    return counts[Verdict.PASS] / telling if telling else None

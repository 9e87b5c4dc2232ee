"""What is remembered of one check."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from agent.board.views import Run
from agent.model import Requirement, Result, Verdict

RUNS_KEPT = 61
"""An hour of a check that runs every minute; one that runs more often shows the changes of its last 61 runs."""

DAY = timedelta(days=1)


@dataclass(slots=True)
class Track:
    """A check's newest runs in order of slot, its outcomes by hour, and what its newest measured run observed.

    ``since`` is the first slot known to have the newest one's verdict; ``exact`` says that the one before had another.
    """

    runs: list[Run] = field(default_factory=list)
    hours: dict[datetime, Counter[Verdict]] = field(default_factory=dict)
    requirements: Mapping[str, Requirement] = field(default_factory=dict)
    since: datetime | None = None
    exact: bool = False

    def take(self, result: Result) -> None:
        """Count a result and remember it. A measured one replaces ``missed``; any other second delivery is known."""
        known = next((run for run in reversed(self.runs) if run.run_id == result.run_id), None)
        if known is not None:
            if known.verdict is not Verdict.MISSED or not result.measured:
                return
            self.runs.remove(known)
            self.count(known.slot, known.verdict, -1)
        self.count(result.slot, result.verdict)
        self.remember(result, anew=known is not None)

    def remember(self, result: Result, *, anew: bool = False) -> None:
        """Put a run in its place without counting it; ``anew`` says that another stood there."""
        run = Run.of(result)
        if anew or (self.runs and run.slot < self.runs[-1].slot):
            self._insert(run)
        else:
            self._append(run)
        del self.runs[:-RUNS_KEPT]
        if result.measured and run is self.runs[-1]:
            self.requirements = dict(result.requirements)

    def count(self, slot: datetime, verdict: Verdict, number: int = 1) -> None:
        """Count a slot's outcome under its hour, and forget hours older than a day."""
        hour = slot.replace(minute=0, second=0, microsecond=0)
        self.hours.setdefault(hour, Counter())[verdict] += number
        for old in [known for known in self.hours if known < hour - DAY]:
            del self.hours[old]

    def counts(self, after: datetime) -> Counter[Verdict]:
        """The outcomes of the hours that began after an instant."""
        total: Counter[Verdict] = Counter()
        for hour, counts in self.hours.items():
            if hour > after:
                for verdict, number in counts.items():
                    total[verdict] += number
        return total

    def changes(self, since: datetime) -> Iterator[tuple[Run, Run]]:
        """Neighbouring runs with different verdicts, the later one not before ``since``; newest first."""
        for run, before in pairwise(reversed(self.runs)):
            if run.slot < since:
                return
            if run.verdict is not before.verdict:
                yield before, run

    def _append(self, run: Run) -> None:
        before = self.runs[-1].verdict if self.runs else None
        self.runs.append(run)
        if before is not run.verdict:
            self.since, self.exact = run.slot, before is not None

    def _insert(self, run: Run) -> None:
        self.runs.append(run)
        self.runs.sort(key=lambda one: one.slot)
        verdict, start = self.runs[-1].verdict, len(self.runs) - 1
        while start and self.runs[start - 1].verdict is verdict:
            start -= 1
        first = self.runs[start].slot
        # Runs that were forgotten may have begun the stretch: then what was known of it stands.
        if start or self.since is None or self.since > first:
            self.since, self.exact = first, start > 0

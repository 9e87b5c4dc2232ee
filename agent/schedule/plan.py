"""Which slots are planned between two instants: pure arithmetic in whole milliseconds."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from agent.clock import from_millis, to_millis
from agent.model import PlannedCheck, Revision, Slot


def run_id(check_id: str, slot: datetime, location: str) -> str:
    """32 hex digits, the same for the same check, slot and location on every host and for ever."""
    return hashlib.sha256(f"{check_id}|{to_millis(slot)}|{location}".encode()).hexdigest()[:32]


def next_slot(check: PlannedCheck, after: datetime) -> datetime:
    """The first slot of a check strictly after an instant."""
    interval, offset = _millis(check.interval), _millis(check.offset)
    return from_millis(((to_millis(after) - offset) // interval + 1) * interval + offset)


def next_instant(checks: Sequence[PlannedCheck], after: datetime) -> datetime | None:
    """The first instant after ``after`` at which any check has a slot."""
    return min((next_slot(check, after) for check in checks), default=None)


def due(checks: Iterable[PlannedCheck], after: datetime, until: datetime) -> list[Slot]:
    """Every slot in ``(after, until]``, in order of time, then of check."""
    slots = [Slot(check=check, at=at) for check in checks for at in _instants(check, after, until)]
    return sorted(slots, key=lambda slot: (slot.at, slot.check.id))


def planned(revision: Revision, after: datetime, until: datetime) -> list[Slot]:
    """Every slot that a revision owed in ``(after, until]``, within its time in force."""
    start = max(after, revision.effective_from)
    end = until if revision.effective_to is None else min(until, revision.effective_to)
    return due(revision.checks, start, end)


def _instants(check: PlannedCheck, after: datetime, until: datetime) -> Iterator[datetime]:
    at = next_slot(check, after)
    while at <= until:
        yield at
        at += check.interval


def _millis(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)

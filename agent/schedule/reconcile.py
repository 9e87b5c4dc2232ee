"""Planned minus journaled: what was owed and never ran becomes ``missed``, with its cause. Pure."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from agent.model import Cause, PlannedCheck, Result, Revision, Session, Slot, Verdict
from agent.schedule import plan


def missed(check: PlannedCheck, slot: datetime, *, location: str, cause: Cause) -> Result:
    """The result of a slot that never ran."""
    return Result(
        run_id=plan.run_id(check.id, slot, location),
        portal=check.portal,
        kind=check.kind,
        platform=check.platform,
        journey=check.journey,
        location=location,
        slot=slot,
        started=None,
        duration_s=0.0,
        verdict=Verdict.MISSED,
        cause=cause,
        interval_s=check.interval.total_seconds(),
    )


def missing(
    revisions: Sequence[Revision],
    sessions: Sequence[Session],
    journaled: Collection[str],
    after: datetime,
    until: datetime,
) -> Iterator[Result]:
    """A ``missed`` result for each slot in ``(after, until]`` that was planned and isn't journaled.

    ``sessions`` are the agent's lives in order; the last one may be the running one.
    """
    for revision in revisions:
        for slot in plan.planned(revision, after, until):
            if plan.run_id(slot.check.id, slot.at, revision.location) not in journaled:
                yield missed(
                    slot.check,
                    slot.at,
                    location=revision.location,
                    cause=cause_of(slot, sessions),
                )


def cause_of(slot: Slot, sessions: Sequence[Session]) -> Cause:
    """Why a slot never ran, from the life of the agent it fell into or after."""
    lives = [session for session in sessions if session.started < slot.at]
    if not lives:
        return Cause.STOPPED
    life = lives[-1]
    if life.stopped is not None:
        return Cause.STOPPED if slot.at > life.stopped else Cause.CAPACITY
    return Cause.CAPACITY if life is sessions[-1] else Cause.KILLED

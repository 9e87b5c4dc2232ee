"""Planned minus journaled, and the cause of each missing slot."""

from datetime import timedelta

from hypothesis import given, strategies as st

from agent.model import Cause, Revision, Session, Slot, Verdict
from agent.schedule import plan
from agent.schedule.reconcile import cause_of, missing
from tests.factories import START, planned

MINUTE = timedelta(minutes=1)
CHECK = planned(interval=MINUTE)
REVISION = Revision(effective_from=START, effective_to=None, location="default", checks=(CHECK,))


def at(minutes):
    return START + minutes * MINUTE


def life(started, seen, stopped=None):
    return Session(started=at(started), seen=at(seen), stopped=None if stopped is None else at(stopped))


@given(st.sets(st.integers(1, 60)))
def test_it_finds_exactly_the_slots_that_are_not_journaled(ran):
    journaled = {plan.run_id(CHECK.id, at(minute), "default") for minute in ran}
    found = list(missing([REVISION], [life(0, 60)], journaled, START, at(60)))
    assert {result.slot for result in found} == {at(minute) for minute in range(1, 61) if minute not in ran}
    assert all(result.verdict is Verdict.MISSED and not result.measured for result in found)


def test_it_follows_each_revision_within_its_time():
    first = Revision(effective_from=START, effective_to=at(10), location="default", checks=(CHECK,))
    slower = planned(interval=5 * MINUTE)
    second = Revision(effective_from=at(10), effective_to=None, location="default", checks=(slower,))
    found = list(missing([first, second], [], set(), START, at(30)))
    assert len(found) == 10 + 4


def test_it_gives_a_missed_slot_the_run_id_the_run_would_have_had():
    (one,) = missing([REVISION], [], set(), START, at(1))
    assert one.run_id == plan.run_id(CHECK.id, at(1), "default")
    assert one.interval_s == 60


def test_it_tells_killed_from_stopped_from_short_of_capacity():
    lives = [life(0, 10), life(20, 30, stopped=30), life(40, 50)]

    def cause(minute):
        return cause_of(Slot(check=CHECK, at=at(minute)), lives)

    assert cause(5) is Cause.KILLED
    assert cause(15) is Cause.KILLED
    assert cause(25) is Cause.CAPACITY
    assert cause(35) is Cause.STOPPED
    assert cause(45) is Cause.CAPACITY
    assert cause(-5) is Cause.STOPPED

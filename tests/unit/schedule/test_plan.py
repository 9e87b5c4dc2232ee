"""The plan's arithmetic, by properties."""

from datetime import timedelta

from hypothesis import given, strategies as st

from agent.model import Revision
from agent.schedule import plan
from tests.factories import START, planned

spans = st.integers(min_value=1_000, max_value=7_200_000).map(lambda ms: timedelta(milliseconds=ms))
instants = st.integers(min_value=0, max_value=10**9).map(lambda ms: START + timedelta(milliseconds=ms))


@st.composite
def checks(draw, number=""):
    interval = draw(spans)
    offset = timedelta(milliseconds=draw(st.integers(0, interval // timedelta(milliseconds=1) - 1)))
    return planned(portal=f"portal{number}", interval=interval, offset=offset)


@given(checks(), instants)
def test_it_names_the_first_slot_strictly_after_an_instant(check, after):
    slot = plan.next_slot(check, after)
    assert after < slot <= after + check.interval
    assert plan.next_slot(check, slot - timedelta(milliseconds=1)) == slot
    assert plan.next_slot(check, slot) == slot + check.interval


@given(checks(), instants, st.lists(st.integers(0, 3_600_000), min_size=1, max_size=5))
def test_it_owes_each_slot_once_however_the_time_is_cut(check, start, cuts):
    ends = [start + timedelta(milliseconds=ms) for ms in sorted(cuts)]
    pieces = [slot.at for a, b in zip([start, *ends], ends, strict=False) for slot in plan.due([check], a, b)]
    assert pieces == [slot.at for slot in plan.due([check], start, ends[-1])]
    assert len(set(pieces)) == len(pieces)


def test_it_orders_slots_by_time_then_check():
    two = [planned("b", interval=timedelta(minutes=1)), planned("a", interval=timedelta(minutes=1))]
    slots = plan.due(two, START, START + timedelta(minutes=2))
    assert [(slot.at, slot.check.portal) for slot in slots] == sorted((slot.at, slot.check.portal) for slot in slots)
    assert len(slots) == 4


def test_it_includes_the_end_and_not_the_start():
    check = planned(interval=timedelta(minutes=1))
    assert [slot.at for slot in plan.due([check], START, START + timedelta(minutes=1))] == [
        START + timedelta(minutes=1)
    ]


def test_it_owes_nothing_outside_of_a_revision():
    check = planned(interval=timedelta(minutes=1))
    ended = Revision(
        effective_from=START + timedelta(minutes=2),
        effective_to=START + timedelta(minutes=5),
        location="default",
        checks=(check,),
    )
    slots = plan.planned(ended, START, START + timedelta(hours=1))
    assert [slot.at for slot in slots] == [START + timedelta(minutes=minute) for minute in (3, 4, 5)]


def test_it_says_when_anything_is_next():
    many = [planned("a", interval=timedelta(hours=1)), planned("b", interval=timedelta(minutes=7))]
    assert plan.next_instant(many, START) == min(plan.next_slot(check, START) for check in many)
    assert plan.next_instant([], START) is None


def test_it_gives_a_slot_the_same_id_for_ever():
    assert plan.run_id("angiang/home", START, "default") == "7e63a3ad500983bd14af448920734fae"
    ids = {plan.run_id(check, START, place) for check in ("a/home", "b/home") for place in ("hanoi", "hcm")}
    assert len(ids) == 4

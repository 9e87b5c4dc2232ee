"""The scheduler on real time and on a clock that the test moves."""

import asyncio
from datetime import UTC, datetime, timedelta

from agent.clock import Clock
from agent.schedule import plan
from agent.schedule.scheduler import PlanTrigger, Scheduler
from tests.factories import START, check, planned

MINUTE = timedelta(minutes=1)


class Watch:
    """A wall clock that stands where the test put it."""

    def __init__(self, at):
        self.at = at
        self.clock = Clock(now=lambda: self.at)


def scheduler_of(checks, submit, start, clock=None, until=None):
    by_id = {check.id: check for check in checks}
    return Scheduler(checks=by_id, location="here", submit=submit, start=start, until=until, clock=clock)


async def test_it_hands_on_every_slot_since_the_last_one_after_a_stall():
    got, watch = [], Watch(START)
    one = check(plan=planned(interval=MINUTE))

    async def submit(request):
        got.append(request)

    scheduler = scheduler_of([one], submit, START, watch.clock)
    for minutes in (1, 2, 90):
        watch.at = START + minutes * MINUTE
        await scheduler.emit()
    assert [request.slot for request in got] == [START + minute * MINUTE for minute in range(1, 91)]
    assert {request.expires - request.slot for request in got} == {MINUTE}
    assert got[0].run_id == plan.run_id(one.id, got[0].slot, "here")


async def test_it_emits_nothing_twice_when_the_clock_steps_back():
    got, watch = [], Watch(START + MINUTE)

    async def submit(request):
        got.append(request.slot)

    scheduler = scheduler_of([check(plan=planned(interval=MINUTE))], submit, START, watch.clock)
    await scheduler.emit()
    watch.at = START
    await scheduler.emit()
    watch.at = START + 2 * MINUTE
    await scheduler.emit()
    assert got == [START + MINUTE, START + 2 * MINUTE]


async def test_it_ends_where_the_plan_ends():
    got, watch = [], Watch(START + 10 * MINUTE)

    async def submit(request):
        got.append(request.slot)

    scheduler = scheduler_of(
        [check(plan=planned(interval=MINUTE))],
        submit,
        START,
        watch.clock,
        until=START + 3 * MINUTE,
    )
    await scheduler.emit()
    assert got[-1] == START + 3 * MINUTE


async def test_it_wakes_at_the_slots_own_times():
    got, begun = asyncio.Queue(), datetime.now(UTC)
    fast = check(plan=planned(interval=timedelta(milliseconds=200)))
    scheduler = scheduler_of([fast], got.put, begun)
    scheduler.start()
    slots = [(await asyncio.wait_for(got.get(), 10)).slot for _ in range(5)]
    stopped = await scheduler.stop()
    while not got.empty():
        slots.append(got.get_nowait().slot)
    assert slots == [slot.at for slot in plan.due([fast.plan], begun, stopped)]


def test_it_never_asks_for_an_instant_in_the_past():
    trigger = PlanTrigger(lambda: [planned(interval=MINUTE)])
    now = START + timedelta(seconds=90)
    assert trigger.get_next_fire_time(START, now) == START + 2 * MINUTE
    assert trigger.get_next_fire_time(None, now) == START + 2 * MINUTE
    assert PlanTrigger(list).get_next_fire_time(None, now) is None


async def test_it_tells_how_late_it_is():
    watch = Watch(START + MINUTE + timedelta(seconds=3))

    async def submit(_):
        return None

    scheduler = scheduler_of([check(plan=planned(interval=MINUTE))], submit, START, watch.clock)
    await scheduler.emit()
    figures = {sample.name: sample.value for sample in scheduler.samples()}
    assert figures == {
        "portalwatch_schedule_emitted_total": 1,
        "portalwatch_schedule_lateness_seconds_total": 3,
        "portalwatch_schedule_lateness_worst_seconds": 3,
    }

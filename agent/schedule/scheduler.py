"""Wakes at the slots' own times and hands on what the plan says is due."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from agent.clock import Clock
from agent.model import Check, PlannedCheck, RunRequest, Sample, Slot
from agent.schedule import plan

Submit = Callable[[RunRequest], Awaitable[None]]

WORST_OVER = timedelta(minutes=5)


class PlanTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler ships no types
    """Fires at the next planned instant after now.

    It never asks for an instant in the past: one firing hands over everything since the last one.
    """

    def __init__(self, checks: Callable[[], list[PlannedCheck]]) -> None:
        self._checks = checks

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The first planned instant after both arguments."""
        return plan.next_instant(self._checks(), max(now, previous_fire_time or now))


class Scheduler:
    """Emits one request for every slot since ``start``, in order, and runs the housekeeping jobs.

    APScheduler only wakes us: jobs carry no planned time, fold late runs together and drop those past
    a grace time, so what is due comes from the plan and the last emitted instant alone. ``until`` ends
    the plan: no slot after it is emitted.
    """

    def __init__(
        self,
        *,
        checks: Mapping[str, Check],
        location: str,
        submit: Submit,
        start: datetime,
        until: datetime | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._checks = dict(checks)
        self._location = location
        self._submit = submit
        self._until = until
        self._clock = clock or Clock()
        self._emitted_until = start
        self._emitting = asyncio.Lock()
        self._jobs = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True})
        self._emitted = 0
        self._late_s = 0.0
        self._worst: deque[tuple[datetime, float]] = deque()

    @property
    def emitted_until(self) -> datetime:
        """Every slot up to this instant was handed on."""
        return self._emitted_until

    @property
    def running(self) -> bool:
        """Whether it wakes."""
        return bool(self._jobs.running)

    def start(self) -> None:
        """Begin to wake; needs a running loop."""
        self._jobs.add_job(self.emit, PlanTrigger(self._planned), id="plan", max_instances=1)
        self._jobs.start()

    def every(self, seconds: float, job: Callable[[], Awaitable[object]]) -> None:
        """Run a housekeeping job at an interval, never twice at once."""
        self._jobs.add_job(job, "interval", seconds=seconds, max_instances=1)

    async def emit(self) -> None:
        """Hand on every slot since the last one handed on."""
        async with self._emitting:
            now = min(self._clock.now(), self._until or self._clock.now())
            for slot in plan.due(self._planned(), self._emitted_until, now):
                await self._submit(self._request(slot))
                self._note_lateness(slot)
            self._emitted_until = max(self._emitted_until, now)

    async def replace(self, checks: Mapping[str, Check], commit: Callable[[datetime], Awaitable[None]]) -> None:
        """Hand on what the old checks owe up to now, ``commit`` the instant, then go on with the new checks."""
        await self.emit()
        async with self._emitting:
            await commit(self._emitted_until)
            self._checks = dict(checks)
        if self._jobs.running:
            self._jobs.reschedule_job("plan", trigger=PlanTrigger(self._planned))

    async def stop(self) -> datetime:
        """Emit what is due up to now, then wake no more; returns the last emitted instant."""
        if self._jobs.running:
            self._jobs.pause()
            await self.emit()
            self._jobs.shutdown(wait=False)
        return self._emitted_until

    def samples(self) -> Iterable[Sample]:
        """Slots emitted and how late."""
        horizon = self._clock.now() - WORST_OVER
        worst = max((late for at, late in self._worst if at >= horizon), default=0.0)
        yield Sample(name="portalwatch_schedule_emitted_total", value=self._emitted)
        yield Sample(name="portalwatch_schedule_lateness_seconds_total", value=self._late_s)
        yield Sample(name="portalwatch_schedule_lateness_worst_seconds", value=worst)

    def _planned(self) -> list[PlannedCheck]:
        return [check.plan for check in self._checks.values()]

    def _request(self, slot: Slot) -> RunRequest:
        return RunRequest(
            run_id=plan.run_id(slot.check.id, slot.at, self._location),
            check=self._checks[slot.check.id],
            slot=slot.at,
            location=self._location,
            expires=slot.at + slot.check.interval,
        )

    def _note_lateness(self, slot: Slot) -> None:
        now = self._clock.now()
        late = (now - slot.at).total_seconds()
        self._emitted += 1
        self._late_s += late
        self._worst.append((now, late))
        while self._worst and self._worst[0][0] < now - WORST_OVER:
            self._worst.popleft()

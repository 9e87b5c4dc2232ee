"""Takes requests from a lane, runs them and has their results recorded; only then acknowledges."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

import structlog

from agent.clock import Clock
from agent.errors import JournalError
from agent.guard.gate import Gate
from agent.model import Cause, Result, RunRequest, Sample
from agent.ports import Dispatcher, Recorder
from agent.runner import Runner
from agent.schedule.reconcile import missed

log = structlog.get_logger(__name__)

RETRY_RECORDING_S = 1.0


class Workers:
    """``lanes`` says how many requests of each lane run at once."""

    def __init__(
        self,
        *,
        runner: Runner,
        dispatcher: Dispatcher,
        recorder: Recorder,
        gate: Gate,
        lanes: Mapping[str, int],
        clock: Clock | None = None,
    ) -> None:
        self._runner = runner
        self._dispatcher = dispatcher
        self._recorder = recorder
        self._gate = gate
        self._lanes = lanes
        self._clock = clock or Clock()
        self._tasks: list[asyncio.Task[None]] = []
        self._running: dict[str, tuple[str, RunRequest]] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self._expired = 0

    @property
    def alive(self) -> bool:
        """Whether every worker still takes requests."""
        return bool(self._tasks) and not any(task.done() for task in self._tasks)

    def running(self) -> list[str]:
        """The run ids being run now."""
        return list(self._running)

    def start(self) -> None:
        """Begin to take requests."""
        self._tasks = [
            asyncio.create_task(self._work(lane), name=f"worker-{lane}-{number}")
            for lane, count in self._lanes.items()
            for number in range(count)
        ]

    async def stop(self, grace: float) -> None:
        """Take no more; give running requests ``grace`` seconds; the rest ends as ``missed: stopped``."""
        await self._record([_missed(request, Cause.STOPPED) for request in self._dispatcher.drain()])
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), grace)
        cut_off = [request for _, request in self._running.values()]
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._record([_missed(request, Cause.STOPPED) for request in [*cut_off, *self._dispatcher.drain()]])

    def samples(self) -> Iterable[Sample]:
        """Workers and how many are busy, by lane; requests that were too old to run."""
        busy = Counter(lane for lane, _ in self._running.values())
        for lane, count in self._lanes.items():
            yield Sample(name="portalwatch_workers", value=count, labels={"lane": lane})
            yield Sample(name="portalwatch_workers_busy", value=busy[lane], labels={"lane": lane})
        yield Sample(name="portalwatch_queue_expired_total", value=self._expired)

    async def _work(self, lane: str) -> None:
        while True:
            request = await self._dispatcher.take(lane)
            self._running[request.run_id] = (lane, request)
            self._idle.clear()
            result = await self._outcome(request)
            await self._record([result])
            await self._dispatcher.done(request)
            del self._running[request.run_id]
            if not self._running:
                self._idle.set()

    async def _outcome(self, request: RunRequest) -> Result:
        if self._is_stale(request):
            return self._expire(request)
        async with self._gate.admit(request.check):
            if self._is_stale(request):
                return self._expire(request)
            return await self._runner.run(request)

    def _is_stale(self, request: RunRequest) -> bool:
        return self._clock.now() >= request.expires

    def _expire(self, request: RunRequest) -> Result:
        self._expired += 1
        return _missed(request, Cause.CAPACITY)

    async def _record(self, results: Sequence[Result]) -> None:
        """Keep at it until the results are durable: a full disk must not cost a result."""
        while results:
            try:
                await self._recorder.append(results)
            except JournalError as error:
                log.error("journal.refused", error=str(error), results=len(results))  # noqa: TRY400 - no bug of ours
                await asyncio.sleep(RETRY_RECORDING_S)
            else:
                return


def _missed(request: RunRequest, cause: Cause) -> Result:
    return missed(request.check.plan, request.slot, location=request.location, cause=cause)

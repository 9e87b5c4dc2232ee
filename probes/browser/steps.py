"""Records the steps of an attempt: their times, and the failure that ended it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from agent.clock import Clock
from agent.model import Cause, Failure, Step, StepStatus
from probes.browser.listen import Listener
from probes.browser.measure import Measurements
from probes.browser.saw import SawError, brief, cause_of
from probes.browser.stage import Stage


class StepFailedError(Exception):
    """Ends a journey after a step that failed; the recorder holds the failure."""


class Steps:
    """Call it with a step's name around the step: ``async with step("search"):``.

    ``planned`` are the journey's steps in order: those never reached are recorded as skipped.
    """

    def __init__(
        self,
        planned: Sequence[str],
        *,
        relies_on: Mapping[str, tuple[str, ...]] | None = None,
        stage: Stage,
        listener: Listener,
        measurements: Measurements,
        clock: Clock,
    ) -> None:
        self._planned = tuple(planned)
        self._relies_on = relies_on or {}
        self._stage = stage
        self._listener = listener
        self._measurements = measurements
        self._clock = clock
        self._done: list[Step] = []
        self.failure: Failure | None = None

    @asynccontextmanager
    async def __call__(self, name: str) -> AsyncIterator[None]:
        """Time a step; its error becomes the failure, and the journey ends.

        Raises:
            StepFailedError: the step failed.
        """
        if name not in self._planned:
            raise LookupError(f"step {name!r} is not among the journey's steps {self._planned}")
        started = self._clock.monotonic()
        self._stage.begin_step()
        try:
            async with asyncio.timeout(self._stage.limit):
                yield
        except asyncio.CancelledError:
            # The journey's own deadline fell into this step.
            await self._fail(name, started, TimeoutError("the journey's time is up"))
            raise
        except Exception as error:
            await self._fail(name, started, error)
            raise StepFailedError(name) from error
        self._record(name, StepStatus.PASSED, started)
        await self._measurements.read(self._stage.page, name)

    def all(self) -> tuple[Step, ...]:
        """Every planned step: passed, failed or skipped."""
        reached = {step.name for step in self._done}
        skipped = (Step(name=name, status=StepStatus.SKIPPED, duration_s=0.0) for name in self._planned)
        return (*self._done, *(step for step in skipped if step.name not in reached))

    def _record(self, name: str, status: StepStatus, started: float) -> None:
        took = self._clock.monotonic() - started
        self._done.append(Step(name=name, status=status, duration_s=took, landmark=self._stage.worked_on))

    async def _fail(self, name: str, started: float, error: BaseException) -> None:
        self._record(name, StepStatus.FAILED, started)
        saw = error if isinstance(error, SawError) else None
        cause = Cause.RENDERER_CRASHED if self._listener.crashed else cause_of(error)
        self.failure = Failure(
            cause=cause,
            step=name,
            detail=brief(error),
            landmark=saw.landmark if saw else "",
            alternative=bool(saw and saw.alternative),
            requests_failed=bool(self._listener.essential),
            service=self._listener.service,
            relies_on=self._relies_on.get(name, ()),
            function=saw.function if saw else "",
        )

"""One request in, exactly one ``Result`` out: deadline, confirm attempt, verdict."""

import asyncio
import errno
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from agent.clock import Clock
from agent.errors import AccountLockedError
from agent.guard.evidence import EvidenceStore, Taken
from agent.guard.noted import Noted
from agent.guard.results import redacted
from agent.guard.windows import excused
from agent.model import (
    Attempt,
    Cause,
    Failure,
    Flag,
    ProbeKind,
    Requirement,
    Result,
    Ruling,
    RunRequest,
    Verdict,
    Window,
)
from agent.ports import History, Prober, Safeguards
from agent.verdict import Surroundings, confirmable, judge, settle
from agent.witness import Witness

log = structlog.get_logger(__name__)

PERFORMANCE = "PRF-1"
"""The requirement that the runner itself observes."""

MOST_ATTEMPTS = 2
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    attempt: Attempt
    ruling: Ruling


class Runner:
    """Runs requests.

    ``evidence`` keeps files and knows what is secret, ``windows`` tells the announced maintenance, ``safeguards``
    those of a run, ``shortage`` what this machine lacks for a run (empty: nothing).
    """

    def __init__(
        self,
        *,
        probers: Mapping[ProbeKind, Prober],
        witness: Witness,
        history: History,
        windows: Callable[[], Iterable[Window]],
        evidence: EvidenceStore,
        safeguards: Callable[[RunRequest], Safeguards],
        shortage: Callable[[], str] = str,
        clock: Clock | None = None,
    ) -> None:
        self._probers = probers
        self._witness = witness
        self._history = history
        self._windows = windows
        self._evidence = evidence
        self._safeguards = safeguards
        self._shortage = shortage
        self._clock = clock or Clock()

    async def run(self, request: RunRequest) -> Result:
        """Run a request to its one result; only a cancellation comes out as an exception."""
        try:
            judged = await self._judged(request)
            taken = [
                await self._evidence.take(_place(request, number), one.attempt.evidence)
                for number, one in enumerate(judged, 1)
            ]
        finally:
            for number in range(1, MOST_ATTEMPTS + 1):
                self._evidence.discard(_place(request, number))
        return redacted(self._result(request, judged, taken), self._evidence.redactor())

    async def _judged(self, request: RunRequest) -> list[_Judged]:
        """The attempts that ended in time; never none."""
        judged: list[_Judged] = []
        noted = Noted(self._safeguards(request))
        try:
            async with asyncio.timeout(request.check.timeouts.run):
                await self._attempts(request, judged, noted)
        except TimeoutError:
            log.warning("run.deadline", check=request.check.id, attempts=len(judged))
        return judged or [self._overrun(request)]

    async def _attempts(self, request: RunRequest, judged: list[_Judged], noted: Noted) -> None:
        judged.append(await self._attempt(request, noted, number=1))
        if confirmable(judged[0].ruling, noted.begun):
            judged.append(await self._attempt(request, noted, number=2))

    async def _attempt(self, request: RunRequest, noted: Noted, *, number: int) -> _Judged:
        check = request.check
        started, short = self._clock.now(), self._shortage()
        if short:
            failure = Failure(cause=Cause.RESOURCES_SHORT, step="", detail=short)
            return _Judged(
                attempt=Attempt(started=started, duration_s=0.0, failure=failure), ruling=judge(failure, Surroundings())
            )
        try:
            attempt = await self._probers[check.probe].attempt(
                check,
                folder=self._evidence.raw(_place(request, number)),
                traced=number > 1,
                safeguards=noted,
            )
        except AccountLockedError as error:
            failure = Failure(cause=Cause.CREDENTIALS_REFUSED, step="", detail=str(error))
            attempt = Attempt(started=started, duration_s=0.0, failure=failure)
        except Exception as error:
            log.warning("run.broke", check=check.id, error=type(error).__name__, exc_info=True)
            attempt = Attempt(started=started, duration_s=0.0, failure=_own_failure(error))
        ruling = judge(attempt.failure, await self._surroundings(request, attempt.failure))
        return _Judged(attempt=attempt, ruling=ruling)

    async def _surroundings(self, request: RunRequest, failure: Failure | None) -> Surroundings:
        if failure is None:
            return Surroundings()
        check = request.check
        controls, service = await asyncio.gather(
            self._witness.controls_answer(),
            self._witness.down_among((failure.service, *failure.relies_on)),
        )
        return Surroundings(
            controls_answer=controls,
            service_down=service,
            function_listed=failure.function in check.portal.features,
            passed_before=bool(failure.landmark)
            and self._history.passed_with(check.id, failure.step, failure.landmark),
        )

    def _overrun(self, request: RunRequest) -> _Judged:
        detail = f"no attempt ended within the run's {request.check.timeouts.run:g} s"
        failure = Failure(cause=Cause.INTERNAL, step="", detail=detail)
        attempt = Attempt(started=self._clock.now(), duration_s=request.check.timeouts.run, failure=failure)
        return _Judged(attempt=attempt, ruling=judge(failure, Surroundings()))

    def _result(self, request: RunRequest, judged: list[_Judged], taken: list[Taken]) -> Result:
        told = _telling(judged)
        attempt, ruling, plan = told.attempt, told.ruling, request.check.plan
        passed = ruling.verdict is Verdict.PASS
        first = judged[0]
        return Result(
            run_id=request.run_id,
            portal=plan.portal,
            kind=plan.kind,
            platform=plan.platform,
            journey=plan.journey,
            location=request.location,
            slot=request.slot,
            started=first.attempt.started,
            duration_s=attempt.duration_s,
            verdict=ruling.verdict,
            cause=first.ruling.cause if passed else ruling.cause,
            flags=self._flags(request, told, attempts=len(judged)),
            dependency=ruling.dependency,
            failing_step=attempt.failure.step if attempt.failure else "",
            detail=attempt.failure.detail if attempt.failure else "",
            attempts=len(judged),
            interval_s=plan.interval.total_seconds(),
            steps=attempt.steps,
            metrics=attempt.metrics,
            requirements=_requirements(request, told),
            evidence=tuple(item for one in taken for item in one.kept),
            withheld=sum(one.withheld for one in taken),
            requests=attempt.requests,
            console=attempt.console,
        )

    def _flags(self, request: RunRequest, told: _Judged, *, attempts: int) -> frozenset[Flag]:
        passed = told.ruling.verdict is Verdict.PASS
        flags = {
            Flag.SLOW: passed and told.attempt.duration_s > request.check.slow_after,
            Flag.FLAKY: passed and attempts > 1,
            Flag.EXCUSED: excused(self._windows(), request.check.portal.id, request.slot),
        }
        return frozenset(flag for flag, raised in flags.items() if raised)


def _place(request: RunRequest, number: int) -> Path:
    """Where an attempt's evidence is kept."""
    return Path(request.slot.date().isoformat()) / request.run_id / str(number)


def _telling(judged: list[_Judged]) -> _Judged:
    """The attempt that the result speaks of: the one that passed, or the one whose ruling stands."""
    if len(judged) == 1 or judged[-1].ruling.verdict is Verdict.PASS:
        return judged[-1]
    standing = settle(judged[0].ruling, judged[1].ruling)
    return next(one for one in judged if one.ruling is standing)


def _requirements(request: RunRequest, told: _Judged) -> Mapping[str, Requirement]:
    """What the attempt observed, and PRF-1: a browser journey's duration within its objective."""
    if request.check.probe is not ProbeKind.BROWSER:
        return told.attempt.requirements
    in_time = told.attempt.duration_s <= request.check.slow_after
    performance = Requirement.of(in_time)
    if told.ruling.verdict is not Verdict.PASS:
        performance = Requirement.UNMEASURED
    return {**told.attempt.requirements, PERFORMANCE: performance}


def _own_failure(error: Exception) -> Failure:
    short = isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in NO_SPACE)
    cause = Cause.RESOURCES_SHORT if short else Cause.INTERNAL
    return Failure(cause=cause, step="", detail=f"{type(error).__name__} in the agent")

"""Stands before the journal and tells how complete the last hour's measurement is."""

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from agent.clock import Clock
from agent.model import Result, Sample
from agent.ports import Recorder

OVER = timedelta(hours=1)


class Recording:
    """A recorder that hands results on and counts measured and ended slots of the last hour.

    ``known`` are the results of the last hour at the start, so that a restart doesn't show a short memory
    as completeness.
    """

    def __init__(self, recorder: Recorder, *, known: Iterable[Result], clock: Clock | None = None) -> None:
        self._recorder = recorder
        self._clock = clock or Clock()
        self._ended: deque[tuple[datetime, bool]] = deque((result.slot, result.measured) for result in known)

    async def append(self, results: Sequence[Result]) -> int:
        """Make results durable; returns how many were new."""
        new = await self._recorder.append(results)
        self._ended.extend((result.slot, result.measured) for result in results)
        horizon = self._clock.now() - OVER
        while self._ended and self._ended[0][0] < horizon:
            self._ended.popleft()
        return new

    def samples(self) -> Iterable[Sample]:
        """Measured slots over ended slots of the last hour; nothing when none has ended."""
        horizon = self._clock.now() - OVER
        ended = [measured for slot, measured in self._ended if slot >= horizon]
        if ended:
            yield Sample(name="portalwatch_completeness_ratio", value=sum(ended) / len(ended))

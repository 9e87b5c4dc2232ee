"""The dispatcher of a single process: a queue a lane."""

import asyncio
from collections.abc import Collection, Iterable

from agent.model import ProbeKind, RunRequest, Sample

LANES = {ProbeKind.BROWSER: "browser", ProbeKind.HTTP: "net", ProbeKind.TLS: "net"}


class LocalDispatcher:
    """Carries requests within the process; nothing here survives it, the plan does.

    A lane is what a worker is able to do: ``browser``, or ``net`` for probes without one.
    """

    def __init__(self) -> None:
        self._queues: dict[str, asyncio.Queue[RunRequest]] = {lane: asyncio.Queue() for lane in set(LANES.values())}
        self._open: set[str] = set()

    async def submit(self, request: RunRequest) -> None:
        """Queue a request, unless one with its run id is open."""
        if request.run_id not in self._open:
            self._open.add(request.run_id)
            self._queues[LANES[request.check.probe]].put_nowait(request)

    async def take(self, lane: str) -> RunRequest:
        """The oldest request of a lane."""
        return await self._queues[lane].get()

    async def done(self, request: RunRequest) -> None:
        """Forget a request whose result is safe."""
        self._open.discard(request.run_id)

    def drain(self) -> list[RunRequest]:
        """Take back every request that no worker took."""
        return [queue.get_nowait() for queue in self._queues.values() for _ in range(queue.qsize())]

    def discard(self, check_ids: Collection[str]) -> list[RunRequest]:
        """Take back the requests of some checks that no worker took."""
        waiting = self.drain()
        for request in waiting:
            if request.check.id not in check_ids:
                self._queues[LANES[request.check.probe]].put_nowait(request)
        dropped = [request for request in waiting if request.check.id in check_ids]
        self._open -= {request.run_id for request in dropped}
        return dropped

    def samples(self) -> Iterable[Sample]:
        """The length of each lane."""
        for lane, queue in self._queues.items():
            yield Sample(name="portalwatch_queue_length", value=queue.qsize(), labels={"lane": lane})

"""Where the stages meet: Protocols only. ``agent/app.py`` picks what stands behind each."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from agent.model import Attempt, Check, Result, RunRequest, Sample


class Prober(Protocol):
    """Looks at a portal once. Returns what it saw; raises nothing that a portal can cause."""

    async def attempt(self, check: Check, *, evidence: Path | None) -> Attempt:
        """One attempt at ``check``.

        ``evidence`` is the folder for files to keep; given, the attempt is traced in full.
        """
        ...


class Dispatcher(Protocol):
    """Carries run requests from the scheduler to the workers."""

    async def submit(self, request: RunRequest) -> None:
        """Hand a request over; a second one with the same run id is ignored."""
        ...

    async def take(self, lane: str) -> RunRequest:
        """The next request of a lane, waiting for one."""
        ...

    async def done(self, request: RunRequest) -> None:
        """Acknowledge a request, after its result is safe."""
        ...

    def drain(self) -> list[RunRequest]:
        """Take back all that nobody took yet."""
        ...


class Sink(Protocol):
    """Takes results in journal order. A second delivery of a result must change nothing."""

    name: str

    async def write(self, results: Sequence[Result]) -> None:
        """Store a batch, or raise :class:`agent.errors.DeliveryError`."""
        ...


class Recorder(Protocol):
    """Keeps results."""

    async def append(self, results: Sequence[Result]) -> int:
        """Make results durable; returns how many were new."""
        ...


class History(Protocol):
    """What earlier runs have shown."""

    def passed_with(self, check_id: str, step: str, landmark: str) -> bool:
        """Whether this step passed before on a page with this landmark."""
        ...


class SelfReport(Protocol):
    """A part that tells figures about itself."""

    def samples(self) -> Iterable[Sample]:
        """The figures now."""
        ...

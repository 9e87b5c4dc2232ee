"""Where the stages meet: Protocols only. ``agent/app.py`` picks what stands behind each."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from agent.model import (
    Attempt,
    Check,
    Debt,
    Deed,
    Intent,
    Item,
    Lock,
    Outcome,
    Portal,
    PortalDebt,
    Result,
    Revision,
    RunRequest,
    Sample,
    Session,
)


class Safeguards(Protocol):
    """Writes down, durably and first, what one run does to an account or a portal."""

    async def before(self, deed: Deed, account: str) -> None:
        """Journal the intent of a deed.

        Raises:
            AccountLockedError: the account was refused before; nothing was written and nothing may be done.
            DeedRepeatedError: this run has begun the deed before; nothing was written and nothing may be done.
        """
        ...

    async def after(self, deed: Deed, account: str, outcome: Outcome) -> None:
        """Journal what became of the deed last begun. A refused log-in or PIN locks the account."""
        ...

    async def owes(self, item: Item) -> None:
        """Note what is about to be created, so that it will be cleared whatever happens."""
        ...

    async def cleared(self, item: Item) -> None:
        """Note that an item is gone from the portal, or never came to be."""
        ...


class Prober(Protocol):
    """Looks at a portal once. Returns what it saw; raises nothing that a portal can cause."""

    async def attempt(self, check: Check, *, folder: Path, traced: bool, safeguards: Safeguards) -> Attempt:
        """One attempt at ``check``, which does nothing that could harm without ``safeguards``.

        Files worth keeping go into ``folder``, which is made when the first one is; their paths in the
        attempt are relative to it. ``traced`` asks for everything that can be recorded.
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


class PlanBook(Recorder, Protocol):
    """Keeps what was planned, what ran, and the agent's lives."""

    def mark(self, name: str) -> datetime | None:
        """The instant kept under a name."""
        ...

    async def set_mark(self, name: str, at: datetime) -> None:
        """Keep an instant under a name."""
        ...

    def revisions_between(self, start: datetime, end: datetime) -> list[Revision]:
        """The plan revisions in force at some instant of ``[start, end)``."""
        ...

    def sessions_between(self, start: datetime, end: datetime) -> list[Session]:
        """The agent's lives begun in ``[start, end)``, and the one before."""
        ...

    def run_ids_between(self, start: datetime, end: datetime) -> set[str]:
        """The run ids with a slot in ``[start, end)``."""
        ...


class Archive(Protocol):
    """Finds what was kept of one run."""

    def get(self, run_id: str, *, with_details: bool = False) -> Result | None:
        """The result of a run id, with its requests and console when asked for."""
        ...


class DeedBook(Protocol):
    """Keeps deeds, locks and what is owed to portals; what a coroutine was given is durable when it returns."""

    async def begin_deed(self, intent: Intent, *, own: Sequence[int]) -> int:
        """Write an intent down; returns its id. ``own`` are the ids that the same execution of the run was given.

        Raises:
            AccountLockedError: the account is locked.
            DeedRepeatedError: the run may not do this deed again.
        """
        ...

    async def end_deed(self, deed: int, outcome: Outcome, at: datetime, *, lock: Lock | None = None) -> None:
        """Write down what became of a deed, and with it a lock; the first lock of an account stands."""
        ...

    def lock(self, account: str) -> Lock | None:
        """The lock of an account, or None."""
        ...

    def locks(self) -> list[Lock]:
        """All locks, the oldest first."""
        ...

    async def unlock(self, account: str, *, fingerprint: str | None = None) -> bool:
        """Take away an account's lock, only the one with ``fingerprint`` if that is given; whether there was one."""
        ...

    async def owe(self, debt: Debt) -> None:
        """Note what is about to be created."""
        ...

    async def settle(self, item: Item, at: datetime) -> None:
        """Note that an item is gone."""
        ...

    async def tried(self, items: Sequence[Item]) -> None:
        """Count one more try in vain for each item."""
        ...

    def debts(self) -> list[Debt]:
        """All that is owed, the oldest first."""
        ...

    def portal_debts(self) -> list[PortalDebt]:
        """What is owed to each portal that ever was owed anything still kept."""
        ...


class Cleaner(Protocol):
    """Takes away what journeys left on a portal."""

    async def clear(self, portal: Portal, items: Sequence[Item], safeguards: Safeguards) -> Sequence[Item]:
        """Take away what of ``items`` is there, and tell ``safeguards`` of each that is gone or never was there.

        Returns the items that were looked for; raises nothing that a portal can cause.
        """
        ...

"""Looks after what journeys that were cut off left on portals."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import timedelta
from uuid import uuid4

import structlog

from agent.clock import Clock
from agent.guard.gate import Gate
from agent.model import Debt, Portal, Sample
from agent.ports import Cleaner, DeedBook, Safeguards

log = structlog.get_logger(__name__)

BY_HAND = "manual-"
"""How the ids of runs by hand begin: they go on in processes that we can't ask."""


class Janitor:
    """Clears debts of runs that are over, portal by portal, each in the portal's one session.

    ``portals`` tells those that may be visited now, ``running`` the run ids in progress here, ``longest_run`` how long
    a run may take at most. A debt whose portal is not visited any more stands and stays visible.
    """

    def __init__(
        self,
        *,
        book: DeedBook,
        cleaner: Cleaner,
        gate: Gate,
        portals: Callable[[], Mapping[str, Portal]],
        running: Callable[[], Collection[str]],
        longest_run: Callable[[], timedelta],
        safeguards: Callable[[str], Safeguards],
        clock: Clock | None = None,
    ) -> None:
        self._book = book
        self._cleaner = cleaner
        self._gate = gate
        self._portals = portals
        self._running = running
        self._longest_run = longest_run
        self._safeguards = safeguards
        self._clock = clock or Clock()
        self._sweeping = asyncio.Lock()

    async def sweep(self) -> None:
        """Visit every portal with debts of runs that are over; a sweep in progress is not begun again."""
        if self._sweeping.locked():
            return
        async with self._sweeping:
            portals = self._portals()
            for name in sorted({debt.item.portal for debt in self._due()} & portals.keys()):
                await self._visit(portals[name])

    def samples(self) -> Iterable[Sample]:
        """What is owed to each portal, and for how long."""
        now = self._clock.now()
        for debt in self._book.portal_debts():
            age = (now - debt.oldest).total_seconds() if debt.oldest else 0.0
            labels = {"portal": debt.portal}
            yield Sample(name="portalwatch_cleanup_debt", value=debt.items, labels=labels)
            yield Sample(name="portalwatch_cleanup_debt_age_seconds", value=max(age, 0.0), labels=labels)

    async def _visit(self, portal: Portal) -> None:
        async with self._gate.session(portal):
            # Asked again, now that no journey is on the portal: while we waited, one may have cleared its own.
            due = [debt.item for debt in self._due() if debt.item.portal == portal.id]
            sought = await self._cleaner.clear(portal, due, self._safeguards(f"cleanup-{uuid4().hex}"))
        left = {debt.item for debt in self._book.debts()}.intersection(due)
        await self._book.tried(sorted(left.intersection(sought), key=lambda item: item.mark))
        log.info("cleanup.visited", portal=portal.id, cleared=len(due) - len(left), left=len(left))

    def _due(self) -> list[Debt]:
        return [debt for debt in self._book.debts() if self._over(debt)]

    def _over(self, debt: Debt) -> bool:
        if debt.run_id.startswith(BY_HAND):
            return debt.since <= self._clock.now() - self._longest_run()
        return debt.run_id not in self._running()

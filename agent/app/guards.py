"""What keeps an agent from doing harm, wired: the gate, the account breaker, the cleanup ledger."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from agent.app.parts import safeguards
from agent.app.reload import Live
from agent.config import Config, checks
from agent.guard.gate import Gate
from agent.guard.janitor import Janitor
from agent.guard.safeguards import Breaker
from agent.journal import Journal
from agent.ports import Cleaner, Safeguards
from agent.worker import Workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """One of each for a whole agent; ``safeguards`` makes those of a run id."""

    journal: Journal
    gate: Gate
    breaker: Breaker
    safeguards: Callable[[str], Safeguards]

    @classmethod
    def of(cls, live: Live, journal: Journal) -> Self:
        """The guards over a journal, by the configuration in force."""
        return cls(
            journal=journal,
            gate=Gate(per_host=live.config.agent.rate_cap.per_host),
            breaker=Breaker(journal, lambda: [account.name for account in live.config.agent.accounts]),
            safeguards=safeguards(journal, lambda: live.config),
        )

    def janitor(self, live: Live, cleaner: Cleaner, workers: Workers) -> Janitor:
        """Who clears what the runs of these workers left."""
        return Janitor(
            book=self.journal,
            cleaner=cleaner,
            gate=self.gate,
            portals=lambda: {check.portal.id: check.portal for check in checks(live.config)},
            running=workers.running,
            longest_run=lambda: longest_run(live.config),
            safeguards=self.safeguards,
        )


def longest_run(config: Config) -> timedelta:
    """The longest that any run may take."""
    return timedelta(seconds=max((check.timeouts.run for check in checks(config)), default=0.0))

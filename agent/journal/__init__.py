"""The embedded store: every result, the plan it answers to, and how far each sink has got."""

from agent.journal.codec import to_public
from agent.journal.facade import Journal
from agent.journal.keeping import Pruned, Stats

__all__ = ["Journal", "Pruned", "Stats", "to_public"]

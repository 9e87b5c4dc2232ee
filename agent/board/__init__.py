"""What the status page reads: each check's recent runs and the last day's counts, in memory."""

from agent.board.board import Board
from agent.board.views import Change, CheckView, Overview, PortalView, Run, State

__all__ = ["Board", "Change", "CheckView", "Overview", "PortalView", "Run", "State"]

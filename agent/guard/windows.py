"""Announced maintenance: pure."""

from collections.abc import Iterable
from datetime import datetime

from agent.model import Window


def excused(windows: Iterable[Window], portal: str, slot: datetime) -> bool:
    """Whether a slot falls into a window that was recorded before it began.

    A window is half-open: its end belongs to normal operation.
    """
    return any(
        window.starts <= slot < window.ends
        and window.recorded_at < window.starts
        and (not window.portals or portal in window.portals)
        for window in windows
    )

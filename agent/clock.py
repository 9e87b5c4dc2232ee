"""Wall time and monotonic time, behind one value so that tests can move them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

EPOCH = datetime.fromtimestamp(0, UTC)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """``now`` is the wall clock in UTC, ``monotonic`` counts seconds and never steps."""

    now: Callable[[], datetime] = _utc_now
    monotonic: Callable[[], float] = time.monotonic


def to_millis(moment: datetime) -> int:
    """Whole milliseconds since the Unix epoch."""
    delta = moment - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000 + delta.microseconds // 1_000


def from_millis(millis: int) -> datetime:
    """The instant ``millis`` milliseconds after the Unix epoch."""
    return datetime.fromtimestamp(millis / 1_000, UTC)


def iso(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds and a ``Z``."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_iso(text: str) -> datetime:
    """The aware datetime that :func:`iso` wrote."""
    return datetime.fromisoformat(text)

"""A moment by which something must be over."""

import threading
import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Deadline:
    """``at`` is on the monotonic clock; ``stop``, once set, ends everything at once."""

    at: float
    stop: threading.Event = field(default_factory=threading.Event)

    def left(self) -> float:
        """Seconds that remain, more than 0. Raises TimeoutError when none do or ``stop`` is set."""
        left = self.at - time.monotonic()
        if left <= 0 or self.stop.is_set():
            raise TimeoutError
        return left

    def within(self, seconds: float) -> "Deadline":
        """The nearer of this one and ``seconds`` from now."""
        return Deadline(min(self.at, time.monotonic() + seconds), self.stop)

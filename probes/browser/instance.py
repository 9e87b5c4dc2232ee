"""One running browser: how worn it is, and who still uses it."""

import time
from contextlib import suppress
from dataclasses import dataclass, field

import psutil
from playwright.async_api import Browser

from probes.browser.leash import Leash

MEMORY_EVERY_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wear:
    """When a browser is replaced: after seconds, contexts, or bytes of memory of its own. Ours, not the browser's."""

    seconds: float = 3600.0
    runs: int = 500
    memory: int = 1500 * 2**20


@dataclass(slots=True, kw_only=True)
class Instance:
    """A browser and its leash; ``users`` are the contexts open in it now."""

    browser: Browser
    leash: Leash
    born: float = field(default_factory=time.monotonic)
    runs: int = 0
    users: int = 0
    memory: int = 0
    _looked: float = field(default_factory=time.monotonic)

    @property
    def alive(self) -> bool:
        """Whether it is still connected."""
        return self.browser.is_connected()

    def worn(self, wear: Wear) -> str:
        """Why it should be replaced; empty while it need not be."""
        now = time.monotonic()
        if now - self._looked >= MEMORY_EVERY_S:
            self.memory, self._looked = own_memory(self.leash.pid()), now
        reasons = {
            "age": now - self.born >= wear.seconds,
            "runs": self.runs >= wear.runs,
            "memory": self.memory >= wear.memory,
        }
        return next((reason for reason, reached in reasons.items() if reached), "")


def own_memory(pid: int | None) -> int:
    """Bytes that a process and its descendants hold and share with no file; 0 when it is gone."""
    if pid is None:
        return 0
    held = 0
    with suppress(psutil.Error):
        parent = psutil.Process(pid)
        for process in [parent, *parent.children(recursive=True)]:
            with suppress(psutil.Error):
                memory = process.memory_info()
                held += memory.rss - memory.shared
    return held

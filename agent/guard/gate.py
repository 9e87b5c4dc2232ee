"""Harmless to the portals: one browser session per portal at a time, and a rate cap per host."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from agent.clock import Clock
from agent.model import Check, Portal, ProbeKind


class Gate:
    """Lets runs through: sessions one after another, starts on a host spaced by ``1 / per_host`` seconds.

    Probes without a browser hold no session: a hanging journey must not blind them.
    """

    def __init__(self, *, per_host: float, clock: Clock | None = None) -> None:
        self._spacing = 1.0 / per_host
        self._clock = clock or Clock()
        self._sessions: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._free_at: dict[str, float] = {}

    @asynccontextmanager
    async def admit(self, check: Check) -> AsyncIterator[None]:
        """Hold the check's place at its portal for the length of a run."""
        if check.probe is ProbeKind.BROWSER:
            async with self.session(check.portal):
                yield
        else:
            await self._pace(check.portal)
            yield

    @asynccontextmanager
    async def session(self, portal: Portal) -> AsyncIterator[None]:
        """Hold the portal's one session."""
        async with self._sessions[portal.id]:
            await self._pace(portal)
            yield

    async def _pace(self, portal: Portal) -> None:
        host = urlsplit(portal.base_url).netloc
        now = self._clock.monotonic()
        start = max(now, self._free_at.get(host, now))
        self._free_at[host] = start + self._spacing
        if start > now:
            await asyncio.sleep(start - now)

"""All the portals in one process, with the control target that shares their network."""

import asyncio
from collections.abc import Sequence

from aiohttp import web

from agent.clock import Clock
from agent.model import Portal
from demo.board import Board
from demo.families import FAMILIES
from demo.listener import Listener
from demo.pki import Authority
from demo.portals import settle
from demo.site import Site, require_server
from demo.sockets import Claim
from demo.stage import Links, Stage
from demo.tls import server_context

TARGET_HOST = "control.localhost"
_SHUTDOWN_S = 0.5


class Estate:
    """Portals, each with its rank, on their ports. ``claims`` holds one for each, then one for the control target."""

    def __init__(
        self,
        portals: Sequence[tuple[Portal, int]],
        claims: Sequence[Claim],
        authority: Authority,
        *,
        seed: int,
        clock: Clock,
    ) -> None:
        self.seed = seed
        self.board = Board([portal.id for portal, _ in portals])
        self._claims = claims
        self._lock = asyncio.Lock()
        self.sites = tuple(
            Site(Stage(settle(portal, claim.port), _links(portal), seed=seed, rank=rank, clock=clock), authority)
            for (portal, rank), claim in zip(portals, claims, strict=False)
        )
        self._target = _Target(authority)
        self.target_url = f"https://{TARGET_HOST}:{claims[-1].port}/"

    @property
    def portals(self) -> tuple[Portal, ...]:
        """The portals at their stand-ins' addresses."""
        return tuple(site.stage.portal for site in self.sites)

    async def start(self) -> None:
        """Open every port that no fault keeps closed; raises :class:`OSError`."""
        await self._target.start(self._claims[-1])
        for site, claim in zip(self.sites, self._claims, strict=False):
            await site.start(claim)
        await self.apply()

    async def apply(self) -> None:
        """Make the portals what the board says."""
        async with self._lock:
            reachable = not self.board.network_down
            await self._target.become(reachable=reachable)
            placed = self.board.placed
            changes = (site.become(placed.get(site.stage.portal.id), reachable=reachable) for site in self.sites)
            await asyncio.gather(*changes)

    async def stop(self) -> None:
        """Close everything."""
        await asyncio.gather(self._target.stop(), *(site.stop() for site in self.sites))


class _Target:
    """A site that says it is there: whoever can't reach it has no network."""

    def __init__(self, authority: Authority) -> None:
        app = web.Application()
        app.add_routes([web.get("/", _alive)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_S)
        self._context = server_context(authority, TARGET_HOST, None)
        self._listener: Listener | None = None
        self._open = False

    async def start(self, claim: Claim) -> None:
        await self._runner.setup()
        self._listener = Listener(claim, require_server(self._runner))

    async def become(self, *, reachable: bool) -> None:
        if self._listener is None or reachable == self._open:
            return
        self._open = reachable
        if reachable:
            self._listener.open(self._context)
        else:
            await self._listener.close()

    async def stop(self) -> None:
        if self._listener:
            await self._listener.close()
        await self._runner.cleanup()


async def _alive(_: web.Request) -> web.Response:
    return web.Response(text="ok\n")


def _links(portal: Portal) -> Links:
    return FAMILIES[portal.platform].links

"""All the portals in one process, with the services they share and the control target on their network."""

import asyncio
from collections.abc import Mapping, Sequence

from aiohttp import web

from agent.clock import Clock
from agent.model import Portal
from demo.board import SERVICES, Board
from demo.counter import Counter
from demo.families import FAMILIES
from demo.faults import ABSENT, FUNCTIONS
from demo.flow.office import Office, Shared
from demo.people import Citizen, accounts
from demo.pki import Authority
from demo.portals import settle
from demo.services.identity import Identity, identity_app
from demo.services.payment import Payment, payment_app
from demo.services.signing import RemoteSigning, signing_app
from demo.signing import SigningPki
from demo.site import Site
from demo.sockets import LOOPBACK, Claim
from demo.stage import Links, Stage

TARGET_HOST = "control.localhost"
TIMESTAMP = "timestamp"


class Estate:
    """Portals, each with its rank, on their ports.

    ``claims`` holds one for each portal, then one for each of :data:`SERVICES`, then one for the control target.
    """

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
        stages = [
            Stage(settle(portal, claim.port), _links(portal), seed=seed, rank=rank, clock=clock)
            for (portal, rank), claim in zip(portals, claims, strict=False)
        ]
        self.people = accounts(seed)
        ports = dict(zip(SERVICES, (claim.port for claim in claims[len(stages) :]), strict=False))
        self.services = {name: f"https://{host_of(name)}:{port}" for name, port in ports.items()}
        # RFC 3161, OCSP and CRLs go over plain HTTP, by number: certificates carry the address for ever.
        self.services[TIMESTAMP] = f"http://{LOOPBACK}:{ports[TIMESTAMP]}"
        self.pki = SigningPki.make(now=clock.now(), base_url=self.services[TIMESTAMP])
        shared = _shared(stages, self.people, self.services, self.pki, clock)
        self.sites = tuple(Site(_office(stage, shared), authority) for stage in stages)
        apps = {
            "vneid": identity_app(shared.identity),
            "payment": payment_app(shared.payment),
            "signing": signing_app(shared.signing),
            TIMESTAMP: self.pki.app(),
        }
        self._services = {
            name: Counter(apps[name], host_of(name), None if name == TIMESTAMP else authority) for name in SERVICES
        }
        self._target = Counter(_target_app(), TARGET_HOST, authority)
        self.target_url = f"https://{TARGET_HOST}:{claims[-1].port}/"

    @property
    def portals(self) -> tuple[Portal, ...]:
        """The portals at their stand-ins' addresses."""
        return tuple(site.stage.portal for site in self.sites)

    @property
    def addresses(self) -> dict[str, str]:
        """Where each shared service tells whether it is there."""
        health = {name: f"{origin}/health" for name, origin in self.services.items()}
        return health | {TIMESTAMP: self.pki.tsa_url, "ocsp": self.pki.ocsp_url, "crl": self.pki.crl_url}

    def functions_of(self, portal: str) -> frozenset[str]:
        """What a portal is known to offer: what it has now."""
        placed = self.board.placed.get(portal)
        return FUNCTIONS - ({ABSENT[placed.fault]} if placed and placed.fault in ABSENT else set())

    async def start(self) -> None:
        """Open every port that no fault keeps closed; raises :class:`OSError`."""
        await self._target.start(self._claims[-1])
        for service, claim in zip(self._services.values(), self._claims[len(self.sites) :], strict=False):
            await service.start(claim)
        for site, claim in zip(self.sites, self._claims, strict=False):
            await site.start(claim)
        await self.apply()

    async def apply(self) -> None:
        """Make the portals what the board says."""
        async with self._lock:
            reachable = not self.board.network_down
            await self._target.become(reachable=reachable)
            for name, service in self._services.items():
                await service.become(reachable=reachable and name not in self.board.services_down)
            placed = self.board.placed
            changes = (site.become(placed.get(site.stage.portal.id), reachable=reachable) for site in self.sites)
            await asyncio.gather(*changes)

    async def stop(self) -> None:
        """Close everything."""
        stops = [self._target.stop(), *(one.stop() for one in self._services.values())]
        await asyncio.gather(*stops, *(site.stop() for site in self.sites))


def host_of(service: str) -> str:
    """The host name of a shared service."""
    return f"{service}.localhost"


def _office(stage: Stage, shared: Shared) -> Office:
    return Office(stage, shared, linked=FAMILIES[stage.portal.platform].linked)


def _shared(
    stages: Sequence[Stage], people: Sequence[Citizen], services: Mapping[str, str], pki: SigningPki, clock: Clock
) -> Shared:
    by_id = {stage.portal.id: stage for stage in stages}
    identity = Identity(
        people,
        {stage.portal.id: stage.portal.base_url for stage in stages},
        mood=lambda portal: by_id[portal].fault,
        clock=clock,
    )
    return Shared(
        identity=identity,
        identity_origin=services["vneid"],
        payment=Payment(services["payment"]),
        signing=RemoteSigning(people, services["signing"], clock),
        pki=pki,
    )


def _target_app() -> web.Application:
    app = web.Application()
    app.add_routes([web.get("/", _alive)])
    return app


async def _alive(_: web.Request) -> web.Response:
    return web.Response(text="ok\n")


def _links(portal: Portal) -> Links:
    return FAMILIES[portal.platform].links

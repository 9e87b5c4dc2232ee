"""A portal as a server: its pages behind a port that opens, closes and changes certificates as its fault asks."""

from aiohttp import web

from demo.board import Placed
from demo.common import routes
from demo.families import FAMILIES
from demo.faults import Fault, Layer, layer_of
from demo.flow.office import Office
from demo.flow.signing_pages import SigningPages
from demo.flow.store import LARGEST
from demo.gate import make_gate
from demo.listener import Listener
from demo.pki import Authority
from demo.plays import Tripwire
from demo.portals import demo_host
from demo.sockets import Claim
from demo.tls import server_context

NEAR_DOWN_S = 1.0
LARGEST_POST = LARGEST + 2**20
_SHUTDOWN_S = 0.5


class Site:
    """A portal and its port; closed until :meth:`become` is first called."""

    def __init__(self, office: Office, authority: Authority) -> None:
        self.office = office
        self.stage = stage = office.stage
        family = FAMILIES[stage.portal.platform]
        self._authority = authority
        self._tripwire = Tripwire(stage.clock)
        gate = make_gate(stage, self._tripwire, error_in_data=family.error_in_data)
        app = web.Application(middlewares=[gate], client_max_size=LARGEST_POST)
        app.add_routes([*routes(stage), *SigningPages(office, office.desk).routes(), *family.routes(office)])
        # Cancelled with their connection, or a portal that hangs would keep every request for ever.
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=_SHUTDOWN_S)
        self._listener: Listener | None = None
        self._open = False

    async def start(self, claim: Claim) -> None:
        """Get ready to listen on ``claim``."""
        await self._runner.setup()
        self._listener = Listener(claim, require_server(self._runner))

    async def become(self, placed: Placed | None, *, reachable: bool) -> None:
        """Suffer from ``placed`` from now on, new and open connections alike."""
        before, was_open = self.stage.placed, self._open
        if placed != before:
            self.stage.become(placed)
            self._tripwire.rearm()
        self._open = reachable and self.stage.fault is not Fault.DOWN
        if self._open != was_open or _reopens(before) or _reopens(placed):
            await self._reopen()

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._listener:
            await self._listener.close()
        await self._runner.cleanup()

    async def _reopen(self) -> None:
        if self._listener is None:
            return
        await self._listener.close()
        if self._open:
            context = server_context(self._authority, demo_host(self.stage.portal.base_url), self.stage.fault)
            self._listener.open(context, delay=NEAR_DOWN_S if self.stage.fault is Fault.NEAR_DOWN else 0.0)


def _reopens(placed: Placed | None) -> bool:
    """Whether connections made under this fault differ from others."""
    if placed is None:
        return False
    return layer_of(placed.fault) in (Layer.SOCKET, Layer.TLS) or placed.fault is Fault.HANG


def require_server(runner: web.AppRunner) -> web.Server:
    """The protocol factory of a runner that was set up."""
    server = runner.server
    if server is None:
        raise RuntimeError("the runner is not set up")
    return server

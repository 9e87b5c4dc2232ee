"""A small site of its own on one port, which is there or not: a shared service, or the control target."""

from aiohttp import web

from demo.listener import Listener
from demo.pki import Authority
from demo.site import require_server
from demo.sockets import Claim
from demo.tls import server_context

_SHUTDOWN_S = 0.5


class Counter:
    """Serves an application as ``host``, closed until :meth:`become` is called. No authority: without TLS."""

    def __init__(self, app: web.Application, host: str, authority: Authority | None) -> None:
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_S)
        self._context = server_context(authority, host, None) if authority else None
        self._listener: Listener | None = None
        self._open = False

    async def start(self, claim: Claim) -> None:
        """Get ready to listen on ``claim``."""
        await self._runner.setup()
        self._listener = Listener(claim, require_server(self._runner))

    async def become(self, *, reachable: bool) -> None:
        """Open or close the port, and every connection with it."""
        if self._listener is None or reachable == self._open:
            return
        self._open = reachable
        if reachable:
            self._listener.open(self._context)
        else:
            await self._listener.close()

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._listener:
            await self._listener.close()
        await self._runner.cleanup()

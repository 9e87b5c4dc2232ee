"""A port that can be opened, closed and made late while the server behind it lives on."""

import asyncio
import contextlib
import logging
import socket
import ssl
from collections.abc import Callable

from demo.sockets import Claim

Factory = Callable[[], asyncio.Protocol]
_HANDSHAKE_S = 20.0
_BREATHER_S = 0.05
_LOG = logging.getLogger(__name__)


class Listener:
    """Accepts connections for a protocol factory. ``delay`` is how many seconds each one waits to be accepted."""

    def __init__(self, claim: Claim, factory: Factory) -> None:
        self._claim = claim
        self._factory = factory
        self._accepting: asyncio.Task[None] | None = None
        self._greeting: set[asyncio.Task[None]] = set()
        self._transports: set[asyncio.Transport] = set()

    @property
    def port(self) -> int:
        """The port on the loopback address, open or not."""
        return self._claim.port

    def open(self, context: ssl.SSLContext | None, *, delay: float = 0.0) -> None:
        """Listen; raises :class:`OSError` when the port isn't ours any more."""
        listening = self._claim.listen()
        self._accepting = asyncio.get_running_loop().create_task(self._accept(listening, context, delay))

    async def close(self) -> None:
        """Refuse new connections and drop the open ones."""
        tasks = [task for task in (self._accepting, *self._greeting) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._accepting = None
        self.drop_connections()

    def drop_connections(self) -> None:
        """Cut every open connection off."""
        for transport in self._transports:
            transport.abort()
        self._transports.clear()

    async def _accept(self, listening: socket.socket, context: ssl.SSLContext | None, delay: float) -> None:
        loop = asyncio.get_running_loop()
        with listening:
            while True:
                try:
                    connection, _ = await loop.sock_accept(listening)
                except OSError as error:  # the caller hung up already, or no descriptor is left for the moment
                    _LOG.warning("port %d: can't accept: %s", self.port, error)
                    await asyncio.sleep(_BREATHER_S)
                    continue
                task = loop.create_task(self._greet(connection, context, delay))
                self._greeting.add(task)
                task.add_done_callback(self._greeting.discard)

    async def _greet(self, connection: socket.socket, context: ssl.SSLContext | None, delay: float) -> None:
        try:
            await asyncio.sleep(delay)
        except asyncio.CancelledError:
            connection.close()
            raise
        # A caller who refuses our certificate or hangs up is no news here; asyncio closes the connection.
        with contextlib.suppress(OSError):
            await self._hand_over(connection, context)

    async def _hand_over(self, connection: socket.socket, context: ssl.SSLContext | None) -> None:
        handshake = _HANDSHAKE_S if context else None
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_accepted_socket(
            self._factory, connection, ssl=context, ssl_handshake_timeout=handshake
        )
        self._transports = {open_ for open_ in self._transports if not open_.is_closing()}
        self._transports.add(transport)

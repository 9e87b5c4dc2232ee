"""The application on a port, for as long as a block lasts."""

import asyncio
import errno
import os
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from agent.errors import PortalwatchError

_FAREWELL_S = 2
_CROWD = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """PEM files for serving over TLS."""

    chain: Path
    key: Path


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: when to stop is the agent's to say."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


def _reason(error: OSError) -> str:
    # Python adds the address to the text of a failed bind; gaierror's numbers are not the kernel's.
    if error.errno is not None and error.errno in errno.errorcode:
        return os.strerror(error.errno).lower()
    return (error.strerror or str(error)).lower()


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        hint = "set server.host or server.port in agent.yaml to what is free"
        raise PortalwatchError(f"server {host}:{port} can't be opened: {_reason(error)}; {hint}") from error


def _config(app: ASGIApp, certificate: Certificate | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        ssl_certfile=certificate.chain if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_CROWD,
        timeout_graceful_shutdown=_FAREWELL_S,
    )


def _load(app: ASGIApp, certificate: Certificate | None) -> uvicorn.Config:
    config = _config(app, certificate)
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        raise PortalwatchError(f"server.tls: the certificate or key can't be used: {error}") from error
    return config


async def _started(server: _Server, running: asyncio.Task[None]) -> None:
    up = asyncio.create_task(server.up.wait())
    try:
        await asyncio.wait({up, running}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        up.cancel()
    if running.done():
        await running
        raise PortalwatchError("the http server ended before it began to serve")


@asynccontextmanager
async def serve(app: ASGIApp, *, host: str, port: int, certificate: Certificate | None = None) -> AsyncIterator[int]:
    """Serve ``app`` until the block ends; yields the port, which is a free one when 0 was asked for.

    Requests under way get two seconds to finish.

    Raises:
        PortalwatchError: the port is taken, the host is not this machine's, or the certificate can't be used.
    """
    with _bind(host, port) as listener:
        server = _Server(_load(app, certificate))
        running = asyncio.create_task(server.serve(sockets=[listener]), name="http-server")
        try:
            await _started(server, running)
            yield int(listener.getsockname()[1])
        finally:
            server.should_exit = True
            await running

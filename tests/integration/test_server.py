import asyncio
import signal
import socket
from collections.abc import Mapping

import pytest

from agent.errors import PortalwatchError
from agent.server import create_app, serve

FIGURES = b"portalwatch_up 1\n"
APP = create_app(metrics=lambda: FIGURES, ready=lambda: {"journal": False})


async def get(port: int, path: str) -> tuple[str, Mapping[str, str], bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    first, *lines = head.decode().split("\r\n")
    return first, dict(line.lower().split(": ", 1) for line in lines), body


async def test_it_serves_until_the_block_ends() -> None:
    async with serve(APP, host="127.0.0.1", port=0) as port:
        first, headers, body = await get(port, "/metrics")
        ready, _, _ = await get(port, "/readyz")
    assert (first, body) == ("HTTP/1.1 200 OK", FIGURES)
    assert ready == "HTTP/1.1 503 Service Unavailable"
    assert "server" not in headers
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_it_can_be_opened_again_at_once_on_the_same_port() -> None:
    async with serve(APP, host="127.0.0.1", port=0) as port:
        await get(port, "/healthz")
    async with serve(APP, host="127.0.0.1", port=port) as again:
        assert (await get(again, "/healthz"))[0] == "HTTP/1.1 200 OK"


async def test_it_says_what_to_do_about_a_taken_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        wanted = (
            rf"server 127\.0\.0\.1:{port} can't be opened: address already in use; set server\.host or server\.port"
        )
        with pytest.raises(PortalwatchError, match=wanted):
            async with serve(APP, host="127.0.0.1", port=port):
                pass


async def test_it_refuses_a_host_that_is_not_this_machines() -> None:
    with pytest.raises(PortalwatchError, match=r"server 192\.0\.2\.1:0 can't be opened"):
        async with serve(APP, host="192.0.2.1", port=0):
            pass


async def test_it_leaves_signals_to_the_agent() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    async with serve(APP, host="127.0.0.1", port=0):
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


async def test_it_closes_when_the_block_fails() -> None:
    with pytest.raises(LookupError):
        async with serve(APP, host="127.0.0.1", port=0) as port:
            raise LookupError
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_it_does_not_wait_for_a_client_that_keeps_its_connection() -> None:
    async with serve(APP, host="127.0.0.1", port=0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert (await reader.readline()) == b"HTTP/1.1 200 OK\r\n"
    assert (await reader.read()).endswith(b'{"alive":true}')
    writer.close()
    await writer.wait_closed()


async def test_it_survives_what_is_no_http() -> None:
    async with serve(APP, host="127.0.0.1", port=0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\x16\x03\x01\x00\xff nonsense\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 400 Bad Request")
        writer.close()
        await writer.wait_closed()
        assert (await get(port, "/healthz"))[0] == "HTTP/1.1 200 OK"


async def test_it_keeps_serving_after_the_figures_failed() -> None:
    answers = iter([FIGURES])

    async with serve(create_app(metrics=lambda: next(answers), ready=dict), host="127.0.0.1", port=0) as port:
        seen = [(await get(port, "/metrics"))[0] for _ in range(2)]
        alive = (await get(port, "/healthz"))[0]
    assert seen == ["HTTP/1.1 200 OK", "HTTP/1.1 500 Internal Server Error"]
    assert alive == "HTTP/1.1 200 OK"

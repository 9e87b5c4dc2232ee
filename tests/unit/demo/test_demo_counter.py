"""A shared service is there or not, with every connection."""

import errno
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web

from demo.counter import Counter
from demo.pki import Authority
from demo.sockets import LOOPBACK, Claim, claim_block, release_all


async def alive(_: web.Request) -> web.Response:
    return web.Response(text="alive")


@pytest.fixture
async def counter() -> AsyncIterator[tuple[Counter, Claim]]:
    app = web.Application()
    app.add_routes([web.get("/", alive)])
    made, (claim,) = Counter(app, "service.localhost", None), claim_block(1)
    yield made, claim
    await made.stop()
    release_all([claim])


def knock(claim: Claim) -> int:
    with socket.socket() as caller:
        return caller.connect_ex((LOOPBACK, claim.port))


async def read(claim: Claim, session: aiohttp.ClientSession) -> str:
    async with session.get(f"http://{LOOPBACK}:{claim.port}/") as answer:
        return await answer.text()


async def test_it_refuses_until_it_is_reachable(counter: tuple[Counter, Claim]) -> None:
    service, claim = counter
    await service.become(reachable=True)  # not started yet: nothing to open
    await service.start(claim)
    assert knock(claim) == errno.ECONNREFUSED
    await service.become(reachable=True)
    async with aiohttp.ClientSession() as session:
        assert await read(claim, session) == "alive"


async def test_it_cuts_off_connections_that_are_open_when_it_goes(counter: tuple[Counter, Claim]) -> None:
    service, claim = counter
    await service.start(claim)
    await service.become(reachable=True)
    async with aiohttp.ClientSession() as session:
        assert await read(claim, session) == "alive"
        await service.become(reachable=False)
        with pytest.raises(aiohttp.ClientError):
            await read(claim, session)
        await service.become(reachable=True)
        await service.become(reachable=True)
        assert await read(claim, session) == "alive"


async def test_it_speaks_tls_with_an_authority() -> None:
    app = web.Application()
    app.add_routes([web.get("/", alive)])
    service, (claim,) = Counter(app, "service.localhost", Authority.make(datetime.now(UTC))), claim_block(1)
    await service.start(claim)
    await service.become(reachable=True)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await read(claim, session)
        async with session.get(f"https://{LOOPBACK}:{claim.port}/", ssl=False) as answer:
            assert await answer.text() == "alive"
    await service.stop()
    release_all([claim])

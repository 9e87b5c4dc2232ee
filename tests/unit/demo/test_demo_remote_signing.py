"""Remote signing: the PIN, a code that lives 15 seconds and serves once, and one callback."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from agent.clock import Clock
from demo.people import Citizen
from demo.services.signing import CODE_VALID_S, RemoteSigning, SigningError, signing_app

BACK = "https://hue.localhost:1/ky-so/quay-lai"


class World:
    """A service whose clock can be set, and what it delivered."""

    def __init__(self, people: tuple[Citizen, ...]) -> None:
        self.now = 100.0
        self.signer = people[0]
        self.delivered: list[bytes | None] = []
        self.arrived = asyncio.Event()
        self.service = RemoteSigning(people, "https://signing.localhost", Clock(monotonic=lambda: self.now))

    async def deliver(self, signature: bytes | None) -> None:
        self.delivered.append(signature)
        self.arrived.set()

    def order(self) -> str:
        url = self.service.order(self.signer, back=BACK, state="job-1", sign=lambda: b"signature", deliver=self.deliver)
        assert url.startswith("https://signing.localhost/sign?")
        return parse_qs(urlsplit(url).query)["ticket"][0]

    def code(self) -> str:
        target = self.service.authorise(self.order(), self.signer.pin)
        assert target
        assert target.startswith(f"{BACK}?")
        given = parse_qs(urlsplit(target).query)
        assert given["state"] == ["job-1"]
        return given["code"][0]


@pytest.fixture
async def world(people: tuple[Citizen, ...]) -> World:
    return World(people)


async def test_it_delivers_one_signature_for_a_code(world: World) -> None:
    code = world.code()
    assert world.delivered == []
    world.service.redeem(code)
    with pytest.raises(SigningError):
        world.service.redeem(code)
    async with asyncio.timeout(10):
        await world.arrived.wait()
    assert world.delivered == [b"signature"]


async def test_it_takes_a_code_for_fifteen_seconds(world: World) -> None:
    in_time, late = world.code(), world.code()
    world.now += CODE_VALID_S
    world.service.redeem(in_time)
    world.now += 0.1
    with pytest.raises(SigningError):
        world.service.redeem(late)
    assert CODE_VALID_S == 15


@pytest.mark.parametrize("code", ["", "made-up"])
async def test_it_takes_no_code_that_it_did_not_give(world: World, code: str) -> None:
    world.order()
    with pytest.raises(SigningError):
        world.service.redeem(code)


@pytest.mark.parametrize("pin", ["", "0", "ố", "00000000x"])
async def test_it_gives_no_code_for_another_pin(world: World, pin: str) -> None:
    ticket = world.order()
    assert world.service.authorise(ticket, pin) is None
    assert world.service.authorise(ticket, world.signer.pin)


async def test_it_gives_one_code_for_an_order(world: World) -> None:
    ticket = world.order()
    assert world.service.authorise(ticket, world.signer.pin)
    for asked in (ticket, "made-up"):
        with pytest.raises(SigningError):
            world.service.authorise(asked, world.signer.pin)


async def test_it_forgets_the_oldest_orders(world: World) -> None:
    first = world.order()
    for _ in range(500):
        world.order()
    assert not world.service.known(first)


@pytest.fixture
async def caller(world: World) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    async with TestClient(TestServer(signing_app(world.service))) as client:
        yield client


async def test_its_page_asks_for_the_pin_and_sends_the_signer_back(
    world: World, caller: TestClient[web.Request, web.Application]
) -> None:
    ticket = world.order()
    async with caller.get("/sign", params={"ticket": ticket}) as answer:
        assert 'type="password"' in await answer.text()
    async with caller.post("/sign", data={"ticket": ticket, "pin": "no"}, allow_redirects=False) as answer:
        assert (answer.status, "Mã PIN không đúng" in await answer.text()) == (200, True)
    form = {"ticket": ticket, "pin": world.signer.pin}
    async with caller.post("/sign", data=form, allow_redirects=False) as answer:
        assert answer.status == 303
        assert answer.headers["Location"].startswith(BACK)
    async with caller.post("/sign", data=form, allow_redirects=False) as answer:
        assert answer.status == 400
    async with caller.get("/sign", params={"ticket": "made-up"}) as answer:
        assert answer.status == 404

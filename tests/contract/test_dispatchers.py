"""One suite for every dispatcher."""

import asyncio
from datetime import timedelta

import pytest

from agent.dispatch.local import LocalDispatcher
from agent.model import ProbeKind
from tests.factories import START, check, request


@pytest.fixture(params=[LocalDispatcher])
def dispatcher(request):
    return request.param()


async def test_it_carries_requests_in_order(dispatcher):
    requests = [request(slot=START + timedelta(minutes=5 * number)) for number in range(3)]
    for one in requests:
        await dispatcher.submit(one)
    assert [await dispatcher.take("browser") for _ in requests] == requests


async def test_it_ignores_a_request_that_is_open(dispatcher):
    await dispatcher.submit(request())
    await dispatcher.submit(request())
    taken = await dispatcher.take("browser")
    await dispatcher.submit(request())
    assert dispatcher.drain() == []
    await dispatcher.done(taken)
    await dispatcher.submit(request())
    assert dispatcher.drain() == [request()]


async def test_it_keeps_the_lanes_apart(dispatcher):
    probe = request(check("angiang", "http", probe=ProbeKind.HTTP))
    journey = request()
    await dispatcher.submit(journey)
    await dispatcher.submit(probe)
    assert await dispatcher.take("net") == probe
    assert await dispatcher.take("browser") == journey


async def test_it_waits_for_a_request(dispatcher):
    waiting = asyncio.create_task(dispatcher.take("net"))
    await asyncio.sleep(0)
    assert not waiting.done()
    probe = request(check("angiang", "tls", probe=ProbeKind.TLS))
    await dispatcher.submit(probe)
    assert await asyncio.wait_for(waiting, 5) == probe

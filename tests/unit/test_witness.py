"""Fresh answers, asked once for all who failed before the asking."""

import asyncio

from agent.model import Cause, Failure
from agent.witness import Witness

DOWN = Failure(cause=Cause.CONNECTION_REFUSED, step="", detail="")


class Net:
    """Targets that are up or down, and a count of how often each was asked."""

    def __init__(self, *down):
        self.down = set(down)
        self.asked = []

    async def probe(self, url):
        self.asked.append(url)
        await asyncio.sleep(0.01)
        return DOWN if url in self.down else None


def witness(net, controls=("c1", "c2"), services=("vneid",)):
    return Witness(
        controls={name: name for name in controls}, services={name: name for name in services}, probe=net.probe
    )


async def test_it_finds_a_control_target_that_fails():
    assert await witness(Net()).controls_answer()
    assert not await witness(Net("c2")).controls_answer()


async def test_it_takes_no_controls_as_no_evidence_against_the_network():
    assert await witness(Net(), controls=()).controls_answer()


async def test_it_asks_once_for_all_that_failed_together():
    net = Net()
    one = witness(net, controls=("c1",))
    await asyncio.gather(*(one.controls_answer() for _ in range(83)))
    assert len(net.asked) <= 2


async def test_it_never_takes_an_answer_older_than_the_failure():
    net = Net()
    one = witness(net, controls=("c1",))
    assert await one.controls_answer()
    net.down.add("c1")
    assert not await one.controls_answer()


async def test_it_knows_shared_services_by_name():
    assert await witness(Net("vneid")).down_among(["", "vneid", "unheard-of"]) == "vneid"
    assert await witness(Net("vneid")).down_among(["", "unheard-of"]) == ""
    assert await witness(Net()).down_among(["vneid"]) == ""


async def test_it_names_the_first_of_the_services_that_are_down_in_the_order_asked_for():
    one = witness(Net("signing", "timestamp"), services=("timestamp", "vneid", "signing"))
    assert await one.down_among(("vneid", "signing", "timestamp")) == "signing"
    assert await one.down_among(("timestamp", "signing")) == "timestamp"


async def test_it_asks_only_the_services_it_is_asked_about_and_all_at_once():
    net = Net()
    one = witness(net, services=("timestamp", "vneid", "signing"))
    await asyncio.gather(*(one.down_among(("signing", "timestamp")) for _ in range(83)))
    assert set(net.asked) == {"signing", "timestamp"}
    assert len(net.asked) <= 4
    assert await one.down_among(()) == ""


async def test_it_sees_a_service_that_went_down_since():
    net = Net()
    one = witness(net)
    assert await one.down_among(["vneid"]) == ""
    net.down.add("vneid")
    assert await one.down_among(["vneid"]) == "vneid"


async def test_it_shows_what_it_last_saw():
    one = witness(Net("c2", "vneid"))
    assert list(one.samples()) == []
    await one.look()
    seen = {next(iter(sample.labels.values())): sample.value for sample in one.samples()}
    assert seen == {"c1": 1.0, "c2": 0.0, "vneid": 0.0}

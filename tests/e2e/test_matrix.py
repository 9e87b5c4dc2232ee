"""The confusion matrix: every fault and its near-miss on two families, through a whole agent."""

import random
from collections import defaultdict

import aiohttp
import pytest

from agent.model import Cause, Verdict
from demo.faults import Fault
from demo.launch import launch, set_fault
from tests.e2e.expected import SERVICES, TELLING, Saying
from tests.e2e.theatre import Cell, cast, cells_of, everybody, placed, play, show, wrong

FAULTS = [fault for fault in Fault if not fault.healthy]
NEAR_MISSES = [fault for fault in Fault if fault.healthy]
FAMILIES = sorted({portal.platform for portal in everybody()})
OUTSIDE = ("http", "tls", "home")

# Its paths hold the letters that a link to the store is known by elsewhere.
ALWAYS = {Fault.STORE_ABSENT: "eform"}


@pytest.fixture(scope="module")
def seed():
    drawn = random.SystemRandom().randrange(2**31)
    print(f"demo seed {drawn}")
    return drawn


def some(rng, *, count, among=None):
    """A portal of each of so many families."""
    families = defaultdict(list)
    for portal in among or everybody():
        families[portal.platform].append(portal)
    return [rng.choice(families[family]) for family in rng.sample(sorted(families), count)]


async def remotely_signing(ready):
    """The portals that send whoever signs to the shared service; a plug-in on the own machine does without it."""
    async with aiohttp.ClientSession() as session, session.get(f"{ready.control}/state") as response:
        told = (await response.json())["portals"]
    ids = {one["id"] for one in told if "remote" in one["signing"]}
    return [portal for portal in everybody() if portal.id in ids]


def planted(name, portals, says):
    """The cells of something planted on all portals at once."""
    return [
        Cell(planted=name, portal=portal, journey=journey, expected=saying)
        for portal in portals
        for journey, saying in says.items()
    ]


def test_its_table_knows_every_fault():
    assert set(TELLING) == set(FAULTS)


@pytest.mark.parametrize("faults", [FAULTS, NEAR_MISSES], ids=["faults", "near-misses"])
async def test_it_gives_every_fault_and_near_miss_its_verdict(tmp_path, seed, faults):
    families = 2 if faults is FAULTS else 1
    parts = cast(faults, random.Random(f"{seed}/{faults[0]}"), families=families, first=ALWAYS)
    assert {portal.platform for portals in parts.values() for portal in portals} == set(FAMILIES)
    async with launch(portals=None, seed=seed, faults=placed(parts), directory=tmp_path / "demo") as ready:
        played = await play(ready, tmp_path, cells_of(parts))
    show(played)
    assert not wrong(played), wrong(played)
    assert {one.cell.fault for one in played} == set(faults)


async def test_it_names_the_shared_service_that_is_down(tmp_path, seed):
    rng = random.Random(f"{seed}/services")
    async with launch(portals=None, seed=seed, faults=[], directory=tmp_path / "demo") as ready:
        meets = dict.fromkeys(SERVICES) | {"signing": await remotely_signing(ready)}
        played = []
        # Whoever signs meets the signing service and the time stamps, so these two are down one after the other.
        for names in (("payment", "signing"), ("timestamp",)):
            cells = []
            for name in names:
                await set_fault(ready, name, "down")
                cells += planted(f"{name}=down", some(rng, count=2, among=meets[name]), SERVICES[name])
            played += await play(ready, tmp_path / names[0], cells)
            for name in names:
                await set_fault(ready, name, None)
    show(played)
    assert not wrong(played), wrong(played)


async def test_it_makes_one_outage_of_all_portals_that_fail_at_log_in(tmp_path, seed):
    portals = some(random.Random(f"{seed}/vneid"), count=len(FAMILIES))
    async with launch(portals=None, seed=seed, faults=["vneid=down"], directory=tmp_path / "demo") as ready:
        played = await play(ready, tmp_path, planted("vneid=down", portals, SERVICES["vneid"]))
    show(played)
    assert not wrong(played), wrong(played)
    assert {one.result.dependency for one in played} == {"vneid"}


async def test_it_takes_the_blame_for_our_own_network_and_not_for_all_portals_down(tmp_path, seed):
    portals = some(random.Random(f"{seed}/network"), count=2)
    ours = dict.fromkeys(OUTSIDE, Saying(verdict=Verdict.AGENT_FAULT, cause=Cause.NETWORK))
    async with launch(portals=None, seed=seed, faults=["network=down"], directory=tmp_path / "demo") as ready:
        played = await play(ready, tmp_path / "ours", planted("network=down", portals, ours))
        await set_fault(ready, "network", None)
        await set_fault(ready, "*", "down")
        theirs = planted("all portals down", portals, TELLING[Fault.DOWN])
        played += await play(ready, tmp_path / "theirs", theirs)
    show(played)
    assert not wrong(played), wrong(played)

"""The whole confusion matrix, by hand: every fault and near-miss on every family, and every portal at one outage."""

import random
from itertools import islice

import pytest

from demo.faults import Fault
from demo.launch import launch
from tests.e2e.expected import SERVICES
from tests.e2e.theatre import Cell, cast, cells_of, everybody, placed, play, show, wrong

pytestmark = pytest.mark.prove

AT_ONCE = 11
"""Faults in one demo: a family has no more portals."""
WITHIN_S = 3600.0


@pytest.fixture(scope="module")
def seed():
    drawn = random.SystemRandom().randrange(2**31)
    print(f"demo seed {drawn}")
    return drawn


def batches():
    """All the faults, so many at a time."""
    faults = iter(Fault)
    while some := tuple(islice(faults, AT_ONCE)):
        yield some


async def test_it_gives_every_fault_and_near_miss_its_verdict_on_every_family(tmp_path, seed):
    families = {portal.platform for portal in everybody()}
    played = []
    for number, faults in enumerate(batches()):
        parts = cast(faults, random.Random(f"{seed}/{number}"), families=len(families))
        folder = tmp_path / str(number)
        async with launch(portals=None, seed=seed, faults=placed(parts), directory=folder / "demo") as ready:
            played += await play(ready, folder, cells_of(parts), within=WITHIN_S)
    show(played)
    assert {(one.cell.fault, one.cell.portal.platform) for one in played} == {(a, b) for a in Fault for b in families}
    assert not wrong(played), wrong(played)


async def test_it_makes_one_outage_of_all_83_portals_that_fail_at_log_in(tmp_path, seed):
    cells = [
        Cell(planted="vneid=down", portal=portal, journey=journey, expected=says)
        for portal in everybody()
        for journey, says in SERVICES["vneid"].items()
    ]
    async with launch(portals=None, seed=seed, faults=["vneid=down"], directory=tmp_path / "demo") as ready:
        played = await play(ready, tmp_path, cells, within=WITHIN_S)
    show(played)
    assert not wrong(played), wrong(played)
    assert len(played) == 83

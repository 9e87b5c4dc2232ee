"""Casts portals for faults, plays them before a whole agent, and holds what it says against what it must say."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType

from agent.clock import Clock, iso
from agent.model import Flag, Portal, Result, Verdict
from demo.families import FAMILIES
from demo.faults import Fault
from demo.options import DEFAULT_PORTALS
from demo.portals import load_portals
from demo.ready import Ready
from tests.e2e.expected import Saying, must_say, said_by
from tests.e2e.lab import configure, load, one_cycle

WORKERS = {"browser": 4, "http": 4}
SHELLS = frozenset({"formio", "linked"})
"""Families whose documents hold no content: without a browser an application's shell is all there is to see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of the matrix: what is planted on a portal, and what a journey there must say."""

    planted: str
    portal: Portal
    journey: str
    expected: Saying
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A cell with what came of it."""

    cell: Cell
    result: Result

    @property
    def said(self) -> Saying:
        """What was said, as far as the cell asks."""
        return said_by(self.result, self.cell.expected, self.cell.fault)

    @property
    def right(self) -> bool:
        """Whether what had to be said was said."""
        unseen = self.cell.fault is Fault.ERROR_PAGE_200 and self.cell.journey == "http"
        if unseen and self.cell.portal.platform in SHELLS and self.result.verdict is Verdict.PASS:
            return True
        return self.said == self.cell.expected

    def __str__(self) -> str:
        cell, detail = self.cell, f" [{self.result.failing_step}: {self.result.detail}]" if self.result.detail else ""
        mark = "  " if self.right else "! "
        place = f"{mark}{cell.planted:<22} {cell.portal.platform:<9} {cell.journey:<14}"
        told = str(self.said) + ("" if self.right else f"{detail} {self.result.portal}")
        return f"{place} {told}" + ("" if self.right else f" — expected {cell.expected}")


def everybody() -> tuple[Portal, ...]:
    """The portals that a demo stands in for, known before it is launched."""
    return load_portals(DEFAULT_PORTALS, FAMILIES)


def cast(
    faults: Sequence[Fault], rng: random.Random, *, families: int, first: Mapping[Fault, str] = MappingProxyType({})
) -> Mapping[Fault, tuple[Portal, ...]]:
    """For each fault a portal of so many families: of those with most portals left, so that each has its turns.

    ``first`` names the family that a fault must be played on whatever is drawn.
    """
    left = defaultdict(list)
    for portal in everybody():
        left[portal.platform].append(portal)
    for waiting in left.values():
        rng.shuffle(waiting)
    parts = {}
    for fault in faults:
        wanted = first.get(fault)
        order = sorted(left, key=lambda family: (family != wanted, -len(left[family]), rng.random()))
        parts[fault] = tuple(left[family].pop() for family in order[:families])
    return parts


def cells_of(parts: Mapping[Fault, Sequence[Portal]]) -> list[Cell]:
    """The cells of the journeys that tell. Every other maintenance was announced in time, and is excused."""
    cells = []
    for fault, portals in parts.items():
        for number, portal in enumerate(portals):
            excused = {Flag.EXCUSED} if fault is Fault.MAINTENANCE and number % 2 == 0 else set()
            cells += [
                Cell(
                    planted=fault.value,
                    portal=portal,
                    journey=journey,
                    expected=replace(says, flags=says.flags | excused),
                    fault=fault,
                )
                for journey, says in must_say(fault).items()
            ]
    return cells


def placed(parts: Mapping[Fault, Sequence[Portal]]) -> list[str]:
    """The faults as a demo takes them at its start: what is absent from then on was never known to be there."""
    return [f"{portal.id}={fault.value}" for fault, portals in parts.items() for portal in portals]


async def play(ready: Ready, folder, cells: Sequence[Cell], *, within: float = 900.0) -> list[Played]:
    """One slot of each cell's journey on its portal, by one agent."""
    config = load(configure(ready, folder, edit=_only(cells), windows=_windows(cells)))
    seen = (await one_cycle(config, within=within)).by_check()
    return [Played(cell=cell, result=seen[cell.portal.id, cell.journey]) for cell in cells]


def show(played: Sequence[Played]) -> None:
    """Print the table, and the matrix: rows are what was planted, columns what was said."""
    print()
    for one in sorted(played, key=lambda one: list(Fault).index(one.cell.fault) if one.cell.fault else -1):
        print(one)
    matrix = Counter((one.cell.expected.verdict, one.result.verdict) for one in played)
    verdicts = [verdict for verdict in Verdict if any(verdict in pair for pair in matrix)]
    print("\n" + " " * 16 + " ".join(f"{verdict:>16}" for verdict in verdicts))
    for planted in verdicts:
        print(f"{planted:>16}" + " ".join(f"{matrix[planted, said]:>16}" for said in verdicts))


def wrong(played: Sequence[Played]) -> str:
    """A line for each cell that came out wrong."""
    return "\n".join(str(one) for one in played if not one.right)


def _only(cells: Sequence[Cell]):
    """Only what tells, each check once; all that decides a verdict stays as the demo has it."""
    portals = defaultdict(set)
    for cell in cells:
        portals[cell.journey].add(cell.portal.id)

    def edit(parsed):
        parsed["agent"]["workers"] = WORKERS
        parsed["agent"]["accounts"] = _apart(parsed["agent"]["accounts"], cells)
        parsed["journeys"]["journeys"] = [
            journey | {"interval": "6h", "portals": {"ids": sorted(portals[journey["name"]])}}
            for journey in parsed["journeys"]["journeys"]
            if journey["name"] in portals
        ]
        for journey in parsed["journeys"]["journeys"]:
            if journey["name"] in {"http", "home"}:
                # A slow page takes 5 s, its near-miss 1 s, and this machine may be busy: as late as it can lie.
                journey["objective"] = journey["objective"] | {"duration": 4.9}

    return edit


def _apart(accounts, cells: Sequence[Cell]):
    """A portal that has our account refused gets one of its own: a refused account is locked for all portals."""
    refusing = sorted({cell.portal.id for cell in cells if cell.fault is Fault.BAD_PASSWORD})
    others = sorted({cell.portal.id for cell in cells} - set(refusing))
    own = [
        account | {"name": f"{account['name']}-{portal}", "portals": [portal]}
        for account in accounts
        for portal in refusing
    ]
    return [account | {"portals": others} for account in accounts if others] + own


def _windows(cells: Sequence[Cell]):
    """The maintenance of some portals was announced in time, that of the others only after it began."""
    now, hour = Clock().now(), timedelta(hours=1)
    times = {"starts": iso(now - hour), "ends": iso(now + hour)}
    suffering = {
        cell.portal.id: Flag.EXCUSED in cell.expected.flags for cell in cells if cell.fault is Fault.MAINTENANCE
    }
    return [
        {"portals": [portal], "recorded_at": iso(now - (2 * hour if in_time else hour / 2)), **times}
        for portal, in_time in suffering.items()
    ]

"""Every fault and its near-miss, on both families, through a whole agent: the confusion matrix."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from agent.clock import Clock, iso
from agent.model import Cause, Flag, Requirement, Verdict
from demo.faults import Fault
from demo.launch import launch, set_fault
from tests.e2e.lab import configure, load, one_cycle

JOURNEYS = ("http", "tls", "home", "catalogue")
PASS = (Verdict.PASS, None)

# What each journey must say of each fault; a journey that doesn't meet the fault must pass.
PORTAL = Verdict.PORTAL_FAULT
EXPECTED: dict[Fault, dict[str, tuple[Verdict, Cause | None]]] = {
    Fault.DOWN: dict.fromkeys(JOURNEYS, (PORTAL, Cause.CONNECTION_REFUSED)),
    Fault.HTTP500: dict.fromkeys(("http", "home", "catalogue"), (PORTAL, Cause.HTTP_STATUS)),
    Fault.HANG: dict.fromkeys(("http", "home", "catalogue"), (PORTAL, Cause.TIMEOUT)),
    Fault.ERROR_PAGE_200: dict.fromkeys(("http", "home", "catalogue"), (PORTAL, Cause.ERROR_PAGE)),
    Fault.CAPTCHA: {"catalogue": (Verdict.BLOCKED, Cause.CAPTCHA)},
    Fault.DRIFT: {"catalogue": (Verdict.SCRIPT_DRIFT, Cause.CONTROL_MISSING)},
    Fault.MAINTENANCE: dict.fromkeys(("http", "home", "catalogue"), (PORTAL, Cause.MAINTENANCE_PAGE)),
    Fault.CERT_EXPIRED: dict.fromkeys(JOURNEYS, (PORTAL, Cause.CERT_EXPIRED)),
    Fault.CERT_WRONG_HOST: dict.fromkeys(JOURNEYS, (PORTAL, Cause.CERT_WRONG_HOST)),
    Fault.CERT_SELF_SIGNED: dict.fromkeys(JOURNEYS, (PORTAL, Cause.CERT_SELF_SIGNED)),
}
PLAYED = [fault for fault in Fault if fault is not Fault.FLICKER]


def four(parsed):
    """The journeys that every fault is held against."""
    all_of_them = parsed["journeys"]["journeys"]
    parsed["journeys"]["journeys"] = [one for one in all_of_them if one["name"] in JOURNEYS]


def slower(parsed):
    """Step limits short enough for a suite, and intervals that no backlog of hanging portals outruns."""
    four(parsed)
    parsed["agent"]["workers"] = {"browser": 3, "http": 6}
    for journey in parsed["journeys"]["journeys"]:
        journey["interval"] = "30m"
        # A slow page takes 5 s, its near-miss 1 s, and this machine may be busy: the objective lies well between.
        journey["objective"]["duration"] = {"http": 4.5, "tls": 4.5, "home": 4.5, "catalogue": 14}[journey["name"]]
        if journey["probe"] == "browser":
            journey["timeouts"] = {"step": "13s", "journey": "50s", "run": "150s"}


def windows_for(portals, now):
    """The first family's maintenance was announced in time, the other's only after it began."""
    announced, late = portals
    hour = timedelta(hours=1)
    times = {"starts": iso(now - hour), "ends": iso(now + hour)}
    return [
        {"portals": [announced], "recorded_at": iso(now - 2 * hour), **times},
        {"portals": [late], "recorded_at": iso(now - hour / 2), **times},
    ]


def cast(portals):
    """A pair of portals, one of each family, for each fault."""
    families = {name: [one.id for one in portals if one.platform == name] for name in ("formio", "tiepnhan")}
    return dict(zip(PLAYED, zip(families["formio"], families["tiepnhan"], strict=False), strict=False))


@pytest.fixture(scope="module")
def seed():
    drawn = random.SystemRandom().randrange(2**31)
    print(f"demo seed {drawn}")
    return drawn


async def test_it_gives_every_fault_and_near_miss_its_verdict(tmp_path, seed):
    async with launch(portals=2 * len(PLAYED), seed=seed, faults=[], directory=tmp_path / "demo") as ready:
        parts = cast(ready.portals)
        for fault, pair in parts.items():
            for portal in pair:
                await set_fault(ready, portal, fault.value)
        windows = windows_for(parts[Fault.MAINTENANCE], Clock().now())
        config = load(configure(ready, tmp_path, edit=slower, windows=windows))
        seen = (await one_cycle(config)).by_check()
    wrong, matrix = [], Counter()
    for fault, pair in parts.items():
        for portal in pair:
            for journey in JOURNEYS:
                result = seen[portal, journey]
                expected = EXPECTED.get(fault, {}).get(journey, PASS)
                if only_the_shell(fault, result):
                    expected = PASS
                matrix[expected[0], result.verdict] += 1
                if (result.verdict, result.cause) != expected or Flag.FLAKY in result.flags:
                    wrong.append(
                        (fault.value, result.platform, journey, expected, result.verdict, result.cause, result.detail)
                    )
    show(matrix)
    assert not wrong, "\n".join(map(str, wrong))
    assert sum(matrix.values()) == len(PLAYED) * 2 * len(JOURNEYS)
    look_at_flags(parts, seen)
    look_at_requirements(parts, seen)


def only_the_shell(fault, result):
    """Without a browser an application's shell is all there is to see, and the shell may be whole."""
    seen_from_outside = (result.platform, result.journey) == ("formio", "http")
    return fault is Fault.ERROR_PAGE_200 and seen_from_outside and result.verdict is Verdict.PASS


def look_at_flags(parts, seen):
    """Slow and excused stand beside the verdict and never change it."""
    for portal in parts[Fault.SLOW]:
        assert all(Flag.SLOW in seen[portal, journey].flags for journey in ("http", "home", "catalogue"))
    for portal in parts[Fault.NEAR_SLOW]:
        assert not any(Flag.SLOW in seen[portal, journey].flags for journey in JOURNEYS)
    announced, late = parts[Fault.MAINTENANCE]
    assert all(Flag.EXCUSED in seen[announced, journey].flags for journey in JOURNEYS)
    assert not any(Flag.EXCUSED in seen[late, journey].flags for journey in JOURNEYS)


def look_at_requirements(parts, seen):
    """A requirement that is not met is no outage."""
    for portal in parts[Fault.WEAK_TLS]:
        assert seen[portal, "tls"].requirements["SEC-1"] is Requirement.UNFULFILLED
    for portal in parts[Fault.NEAR_WEAK_TLS]:
        assert seen[portal, "tls"].requirements["SEC-1"] is Requirement.FULFILLED
    for portal in parts[Fault.NO_HSTS]:
        assert seen[portal, "http"].requirements["SEC-4"] is Requirement.UNFULFILLED
    for portal in parts[Fault.NEAR_NO_HSTS]:
        assert seen[portal, "http"].requirements["SEC-4"] is Requirement.FULFILLED


def show(matrix):
    """Print the matrix: rows are what was planted, columns what was said."""
    verdicts = [verdict for verdict in Verdict if any(verdict in pair for pair in matrix)]
    print("\n" + " " * 16 + " ".join(f"{verdict:>16}" for verdict in verdicts))
    for planted in verdicts:
        print(f"{planted:>16}" + " ".join(f"{matrix[planted, said]:>16}" for said in verdicts))


@pytest.mark.parametrize("journey", ["http", "home", "catalogue"])
async def test_it_flags_what_fails_once_as_flaky(tmp_path, seed, journey):
    def only(parsed):
        parsed["journeys"]["journeys"] = [one for one in parsed["journeys"]["journeys"] if one["name"] == journey]

    async with launch(portals=2, seed=seed, faults=["*=flicker"], directory=tmp_path / "demo") as ready:
        seen = (await one_cycle(load(configure(ready, tmp_path, edit=only)))).by_check()
    for result in seen.values():
        assert (result.verdict, result.flags, result.attempts) == (Verdict.PASS, {Flag.FLAKY}, 2), result
        assert result.cause is Cause.HTTP_STATUS
    assert {result.platform for result in seen.values()} == {"formio", "tiepnhan"}


async def test_it_takes_the_blame_for_our_own_network_and_not_for_all_portals_down(tmp_path, seed):
    async with launch(portals=2, seed=seed, faults=["network=down"], directory=tmp_path / "demo") as ready:
        ours = (await one_cycle(load(configure(ready, tmp_path / "ours", edit=four)))).by_check()
        await set_fault(ready, "network", None)
        await set_fault(ready, "*", "down")
        theirs = (await one_cycle(load(configure(ready, tmp_path / "theirs", edit=four)))).by_check()
    assert {(one.verdict, one.cause) for one in ours.values()} == {(Verdict.AGENT_FAULT, Cause.NETWORK)}
    assert {(one.verdict, one.cause) for one in theirs.values()} == {(PORTAL, Cause.CONNECTION_REFUSED)}
    assert len(ours) == len(theirs) == 2 * len(JOURNEYS)

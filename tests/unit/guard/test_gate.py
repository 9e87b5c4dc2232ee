"""One session per portal, and starts on a host spaced out."""

import asyncio
from datetime import timedelta

from agent.clock import Clock
from agent.guard.gate import Gate
from agent.guard.windows import excused
from agent.model import ProbeKind, Window
from tests.factories import START, check


async def test_it_lets_one_browser_session_per_portal_through_at_a_time():
    gate, inside, most = Gate(per_host=1000), 0, 0

    async def visit():
        nonlocal inside, most
        async with gate.admit(check()):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    await asyncio.gather(*(visit() for _ in range(5)))
    assert most == 1


async def test_it_does_not_hold_other_portals_or_probes_back():
    gate = Gate(per_host=1000)
    async with gate.admit(check("angiang")):
        async with asyncio.timeout(5), gate.admit(check("hanoi")):
            pass
        async with asyncio.timeout(5), gate.admit(check("angiang", "http", probe=ProbeKind.HTTP)):
            pass


async def test_it_spaces_starts_on_a_host(monkeypatch):
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    gate = Gate(per_host=4, clock=Clock(monotonic=lambda: 100.0))
    for _ in range(3):
        async with gate.admit(check(probe=ProbeKind.HTTP)):
            pass
    assert slept == [0.25, 0.5]


def window(**changes):
    hour = timedelta(hours=1)
    values = {
        "portals": frozenset({"angiang"}),
        "starts": START + hour,
        "ends": START + 2 * hour,
        "recorded_at": START,
        **changes,
    }
    return Window(**values)


def test_it_excuses_only_inside_a_window_recorded_before_it_began():
    inside = START + timedelta(minutes=90)
    assert excused([window()], "angiang", inside)
    assert excused([window()], "angiang", window().starts)
    assert not excused([window()], "angiang", window().ends)
    assert not excused([window()], "angiang", START)
    assert not excused([window()], "hanoi", inside)
    assert not excused([window(recorded_at=window().starts)], "angiang", inside)
    assert excused([window(portals=frozenset())], "hanoi", inside)

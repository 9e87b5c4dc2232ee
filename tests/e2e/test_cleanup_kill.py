"""kill -9 in the middle of ``data-store`` and ``application``: nothing stays on a portal, nothing comes in twice."""

import asyncio
import random
from collections import Counter
from datetime import timedelta

import aiohttp
import pytest

from agent.app import journal_path
from agent.clock import Clock
from agent.journal import Journal
from agent.model import ItemKind, Verdict
from demo.launch import launch
from tests.e2e.lab import answering, configure, kept, none_left, start, stopped_in_order
from tests.e2e.test_reload import metrics, until

CREATING = ("data-store", "application")
PORTALS = 7
INTERVAL_S = 40
LIMITS = {"step": "15s", "journey": "34s", "run": "38s"}
PAID_WITHIN_S = 120


def creating(parsed, *, interval=f"{INTERVAL_S}s", limits=LIMITS):
    """Only what leaves something behind, again and again; the slow family would keep the others waiting."""
    rows = parsed["portals"]["portals"]
    parsed["portals"]["portals"] = [row for row in rows if row["platform"] != "liferay"]
    parsed["journeys"]["journeys"] = [
        one | {"interval": interval, "timeouts": limits}
        for one in parsed["journeys"]["journeys"]
        if one["name"] in CREATING
    ]
    parsed["agent"] |= {"janitor": {"interval": "10s"}, "workers": {"browser": 3}, "shutdown_grace": "60s"}
    parsed["agent"]["log"] = {"format": "json", "level": "info"}


def idle(parsed):
    """The same portals, and nothing due."""
    creating(parsed, interval="6h")
    parsed["agent"]["schedule"] = {"anchor": Clock().now() - timedelta(hours=1), "spread": "1s"}


def debts(data):
    if not journal_path(data).is_file():
        return []
    with Journal.open(journal_path(data)) as journal:
        return journal.debts()


async def owing(data, agent, kind):
    """Wait until a living run owes something of a kind that was not owed before."""
    before = set(debts(data))
    async with asyncio.timeout(60):
        while not any(one.item.kind is kind for one in set(await asyncio.to_thread(debts, data)) - before):
            assert agent.returncode is None
            await asyncio.sleep(0.02)


async def passed(data):
    return any(one.verdict is Verdict.PASS for one in await asyncio.to_thread(kept, data))


async def state(ready):
    """What the portals hold: documents, dossiers, and how often each content was handed in.

    One document of each portal stays on purpose, the canary, and is not counted.
    """
    async with aiohttp.ClientSession() as session, session.get(f"{ready.control}/state") as response:
        portals = (await response.json())["portals"]
    received = sum((Counter(one["submissions"]) for one in portals), Counter())
    return sum(max(0, one["documents"] - 1) for one in portals), sum(one["dossiers"] for one in portals), received


async def owed_by_metric(config):
    lines = [line for line in await metrics(config) if line.startswith("portalwatch_cleanup_debt{")]
    return sum(float(line.rpartition(" ")[2]) for line in lines)


async def killed(agent, data, moments, number):
    """Kill at any moment, or soon after something was created: each kind in its turn."""
    kind = (None, ItemKind.DOCUMENT, ItemKind.DOSSIER)[number % 3]
    if kind is None:
        await asyncio.sleep(moments.uniform(2, 12))
    else:
        await owing(data, agent, kind)
        await asyncio.sleep(moments.uniform(0, 1.5))
    agent.kill()
    await agent.wait()
    await none_left(data / "run")


async def series(folder, kills):
    seed = random.SystemRandom().randrange(2**31)
    print(f"cleanup kills: seed {seed}, {kills} kills")
    moments, owed = random.Random(seed), 0
    data, log = folder / "data", folder / "agent.log"
    async with launch(portals=PORTALS, seed=seed, faults=[], directory=folder / "demo") as ready:
        config = configure(ready, folder, edit=creating, spread=timedelta(seconds=INTERVAL_S))
        agent = await start(config, log)
        await until(lambda: passed(data))
        await stopped_in_order(agent)
        for number in range(kills):
            agent = await start(config, log)
            await killed(agent, data, moments, number)
            left, held = debts(data), await state(ready)
            owed += len(left)
            print(f"  kill {number + 1}: {len(left)} owed, {held[0]} documents and {held[1]} dossiers there")
        configure(ready, folder, edit=idle)
        agent = await start(config, log)
        await answering(config)
        async with asyncio.timeout(PAID_WITHIN_S):
            while await owed_by_metric(config) or debts(data):
                await asyncio.sleep(0.5)
        documents, dossiers, received = await state(ready)
        await stopped_in_order(agent)
        await none_left(data / "run")
    print(f"  {len(received)} submissions, {dict(Counter(one.verdict.value for one in kept(data)))}")
    assert owed > 0, f"seed {seed}: no kill left a debt"
    assert (documents, dossiers) == (0, 0), f"seed {seed}"
    assert received, f"seed {seed}: nothing was submitted"
    assert set(received.values()) == {1}, (seed, received)
    with Journal.open(journal_path(data)) as journal:
        assert (journal.debts(), journal.locks()) == ([], []), f"seed {seed}"
    assert "Traceback" not in log.read_text()


async def test_it_leaves_nothing_behind_and_submits_nothing_twice_when_killed(tmp_path):
    await series(tmp_path, kills=4)


@pytest.mark.prove
async def test_it_leaves_nothing_behind_and_submits_nothing_twice_when_killed_twenty_times(tmp_path):
    await series(tmp_path, kills=20)

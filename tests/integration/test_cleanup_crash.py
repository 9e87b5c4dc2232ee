"""kill -9 at random moments of a journey that creates something: the restarted agent leaves nothing behind."""

import asyncio
import os
import random
import sys
from pathlib import Path

import pytest
import yaml

from agent.app.known import journal_path
from agent.clock import Clock
from agent.journal import Journal
from agent.model import Verdict
from tests.e2e.lab import kept, none_left
from tests.integration.servers import free_port
from tests.integration.shelf import Shelf

ROOT = Path(__file__).parents[2]
ACCOUNT = {"name": "tester", "holder": "person", "username_env": "TESTER", "password_env": "TESTER_PASSWORD"}
PORTAL = {
    "id": "hue",
    "kind": "province",
    "platform": "formio",
    "name_vi": "Huế",
    "name_en": "Hue",
    "base_url": "https://hue.localhost",
    "enabled": True,
}
KEEP = {
    "name": "keep",
    "probe": "browser",
    "interval": "3s",
    "timeouts": {"step": 1.5, "journey": 2, "run": 2.5},
    "objective": {"duration": "2s", "availability": 99.5},
}


def configure(folder):
    agent = {"data_dir": str(folder / "data"), "server": {"port": free_port()}, "accounts": [ACCOUNT]}
    agent |= {"rate_cap": {"per_host": 50}, "janitor": {"interval": "10s"}, "log": {"level": "warning"}}
    files = {
        "agent": agent,
        "portals": {"portals": [PORTAL]},
        "journeys": {"journeys": [KEEP]},
        "maintenance": {"windows": []},
    }
    (folder / "config").mkdir()
    for name, content in files.items():
        (folder / "config" / f"{name}.yaml").write_text(yaml.safe_dump(content))


async def started(folder, url):
    log = (folder / "agent.log").open("ab")
    environ = {**os.environ, "TESTER": "nguyen", "TESTER_PASSWORD": "right", "PYTHONPATH": str(ROOT)}
    program = ROOT / "tests" / "integration" / "shelf_agent.py"
    with log:
        return await asyncio.create_subprocess_exec(
            sys.executable, str(program), str(folder), url, stdout=log, stderr=log, env=environ, cwd=ROOT
        )


def debts(folder):
    path = journal_path(folder / "data")
    if not path.is_file():
        return []
    with Journal.open(path) as journal:
        return journal.debts()


async def paid_since(folder, moment):
    """Wait until nothing is owed from before a moment."""
    async with asyncio.timeout(60):
        while any(debt.since < moment for debt in await asyncio.to_thread(debts, folder)):
            await asyncio.sleep(0.2)


async def series(folder, kills):
    seed = random.SystemRandom().randrange(2**31)
    moments, owed = random.Random(seed), 0
    configure(folder)
    async with Shelf({"nguyen": "right"}).served() as shelf:
        for number in range(kills):
            agent = await started(folder, shelf.url)
            # Half of the kills at any moment, half right after something was created.
            if number % 2:
                await asyncio.sleep(moments.uniform(1, 6))
            else:
                await created(shelf, agent)
            agent.kill()
            await agent.wait()
            await none_left(folder / "data" / "run")
            owed += len(debts(folder))
        moment = Clock().now()
        agent = await started(folder, shelf.url)
        await paid_since(folder, moment)
        await created(shelf, agent)
        agent.terminate()
        assert await asyncio.wait_for(agent.wait(), 60) == 0
        await none_left(folder / "data" / "run")
        left = set(shelf.documents["nguyen"])
    assert owed > 0, f"seed {seed}: no kill left a debt"
    assert (debts(folder), left) == ([], set()), f"seed {seed}"
    verdicts = {result.verdict for result in kept(folder / "data")}
    assert Verdict.PASS in verdicts, (seed, verdicts)
    assert verdicts <= {Verdict.PASS, Verdict.MISSED, Verdict.PORTAL_FAULT}, (seed, verdicts)
    assert "Traceback" not in (folder / "agent.log").read_text()
    with Journal.open(journal_path(folder / "data")) as journal:
        assert journal.locks() == []


async def created(shelf, agent):
    """Wait until the agent has put one more document on the shelf."""
    before = sum(deed == "add" for deed, _ in shelf.visits)
    async with asyncio.timeout(40):
        while sum(deed == "add" for deed, _ in shelf.visits) == before:
            assert agent.returncode is None
            await asyncio.sleep(0.002)


async def test_it_leaves_nothing_on_a_portal_when_killed(tmp_path):
    await series(tmp_path, kills=4)


@pytest.mark.prove
async def test_it_leaves_nothing_on_a_portal_when_killed_twenty_times(tmp_path):
    await series(tmp_path, kills=20)

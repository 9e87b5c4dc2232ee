"""A running agent takes changed accounts, shows its locks, and pays what a killed run left owing."""

import os
import signal
from datetime import timedelta

import pytest

from agent import app
from agent.journal import Journal
from agent.model import Debt, Deed, Intent, Item, ItemKind, Lock, Outcome
from demo.launch import launch
from tests.e2e.lab import answering, brisk, configure, none_left, portalwatch, start, stopped_in_order
from tests.e2e.test_reload import edit, metrics, until
from tests.factories import START

ACCOUNT = {"name": "tester", "holder": "person", "username_env": "TESTER", "password_env": "TESTER_PASSWORD"}
LOCK = Lock(account="tester", since=START, reason="login refused", fingerprint="00$00")
ITEM = Item(portal="nowhere", account="tester", kind=ItemKind.DOCUMENT, mark="pw-1")


def with_account(parsed):
    brisk(parsed)
    parsed["agent"]["accounts"] = [ACCOUNT]
    parsed["journeys"]["journeys"] = [one for one in parsed["journeys"]["journeys"] if one["name"] == "http"]


@pytest.fixture
def secrets(monkeypatch):
    monkeypatch.setenv("TESTER", "079012345678")
    monkeypatch.setenv("TESTER_PASSWORD", "hunter2-hunter2")


async def refused(data):
    """What a run that was killed right after a refusal leaves: a lock, an open submission, a document."""
    with Journal.open(app.journal_path(data)) as journal:
        login = Intent(run_id="run-1", account="tester", deed=Deed.LOGIN, at=START)
        submission = Intent(run_id="run-1", account="tester", deed=Deed.SUBMISSION, at=START)
        await journal.begin_deed(submission, own=())
        await journal.end_deed(await journal.begin_deed(login, own=()), Outcome.REFUSED, START, lock=LOCK)
        await journal.owe(Debt(item=ITEM, run_id="run-1", since=START))


async def test_it_shows_locks_and_debts_as_figures_and_takes_changed_accounts(tmp_path, secrets):
    log, data = tmp_path / "agent.log", tmp_path / "data"
    await refused(data)
    async with launch(portals=1, seed=None, faults=[], directory=tmp_path / "demo") as ready:
        config = configure(ready, tmp_path, edit=with_account, spread=timedelta(seconds=1))
        agent = await start(config, log)
        await answering(config)

        def shows(line):
            async def look():
                return line in await metrics(config)

            return look

        await until(shows('portalwatch_account_locked{account="tester"} 1.0'))
        await until(shows('portalwatch_cleanup_debt{portal="nowhere"} 1.0'))
        edit(config, "agent", lambda parsed: parsed["accounts"].append({**ACCOUNT, "name": "x", "portals": ["y"]}))
        await until(shows("portalwatch_config_last_reload_successful 0.0"))
        company = {**ACCOUNT, "name": "company", "holder": "organisation"}
        edit(config, "agent", lambda parsed: parsed.update(accounts=[ACCOUNT, company]))
        await until(shows('portalwatch_account_locked{account="company"} 0.0'))
        status, out, _ = await portalwatch("account", "unlock", "tester", "--config", config)
        assert (status, out) == (0, "tester: unlocked\n")
        await until(shows('portalwatch_account_locked{account="tester"} 0.0'))
        os.kill(agent.pid, signal.SIGKILL)
        await agent.wait()
        await none_left(data / "run")
        agent = await start(config, log)
        await answering(config)
        await until(shows('portalwatch_cleanup_debt{portal="nowhere"} 1.0'))
        await stopped_in_order(agent)
    said = log.read_text()
    assert "Traceback" not in said
    assert "hunter2" not in said

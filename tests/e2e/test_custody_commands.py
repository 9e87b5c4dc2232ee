"""The commands about accounts and the cleanup ledger, as a user types them."""

import json
from pathlib import Path
from shutil import copytree

import pytest

from agent import app
from agent.journal import Journal
from agent.model import Debt, Deed, Intent, Item, ItemKind, Lock, Outcome
from tests.e2e.lab import portalwatch
from tests.factories import START

SHIPPED = Path(__file__).parents[2] / "config"
AGENT = """\
operator: {contact: ops@example.vn}
accounts:
  - {name: tester, holder: person, portals: [angiang], username_env: TESTER, password_env: TESTER_PASSWORD}
  - {name: company, holder: organisation, username_env: TESTER, password_env: TESTER_PASSWORD}
"""
ITEM = Item(portal="angiang", account="tester", kind=ItemKind.DOSSIER, mark="pw-1")


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Options that name a configuration with two accounts and an empty data directory."""
    monkeypatch.setenv("TESTER", "079012345678")
    monkeypatch.setenv("TESTER_PASSWORD", "hunter2-hunter2")
    copytree(SHIPPED, tmp_path / "config")
    (tmp_path / "config" / "agent.yaml").write_text(AGENT)
    return "--config", tmp_path / "config", "--data", tmp_path / "data"


async def leave_traces(data):
    """A refused log-in, a submission that was cut off, and its dossier."""
    lock = Lock(account="tester", since=START, reason="login refused", fingerprint="00$00")
    with Journal.open(app.journal_path(data)) as journal:
        for deed in (Deed.SUBMISSION, Deed.LOGIN):
            number = await journal.begin_deed(Intent(run_id="run-1", account="tester", deed=deed, at=START), own=())
        await journal.end_deed(number, Outcome.REFUSED, START, lock=lock)
        await journal.owe(Debt(item=ITEM, run_id="run-1", since=START))


async def as_json(*arguments):
    status, out, err = await portalwatch(*arguments, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


async def test_it_lists_accounts_before_the_first_run_and_makes_no_journal(place, tmp_path):
    listed = await as_json("account", "list", *place)
    assert [(one["name"], one["locked_since"]) for one in listed["accounts"]] == [("company", None), ("tester", None)]
    assert await as_json("ledger", "list", *place) == {"debts": []}
    assert await portalwatch("ledger", "list", *place) == (0, "nothing is owed\n", "")
    assert await portalwatch("account", "unlock", "tester", *place) == (0, "tester: was not locked\n", "")
    assert not (tmp_path / "data").exists()


async def test_it_lists_a_lock_and_its_reason_and_takes_it_away(place, tmp_path):
    await leave_traces(tmp_path / "data")
    company, tester = (await as_json("account", "list", *place))["accounts"]
    assert company["portals"] == []
    assert tester == {
        "name": "tester",
        "holder": "person",
        "portals": ["angiang"],
        "configured": True,
        "locked_since": "2026-11-01T00:00:00.000Z",
        "reason": "login refused",
        "open": [{"run_id": "run-1", "deed": "submission", "at": "2026-11-01T00:00:00.000Z"}],
    }
    _, out, _ = await portalwatch("account", "list", *place)
    assert out.splitlines() == [
        "company (organisation; all portals): free",
        "tester (person; angiang): locked since 2026-11-01T00:00:00.000Z: login refused",
        "  submission begun 2026-11-01T00:00:00.000Z by run run-1, outcome unknown",
    ]
    assert await as_json("account", "unlock", "tester", *place) == {"name": "tester", "unlocked": True}
    assert await as_json("account", "unlock", "tester", *place) == {"name": "tester", "unlocked": False}
    assert (await as_json("account", "list", *place))["accounts"][1]["locked_since"] is None


async def test_it_lists_and_unlocks_an_account_that_was_taken_out(place, tmp_path):
    await leave_traces(tmp_path / "data")
    (tmp_path / "config" / "agent.yaml").write_text("operator: {contact: ops@example.vn}\n")
    (tester,) = (await as_json("account", "list", *place))["accounts"]
    assert (tester["configured"], tester["reason"]) == (False, "login refused")
    assert await as_json("account", "unlock", "tester", *place) == {"name": "tester", "unlocked": True}


async def test_it_lists_what_is_owed(place, tmp_path):
    await leave_traces(tmp_path / "data")
    (debt,) = (await as_json("ledger", "list", *place))["debts"]
    assert debt.pop("age_s") > 0
    assert debt == {
        "portal": "angiang",
        "account": "tester",
        "kind": "dossier",
        "mark": "pw-1",
        "run_id": "run-1",
        "since": "2026-11-01T00:00:00.000Z",
        "tries": 0,
    }
    _, out, _ = await portalwatch("ledger", "list", *place)
    assert out == "angiang: dossier pw-1 of tester, since 2026-11-01T00:00:00.000Z, run run-1, looked for 0 times\n"


async def test_it_offers_the_account_that_was_meant(place):
    said = await portalwatch("account", "unlock", "testr", *place)
    assert said == (2, "", 'unknown account "testr" (did you mean "tester"?)\n')

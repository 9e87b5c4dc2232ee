"""Every command as a user types it: output, exit status, and no traceback for a user's mistake."""

import asyncio
import json
import re
from pathlib import Path

import pytest

from agent.model import Verdict
from demo.config import JOURNEYS
from demo.launch import launch
from tests.e2e.lab import configure, portalwatch

KEYS = {
    "run_id",
    "portal",
    "kind",
    "platform",
    "journey",
    "location",
    "slot",
    "started",
    "duration_s",
    "verdict",
    "cause",
    "flags",
    "dependency",
    "failing_step",
    "attempts",
    "steps",
    "metrics",
    "requirements",
    "evidence",
}
ROOT = Path(__file__).parents[2]
COMMANDS = (
    (),
    ("validate",),
    ("check",),
    ("run",),
    ("demo",),
    ("verify-pdf",),
    ("backup",),
    ("outbox", "stats"),
    ("outbox", "drain"),
    ("setup", "influxdb"),
    ("account", "list"),
    ("account", "unlock"),
    ("ledger", "list"),
    ("session", "login"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
async def test_it_has_help_with_an_example(command):
    status, out, err = await portalwatch(*command, "--help")
    assert (status, err) == (0, "")
    assert command == () or f"Example: portalwatch {' '.join(command)}" in out or "Example:" in out


async def test_it_finds_the_shipped_configuration_valid():
    status, out, err = await portalwatch("validate", "--config", ROOT / "config")
    assert (status, err) == (0, "")
    assert out == "83 portals, 0 enabled, 13 journeys, 0 checks, 0 maintenance windows: valid\n"


async def test_it_reports_every_problem_at_once(tmp_path):
    for path in (ROOT / "config").glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text())
    journeys = (tmp_path / "journeys.yaml").read_text()
    (tmp_path / "journeys.yaml").write_text(
        re.sub(r"^( +probe:) browser$", r"\1 brower", journeys, count=1, flags=re.MULTILINE)
    )
    (tmp_path / "agent.yaml").write_text("location: hanoi\nworkers: {browser: many}\n")
    status, out, err = await portalwatch("validate", "--config", tmp_path)
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 2
    assert all(re.match(r".+\.yaml:\d+: [\w.\[\]]+: ", line) for line in err.splitlines()), err
    assert 'unknown probe "brower"; known: browser, http, tls (did you mean "browser"?)' in err
    status, out, _ = await portalwatch("validate", "--config", tmp_path, "--json")
    assert (status, json.loads(out)["valid"], len(json.loads(out)["problems"])) == (2, False, 2)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("validate", "--config", "/nowhere"), "/nowhere"),
        (("run", "--config", "/nowhere"), "/nowhere"),
        (("run", "--roles", "worker", "--config", str(ROOT / "config")), "--roles"),
        (("run", "--roles", "chef", "--config", str(ROOT / "config")), 'unknown role "chef"'),
        (("outbox", "stats", "--config", str(ROOT / "config"), "--data", "/nowhere"), "no journal there"),
        (("outbox", "drain", "--config", str(ROOT / "config")), "influxdb"),
        (("setup", "influxdb", "--config", str(ROOT / "config")), "influxdb"),
        (("demo", "--once", "--portals", "2", "--fault", "bocongan=donw"), "did you mean"),
        (("check", "--portal", "x"), "--journey"),
    ],
)
async def test_it_answers_a_mistake_with_a_sentence(tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    status, _, err = await portalwatch(*arguments)
    assert status == 2
    assert says in err
    assert "Traceback" not in err


async def test_it_runs_one_check_now(tmp_path):
    async with launch(portals=2, seed=None, faults=["bocongan=http500"], directory=tmp_path / "demo") as ready:
        config = configure(ready, tmp_path)
        healthy = next(one.id for one in ready.portals if one.id != "bocongan")
        for journey in ("http", "tls", "home", "catalogue"):
            check = ("check", "--config", config, "--journey", journey, "--json", "--portal")
            status, out, err = await portalwatch(*check, healthy)
            result = json.loads(out)
            assert (status, result["verdict"]) == (0, "pass"), err
            assert set(result) == KEYS
            assert result["run_id"].startswith("manual-")
        status, out, err = await portalwatch("check", "--config", config, "--journey", "home", "--portal", "bocongan")
        assert (status, err) == (1, "")
        assert "portal_fault" in out
        assert "failure.png" in out
        status, _, err = await portalwatch("check", "--config", config, "--journey", "hom", "--portal", "bocongan")
        assert (status, err) == (2, '--journey: unknown journey "hom" (did you mean "home"?)\n')
        status, _, err = await portalwatch("check", "--config", config, "--journey", "home", "--portal", "boconga")
        assert (status, err) == (2, '--portal: unknown portal "boconga" (did you mean "bocongan"?)\n')


async def test_it_shows_the_main_job_once(tmp_path):
    data, report = tmp_path / "data", tmp_path / "out" / "cycle.json"
    demo = ("demo", "--once", "--portals", "2", "--seed", "7", "--fault", "angiang=error-page-200")
    status, out, err = await portalwatch(*demo, "--data", data, "--json", report, within=300)
    assert status == 0, err
    results = json.loads(report.read_text())
    assert len(results) == 2 * len(JOURNEYS)
    assert all(set(result) == KEYS for result in results)
    failed = {(one["portal"], one["verdict"]) for one in results if one["verdict"] != Verdict.PASS}
    assert failed == {("angiang", "portal_fault")}
    assert "seed 7" in out
    assert "error_page" in out
    status, out, _ = await portalwatch("outbox", "stats", "--data", data, "--json")
    assert (status, json.loads(out)["results"]) == (0, 2 * len(JOURNEYS))
    copy = tmp_path / "copy.sqlite3"
    status, _, err = await portalwatch("backup", copy, "--data", data)
    assert (status, err) == (0, "")
    assert copy.stat().st_size > 0
    status, _, err = await portalwatch("backup", copy, "--data", data)
    assert status == 2
    assert "copy.sqlite3" in err
    assert "Traceback" not in err


async def test_it_does_not_let_two_agents_own_one_journal(tmp_path):
    async with launch(portals=1, seed=None, faults=[], directory=tmp_path / "demo") as ready:
        config = configure(ready, tmp_path)
        first = asyncio.create_task(portalwatch("run", "--config", config, stop_after=6))
        await asyncio.sleep(3)
        status, _, err = await portalwatch("run", "--config", config)
        assert status == 2
        assert "is in use by a running agent" in err
        assert (await first)[0] == 0

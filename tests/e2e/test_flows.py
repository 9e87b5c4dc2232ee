"""The journeys behind the log-in, through a whole agent, on healthy portals of two families drawn by seed."""

import asyncio
import random

import pytest
import yaml

from agent import app
from agent.journal import Journal
from agent.model import Requirement, Verdict
from agent.sinks.catalogue import unknown_figures
from demo.launch import launch
from probes import JOURNEYS
from tests.e2e.lab import configure, load, one_cycle

FLOWS = ("lookup", "login", "application", "e-signature", "data-store")
NOT_SEEN = {"PRF-1", "STO-4"}
"""Held against the clock of a busy machine; told only by a second account's store."""


@pytest.fixture(scope="module")
def seed():
    drawn = random.SystemRandom().randrange(2**31)
    print(f"demo seed {drawn}")
    return drawn


def shown(seed):
    """A portal that draws in the browser, and one drawn on the server."""
    dice = random.Random(seed)
    return dice.choice(("formio", "linked")), dice.choice(("aspx", "eform", "liferay", "plain", "tiepnhan"))


def portals(folder, families):
    rows = [
        {
            "id": f"noi-{family}",
            "kind": "province",
            "platform": family,
            "name_vi": f"Nơi {family}",
            "name_en": f"Place {family}",
            "base_url": f"https://dichvucong.{family}.gov.vn",
        }
        for family in families
    ]
    path = folder / "portals.yaml"
    path.write_text(yaml.safe_dump({"portals": rows}, allow_unicode=True), encoding="utf-8")
    return path


def only_flows(parsed):
    parsed["journeys"]["journeys"] = [one for one in parsed["journeys"]["journeys"] if one["name"] in FLOWS]


@pytest.fixture(scope="module")
def cycle(tmp_path_factory, seed):
    """One slot of every flow, and the secrets that were used."""
    folder = tmp_path_factory.mktemp("flows")
    return folder, *asyncio.run(play(folder, seed))


async def play(folder, seed):
    file = portals(folder, shown(seed))
    async with launch(portals=None, seed=seed, faults=[], directory=folder / "demo", portals_file=file) as ready:
        config = load(configure(ready, folder, edit=only_flows))
        seen = (await one_cycle(config)).by_check()
    return seen, config


def test_they_pass(cycle):
    _, seen, _ = cycle
    told = {(one.portal, one.journey, one.verdict, one.cause, one.detail) for one in seen.values()}
    assert {one[2] for one in told} == {Verdict.PASS}, told
    assert len(seen) == 2 * len(FLOWS)


def test_they_take_every_step(cycle):
    _, seen, _ = cycle
    for result in seen.values():
        assert tuple(one.name for one in result.steps) == JOURNEYS[result.journey].steps


def test_they_find_what_they_observe_fulfilled(cycle):
    _, seen, _ = cycle
    for result in seen.values():
        unmet = {name for name, state in result.requirements.items() if state is not Requirement.FULFILLED}
        assert unmet <= NOT_SEEN, (result.portal, result.journey, unmet)


def test_they_measure_what_the_catalogue_of_metrics_lists(cycle):
    _, seen, _ = cycle
    assert unknown_figures(seen.values()) == set()
    for result in seen.values():
        if result.journey == "e-signature":
            assert result.metrics["signatures"] == 1
            assert result.metrics["signer_days_left"] > 0


def test_they_owe_nothing_and_lock_nobody(cycle):
    folder, _, _ = cycle
    with Journal.open(app.journal_path(folder / "data")) as journal:
        assert (list(journal.debts()), list(journal.locks())) == ([], [])


def test_they_leave_no_secret(cycle):
    folder, _, config = cycle
    secrets = [one.encode() for one in config.secrets() if len(one) >= 8]
    assert len(secrets) >= 4
    for path in (folder / "data").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not any(secret in content for secret in secrets), path

"""What the registries claim to observe, held against the shipped catalogue."""

from pathlib import Path

import pytest

from agent.app.known import KNOWN, load_config
from probes import JOURNEYS

SHIPPED = Path(__file__).parents[3] / "config"


@pytest.fixture(scope="module")
def catalogue():
    return {each.id: each for each in load_config(SHIPPED, {}).requirements}


def test_it_observes_nothing_that_the_catalogue_does_not_hold(catalogue):
    assert KNOWN.requirements <= set(catalogue)


def test_it_observes_nothing_that_only_an_operator_can_tell(catalogue):
    assert [name for name in KNOWN.requirements if not catalogue[name].observable] == []


def test_it_names_what_probes_runner_and_journeys_observe():
    assert {"SEC-1", "SEC-2", "SEC-3", "SEC-4", "PRF-1"} <= KNOWN.requirements
    assert {name for journey in JOURNEYS.values() for name in journey.requirements} <= KNOWN.requirements

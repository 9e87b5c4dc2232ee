"""What the registries claim to observe, held against the shipped catalogue."""

from pathlib import Path

import pytest

from agent.app.known import KNOWN, load_config
from agent.app.reload import Live
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


def test_it_words_requirements_as_the_configuration_in_force_does():
    live = Live.of(load_config(SHIPPED, {}))
    assert live.wording("en")["SEC-2"] == "The certificate chain verifies and names the host"
    live.config = live.config.model_copy(update={"requirements": live.config.requirements[:1]})
    assert set(live.wording("vi")) == {"ACC-1"}

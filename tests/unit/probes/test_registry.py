"""The registry, and what every journey in it declares."""

import ast
import inspect
from pathlib import Path

import pytest

from agent import app
from agent.model import OptionRule
from probes import JOURNEYS, PLATFORMS
from probes.journeys import login
from probes.platforms.base import PortalPages

SHIPPED = app.load_config(Path(__file__).parents[3] / "config", {})


def taken(node):
    """The steps that a call begins: its own, or those of whoever logs in."""
    if isinstance(node.func, ast.Name) and node.func.id == "step":
        return [node.args[0].value]
    return [*login.STEPS] if ast.unparse(node.func) == "login.enter" else []


@pytest.mark.parametrize("name", JOURNEYS)
def test_it_declares_exactly_the_steps_it_takes(name):
    tree = ast.parse(inspect.getsource(inspect.getmodule(JOURNEYS[name].run)))
    calls = sorted((node for node in ast.walk(tree) if isinstance(node, ast.Call)), key=lambda node: node.lineno)
    # A journey may be told in several functions, whose order in the file is not that of the steps.
    assert sorted(step for node in calls for step in taken(node)) == sorted(JOURNEYS[name].steps)


@pytest.mark.parametrize("name", JOURNEYS)
def test_it_names_only_requirements_it_can_observe(name):
    journey = JOURNEYS[name]
    catalogue = {one.id: one for one in SHIPPED.requirements}
    assert all(catalogue[each].observable for each in journey.requirements)
    assert {each for lacking in journey.functions.values() for each in lacking} <= set(journey.requirements)


@pytest.mark.parametrize("name", JOURNEYS)
def test_it_shows_nothing_of_who_logs_in(name):
    assert JOURNEYS[name].private or not JOURNEYS[name].holders


@pytest.mark.parametrize("name", JOURNEYS)
def test_it_relies_on_services_in_steps_that_it_has(name):
    assert set(JOURNEYS[name].relies_on) <= set(JOURNEYS[name].steps)


@pytest.mark.parametrize("name", JOURNEYS)
def test_it_has_a_rule_for_each_option(name):
    assert all(isinstance(rule, OptionRule) for rule in JOURNEYS[name].options.values())


@pytest.mark.parametrize("name", PLATFORMS)
def test_it_offers_all_that_journeys_ask_of_a_portal(name):
    asked = {method for method in vars(PortalPages) if not method.startswith("_")}
    assert asked - {"stage"} <= set(dir(PLATFORMS[name]))

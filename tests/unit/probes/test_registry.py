"""The registry, and what every journey in it declares."""

import ast
import inspect

import pytest

from agent.model import OptionRule
from probes import JOURNEYS, PLATFORMS
from probes.platforms.base import PortalPages


@pytest.mark.parametrize("name", JOURNEYS)
def test_it_declares_exactly_the_steps_it_takes(name):
    source = inspect.getsource(inspect.getmodule(JOURNEYS[name].run))
    taken = [
        node.args[0].value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "step"
    ]
    assert tuple(taken) == JOURNEYS[name].steps


@pytest.mark.parametrize("name", JOURNEYS)
def test_it_has_a_rule_for_each_option(name):
    assert all(isinstance(rule, OptionRule) for rule in JOURNEYS[name].options.values())


@pytest.mark.parametrize("name", PLATFORMS)
def test_it_offers_all_that_journeys_ask_of_a_portal(name):
    asked = {method for method in vars(PortalPages) if not method.startswith("_")}
    assert asked - {"stage"} <= set(dir(PLATFORMS[name]))

"""The arithmetic of figures, and that document and code name the same ones."""

import re
from pathlib import Path

import pytest

from bench.figure import Figure, ratios

ROOT = Path(__file__).parents[3]


def figure(**changes):
    return Figure(**{"name": "x", "what": "x", "unit": "", "values": [3.0, 1.0, 2.0], **changes})


def test_it_takes_ratios_pair_by_pair():
    assert ratios([2.0, 9.0], [1.0, 3.0]) == [2.0, 3.0]
    with pytest.raises(ValueError, match="zip"):
        ratios([1.0], [1.0, 2.0])


@pytest.mark.parametrize(
    ("target", "met"),
    [
        ({"at_least": 2.0}, True),
        ({"at_least": 2.1}, False),
        ({"at_most": 2.0}, True),
        ({"at_most": 1.9}, False),
        ({}, True),
    ],
)
def test_it_holds_the_median_against_the_target(target, met):
    assert figure(**target).met is met


def test_it_writes_down_the_rounds_and_their_spread():
    written = figure(at_most=5).public()
    assert (written["min"], written["median"], written["max"], written["met"]) == (1.0, 2.0, 3.0, True)
    assert written["values"] == [3.0, 1.0, 2.0]


def test_it_documents_every_figure_and_no_other():
    code = "".join(path.read_text() for path in (ROOT / "bench").glob("*.py"))
    named = {name for name in re.findall(r'name=f?"(\w+)', code) if not name.endswith("_")}
    page = (ROOT / "docs" / "benchmarks.md").read_text()
    documented = {
        name for row in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    }
    assert documented - {"journeys_ratio_1", "journeys_ratio_4"} == named

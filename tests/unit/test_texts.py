"""Both languages say everything."""

import re
from pathlib import Path

import pytest

from agent.board import State
from agent.model import Flag, Kind, Requirement, StepStatus, Verdict
from agent.server import drawing
from agent.server.findings import WEIGHTS
from agent.server.texts import LANGUAGES, TEXTS, texts

TEMPLATES = Path(__file__).parents[2] / "agent" / "server" / "templates"


@pytest.mark.parametrize("name", TEXTS)
def test_it_is_said_in_both_languages(name):
    vietnamese, english = TEXTS[name]
    assert vietnamese
    assert english
    assert name == "phase_tls" or vietnamese != english


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_a_word_for_every_value(language):
    said = texts(language)
    values = [*Verdict, *Flag, *State, *Kind, *Requirement, *StepStatus]
    assert {value.value for value in values} <= set(said)
    assert {f"why_{verdict.value}" for verdict in Verdict} <= set(said)
    assert {f"phase_{phase}" for phase in drawing.PHASES} <= set(said)
    assert {f"weight_{weight}" for weight in WEIGHTS} <= set(said)


def test_it_has_no_text_that_no_page_uses():
    pages = "".join(path.read_text() for path in TEMPLATES.glob("*.html"))
    built = {value.value for value in [*Verdict, *Flag, *State, *Kind, *Requirement, *StepStatus]}
    built |= {f"why_{verdict.value}" for verdict in Verdict} | {f"phase_{phase}" for phase in drawing.PHASES}
    built |= {f"weight_{weight}" for weight in WEIGHTS}
    used = set(re.findall(r"\bt\.(\w+)", pages)) | built | {"kind", "platform", "state"}
    assert set(TEXTS) == used

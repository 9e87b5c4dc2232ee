"""What a terminal shows; what came from a portal is text and nothing else."""

import io

import pytest
from rich.console import Console

from agent.cli import show
from agent.model import Cause, Evidence, Flag, Requirement, Step, StepStatus, Verdict
from tests.factories import result

HOSTILE = "[red]not markup[/red] [link=javascript:alert(1)]x[/link]"


@pytest.fixture
def screen(monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(show, "console", Console(file=out, width=120, highlight=False, soft_wrap=True))
    return out


def failed(**changes):
    return result(verdict=Verdict.PORTAL_FAULT, cause=Cause.ERROR_PAGE, failing_step="open", detail=HOSTILE, **changes)


def test_it_shows_one_result_with_its_evidence(screen, tmp_path):
    steps = (Step(name="open", status=StepStatus.FAILED, duration_s=1.25),)
    evidence = (Evidence(kind="screenshot", path="2026-11-01/r/1/failure.png"),)
    one = failed(steps=steps, evidence=evidence, metrics={"lcp_s": 0.5}, requirements={"CAT-1": Requirement.UNMEASURED})
    show.result(one, tmp_path)
    said = screen.getvalue()
    for part in ("portal_fault", "error_page", "✗ open", "lcp_s", "CAT-1", str(tmp_path / "evidence/2026-11-01/r/1")):
        assert part in said
    assert HOSTILE in said


def test_it_sums_a_cycle_up_and_names_what_is_not_a_plain_pass(screen):
    slow = result("hanoi", flags=frozenset({Flag.SLOW}), duration_s=9.0)
    show.cycle([result("angiang"), slow, failed()])
    said = screen.getvalue()
    assert "hanoi" in said
    assert "slow" in said
    assert "9.00 s" in said
    assert said.count("angiang") == 1


def test_it_shows_no_second_table_when_all_is_well(screen):
    show.cycle([result()])
    assert "not a plain pass" not in screen.getvalue()

"""Results for tests of the journal, the pump and the sinks."""

from datetime import UTC, datetime, timedelta

from agent.model import Cause, Kind, Requirement, Result, Step, StepStatus, Verdict

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make(number: int = 0, *, portal: str = "hue", verdict: Verdict = Verdict.PASS, **more: object) -> Result:
    """The result of the ``number``-th minute after NOON, as a probe of a healthy portal gives it."""
    slot = NOON + timedelta(minutes=number)
    common: dict[str, object] = {
        "run_id": f"{portal}-{number}",
        "portal": portal,
        "kind": Kind.PROVINCE,
        "platform": "formio",
        "journey": "http",
        "location": "hn",
        "slot": slot,
        "verdict": verdict,
        "interval_s": 60.0,
    }
    return Result(**{**common, **(_missed() if verdict is Verdict.MISSED else _measured(slot)), **more})


def _missed() -> dict[str, object]:
    return {"started": None, "duration_s": 0.0, "cause": Cause.KILLED}


def _measured(slot: datetime) -> dict[str, object]:
    return {
        "started": slot + timedelta(seconds=1),
        "duration_s": 0.4,
        "attempts": 1,
        "steps": (Step(name="open", status=StepStatus.PASSED, duration_s=0.4, landmark="title"),),
        "metrics": {"total_s": 0.4, "status": 200.0},
        "requirements": {"SEC-4": Requirement.FULFILLED},
    }

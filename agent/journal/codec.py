"""A result as the JSON others read, and as the row we keep. The row loses nothing."""

import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import astuple, replace
from typing import Any

from agent.clock import iso
from agent.errors import JournalError
from agent.journal.instants import from_micros, maybe_micros, maybe_moment, to_micros
from agent.model import (
    Cause,
    Evidence,
    Flag,
    Kind,
    RequestTiming,
    Requirement,
    Result,
    Step,
    StepStatus,
    Verdict,
)

Row = tuple[str, str, str, str, int, str, int, str]
"""run_id, check_id, portal, journey, slot in microseconds, verdict, measured, body."""

StoredRow = tuple[str, str, str, int, str, str]
"""run_id, portal, journey, slot in microseconds, verdict, body."""


def check_id(result: Result) -> str:
    """The id of the check a result belongs to."""
    return f"{result.portal}/{result.journey}"


def to_public(result: Result) -> dict[str, Any]:
    """One JSON object a slot: times in RFC 3339, durations in seconds, ``cause`` null when there is none.

    A figure that is no finite number has no place in JSON and is left out.
    """
    return {
        "run_id": result.run_id,
        "portal": result.portal,
        "kind": result.kind.value,
        "platform": result.platform,
        "journey": result.journey,
        "location": result.location,
        "slot": iso(result.slot),
        "started": None if result.started is None else iso(result.started),
        "duration_s": _finite(result.duration_s),
        "verdict": result.verdict.value,
        "cause": None if result.cause is None else result.cause.value,
        "flags": sorted(flag.value for flag in result.flags),
        "dependency": result.dependency,
        "failing_step": result.failing_step,
        "attempts": result.attempts,
        "steps": [_public_step(step) for step in result.steps],
        "metrics": {name: value for name, value in result.metrics.items() if math.isfinite(value)},
        "requirements": {name: state.value for name, state in result.requirements.items()},
        "evidence": [{"kind": kept.kind, "path": kept.path} for kept in result.evidence],
    }


def to_row(result: Result) -> Row:
    """The columns of table ``results`` after ``seq``."""
    return (
        result.run_id,
        check_id(result),
        result.portal,
        result.journey,
        to_micros(result.slot),
        result.verdict.value,
        int(result.measured),
        _compact(_body(result)),
    )


def from_row(row: StoredRow) -> Result:
    """The result that :func:`to_row` was given, without its details.

    Raises JournalError when a newer version wrote words this one does not know.
    """
    run_id, portal, journey, slot, verdict, body = row
    try:
        return Result(
            run_id=run_id,
            portal=portal,
            journey=journey,
            slot=from_micros(slot),
            verdict=Verdict(verdict),
            **_rest(json.loads(body)),
        )
    except (KeyError, TypeError, ValueError) as error:
        message = f"journal: result {run_id} can't be read: {error}"
        raise JournalError(message) from error


def to_details(result: Result) -> bytes | None:
    """Requests and console, compressed; None when there are neither."""
    if not result.requests and not result.console:
        return None
    kept = {"requests": [astuple(request) for request in result.requests], "console": result.console}
    return zlib.compress(_compact(kept).encode())


def with_details(result: Result, details: bytes | None) -> Result:
    """The result with what :func:`to_details` made of its requests and console."""
    if details is None:
        return result
    kept = json.loads(zlib.decompress(details))
    fields = RequestTiming.__dataclass_fields__
    requests = tuple(RequestTiming(**dict(zip(fields, row, strict=True))) for row in kept["requests"])
    return replace(result, requests=requests, console=tuple(kept["console"]))


def _finite(value: float) -> float:
    return value if math.isfinite(value) else 0.0


def _public_step(step: Step) -> dict[str, Any]:
    return {"name": step.name, "status": step.status.value, "duration_s": _finite(step.duration_s)}


def _compact(value: object) -> str:
    # ASCII escapes keep even a lone surrogate, which a page can send and UTF-8 can't carry.
    return json.dumps(value, separators=(",", ":"))


def _body(result: Result) -> dict[str, Any]:
    # Empty values are left out: most results are passes, and there are a quarter of a million a day.
    optional = {
        "cause": result.cause and result.cause.value,
        "flags": sorted(flag.value for flag in result.flags),
        "dependency": result.dependency,
        "failing_step": result.failing_step,
        "detail": result.detail,
        "attempts": result.attempts,
        "interval": result.interval_s,
        "steps": [[step.name, step.status.value, step.duration_s, step.landmark] for step in result.steps],
        "metrics": dict(result.metrics),
        "requirements": {name: state.value for name, state in result.requirements.items()},
        "evidence": [[kept.kind, kept.path] for kept in result.evidence],
        "withheld": result.withheld,
    }
    return {
        "kind": result.kind.value,
        "platform": result.platform,
        "location": result.location,
        "started": maybe_micros(result.started),
        "duration": result.duration_s,
        **{name: value for name, value in optional.items() if value},
    }


def _rest(body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": Kind(body["kind"]),
        "platform": body["platform"],
        "location": body["location"],
        "started": maybe_moment(body["started"]),
        "duration_s": body["duration"],
        "cause": Cause(body["cause"]) if "cause" in body else None,
        "flags": frozenset(map(Flag, body.get("flags", ()))),
        "dependency": body.get("dependency", ""),
        "failing_step": body.get("failing_step", ""),
        "detail": body.get("detail", ""),
        "attempts": body.get("attempts", 0),
        "interval_s": body.get("interval", 0.0),
        "steps": tuple(map(_step, body.get("steps", ()))),
        "metrics": body.get("metrics", {}),
        "requirements": {name: Requirement(state) for name, state in body.get("requirements", {}).items()},
        "evidence": tuple(Evidence(kind=kind, path=path) for kind, path in body.get("evidence", ())),
        "withheld": body.get("withheld", 0),
    }


def _step(kept: tuple[str, str, float, str]) -> Step:
    name, status, duration_s, landmark = kept
    return Step(name=name, status=StepStatus(status), duration_s=duration_s, landmark=landmark)

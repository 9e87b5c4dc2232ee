"""Results as InfluxDB points, in line protocol.

InfluxDB merges points of the same measurement, tags and time field by field. So a second delivery
changes nothing only if a point is made from the Result alone, its time is the slot, its tags hold
nothing that may differ between two deliveries, and it writes all its fields: one left out would keep
the value of an earlier delivery, such as the cause of a ``missed`` that was measured after all.
"""

import math
from collections.abc import Callable, Iterator, Mapping

from agent.clock import to_millis
from agent.model import Flag, Requirement, Result, Verdict
from agent.sinks import catalogue
from agent.sinks.catalogue import Measurement

_UP = {Verdict.PASS: 1, Verdict.PORTAL_FAULT: 0}

# A tag can't carry a line's end, and a backslash before the next separator would swallow it.
_TAG = str.maketrans({",": r"\,", "=": r"\=", " ": r"\ ", "\\": "_", "\n": "_", "\r": "_", "\t": "_"})
_STRING = str.maketrans({'"': r"\"", "\\": r"\\"})

Value = str | int | float
LeftOut = Callable[[str], None]


def lines_of(result: Result, left_out: LeftOut) -> Iterator[str]:
    """Every point of a result, one line each, with its time in milliseconds.

    ``left_out`` is told the name of each figure that is not in the catalogue or no finite number.
    """
    yield _line(catalogue.SLOT, result, _slot(result, left_out))
    for step in result.steps:
        fields = {"status": step.status.value, "duration_s": _duration(step.duration_s, step.name, left_out)}
        yield _line(catalogue.STEP, result, fields, step=step.name)
    for name, value in result.metrics.items():
        if name in catalogue.FIGURES and math.isfinite(value):
            # A field keeps the type of its first point, so a whole number must be a float here too.
            yield _line(catalogue.METRIC, result, {"value": float(value)}, metric=name)
        else:
            left_out(name)
    for name, state in result.requirements.items():
        yield _line(catalogue.REQUIREMENT_STATE, result, _requirement(state), requirement=name)


def _slot(result: Result, left_out: LeftOut) -> dict[str, Value]:
    return {
        "verdict": result.verdict.value,
        "cause": "" if result.cause is None else result.cause.value,
        "dependency": result.dependency,
        "failing_step": result.failing_step,
        "up": _UP.get(result.verdict, -1),
        "measured": int(result.measured),
        "slow": int(Flag.SLOW in result.flags),
        "flaky": int(Flag.FLAKY in result.flags),
        "excused": int(Flag.EXCUSED in result.flags),
        "attempts": result.attempts,
        "duration_s": _duration(result.duration_s, "duration_s", left_out),
    }


def _requirement(state: Requirement) -> dict[str, Value]:
    return {
        "state": state.value,
        "fulfilled": int(state is Requirement.FULFILLED),
        "measured": int(state is not Requirement.UNMEASURED),
    }


def _duration(seconds: float, name: str, left_out: LeftOut) -> float:
    if math.isfinite(seconds):
        return float(seconds)
    left_out(name)
    return 0.0


def _line(measurement: Measurement, result: Result, fields: Mapping[str, Value], **more_tags: str) -> str:
    # Driven by the catalogue: a field it lists and the result lacks is an error here, not a hole over there.
    tags = {**catalogue.labels_of(result), **more_tags}
    head = "".join(f",{name}={tags[name].translate(_TAG)}" for name in measurement.tags if tags[name])
    body = ",".join(f"{field.name}={_literal(fields[field.name])}" for field in measurement.fields)
    return f"{measurement.name}{head} {body} {to_millis(result.slot)}"


def _literal(value: Value) -> str:
    if isinstance(value, str):
        return f'"{value.translate(_STRING)}"'
    return f"{value}i" if isinstance(value, int) else repr(value)

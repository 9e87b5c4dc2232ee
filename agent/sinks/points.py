"""Results as InfluxDB points, in line protocol.

InfluxDB merges points of the same measurement, tags and time field by field. So a second delivery
changes nothing only if a point is made from the Result alone, its time is the slot, its tags hold
nothing that may differ between two deliveries, and it writes all its fields: one left out would keep
the value of an earlier delivery, such as the cause of a ``missed`` that was measured after all.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from agent.clock import to_millis
from agent.model import Flag, Requirement, Result, Verdict
from agent.sinks import catalogue
from agent.sinks.catalogue import Measurement

_UP = {Verdict.PASS: 1, Verdict.PORTAL_FAULT: 0}

# A tag can't carry a line's end, and a backslash before the next separator would swallow it.
_TAG = str.maketrans({",": r"\,", "=": r"\=", " ": r"\ ", "\\": "_", "\n": "_", "\r": "_", "\t": "_"})
_STRING = str.maketrans({'"': r"\"", "\\": r"\\"})
_FORMATS = {"string": '"%%(%s)s"', "integer": "%%(%s)di", "float": "%%(%s)r"}

Value = str | int | float
LeftOut = Callable[[str], None]


def lines_of(result: Result, left_out: LeftOut) -> Iterator[str]:
    """Every point of a result, one line each, with its time in milliseconds.

    ``left_out`` is told the name of each figure that is not in the catalogue or no finite number.
    """
    check, at = _tags_of(*catalogue.labels_of(result).items()), to_millis(result.slot)
    yield _line(catalogue.SLOT, check, "", _slot(result, left_out), at)
    for step in result.steps:
        fields = {"status": step.status.value, "duration_s": _duration(step.duration_s, step.name, left_out)}
        yield _line(catalogue.STEP, check, step.name, fields, at)
    for name, value in result.metrics.items():
        if name in catalogue.FIGURES and math.isfinite(value):
            # A field keeps the type of its first point, so a whole number must be a float here too.
            yield _line(catalogue.METRIC, check, name, {"value": float(value)}, at)
        else:
            left_out(name)
    for name, state in result.requirements.items():
        yield _line(catalogue.REQUIREMENT_STATE, check, name, _requirement(state), at)


def _slot(result: Result, left_out: LeftOut) -> dict[str, Value]:
    flags = result.flags
    return {
        "verdict": result.verdict.value,
        "cause": "" if result.cause is None else result.cause.value,
        "dependency": result.dependency.translate(_STRING),
        "failing_step": result.failing_step.translate(_STRING),
        "up": _UP.get(result.verdict, -1),
        "measured": result.measured,
        "slow": Flag.SLOW in flags,
        "flaky": Flag.FLAKY in flags,
        "excused": Flag.EXCUSED in flags,
        "attempts": result.attempts,
        "duration_s": _duration(result.duration_s, "duration_s", left_out),
    }


def _requirement(state: Requirement) -> dict[str, Value]:
    return {
        "state": state.value,
        "fulfilled": state is Requirement.FULFILLED,
        "measured": state is not Requirement.UNMEASURED,
    }


def _duration(seconds: float, name: str, left_out: LeftOut) -> float:
    if math.isfinite(seconds):
        return float(seconds)
    left_out(name)
    return 0.0


def _template(measurement: Measurement) -> str:
    return ",".join(f"{field.name}={_FORMATS[field.type] % field.name}" for field in measurement.fields)


# Driven by the catalogue: a field it lists and the result lacks is an error here, not a hole over there.
_TEMPLATES = {name: _template(measurement) for name, measurement in catalogue.MEASUREMENTS.items()}


def _line(measurement: Measurement, check: str, own: str, fields: Mapping[str, Value], at: int) -> str:
    return f"{measurement.name}{check}{_own_tag(measurement.tags, own)} {_TEMPLATES[measurement.name] % fields} {at}"


# A check's tags and the names of steps and figures come back with every result; escaping them was most of the work.
@lru_cache(maxsize=4_096)
def _tags_of(*pairs: tuple[str, str]) -> str:
    return "".join(f",{name}={value.translate(_TAG)}" for name, value in pairs if value)


@lru_cache(maxsize=4_096)
def _own_tag(tags: tuple[str, ...], value: str) -> str:
    return _tags_of(*((name, value) for name in tags[len(catalogue.CHECK_LABELS) :]))

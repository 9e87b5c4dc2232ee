"""Turns runs and requests into the few numbers that an SVG needs. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.board import Run
from agent.model import RequestTiming, Result, Step

BARS = 30
BAR_STEP = 4
BAR_HEIGHT = 16
LEAST_BAR = 3
ROW = 16
PHASES = ("dns", "connect", "tls", "first_byte", "transfer")
ROWS_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """All bars of one verdict as one path."""

    verdict: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A coloured stretch of a row; ``x`` and ``width`` are per mille of the whole time."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One step or request of a waterfall; times in seconds. ``title`` is a request's whole address."""

    label: str
    title: str
    note: str
    kind: str
    start: float
    took: float
    blocks: tuple[Block, ...]


def bars(runs: Sequence[Run]) -> tuple[Stroke, ...]:
    """A bar a run, the newest at the right, its height by its duration against the longest shown."""
    longest = max((run.duration_s for run in runs), default=0.0) or 1.0
    paths: dict[str, list[str]] = {}
    for place, run in enumerate(runs, BARS - len(runs)):
        height = LEAST_BAR + (BAR_HEIGHT - LEAST_BAR) * run.duration_s / longest
        paths.setdefault(run.verdict.value, []).append(f"M{place * BAR_STEP + 2} {BAR_HEIGHT}v-{height:.1f}")
    return tuple(Stroke(verdict=verdict, path="".join(parts)) for verdict, parts in paths.items())


def waterfall(result: Result) -> tuple[Row, ...]:
    """The steps one after another, each followed by its requests, then those of no step; ROWS_SHOWN of them at most."""
    requests = result.requests[:ROWS_SHOWN]
    ends = [request.start + _took(request) for request in requests]
    home = _origin(requests[0].url) if requests else ""
    total = max([sum(step.duration_s for step in result.steps), *ends, 0.001])
    by_step: dict[str, list[RequestTiming]] = {}
    for request in requests:
        by_step.setdefault(request.step, []).append(request)
    rows, clock = [], 0.0
    for step in result.steps:
        rows.append(_step_row(step, clock, total))
        rows += [_request_row(request, total, home) for request in by_step.pop(step.name, ())]
        clock += step.duration_s
    return (*rows, *(_request_row(request, total, home) for left in by_step.values() for request in left))


def _step_row(step: Step, start: float, total: float) -> Row:
    block = Block(kind=step.status.value, x=_mille(start, total), width=_mille(step.duration_s, total))
    return Row(
        label=step.name,
        title="",
        note=step.status.value,
        kind="step",
        start=start,
        took=step.duration_s,
        blocks=(block,),
    )


def _request_row(request: RequestTiming, total: float, home: str) -> Row:
    at, blocks = request.start, []
    for phase, took in _phases(request):
        if took > 0:
            blocks.append(Block(kind=phase, x=_mille(at, total), width=max(1.0, _mille(took, total))))
            at += took
    note = "" if request.status is None else str(request.status)
    kind = "failed" if request.failed else "request"
    return Row(
        label=_label(request.url, home),
        title=request.url,
        note=note,
        kind=kind,
        start=request.start,
        took=_took(request),
        blocks=tuple(blocks),
    )


def _label(url: str, home: str) -> str:
    # Whole origins are compared: a host that only begins like the portal's must show.
    return url.removeprefix(home) or "/" if home and _origin(url) == home else url


def _origin(url: str) -> str:
    """What the portal's own addresses begin with; the rest tells them apart. Empty where there is no host."""
    scheme, mark, rest = url.partition("://")
    return scheme + mark + rest.partition("/")[0] if mark else ""


def _phases(request: RequestTiming) -> Iterator[tuple[str, float]]:
    """Each phase by itself: the browser counts the TLS handshake into connecting."""
    for phase in PHASES:
        took = getattr(request, phase) or 0.0
        yield phase, took - (request.tls or 0.0) if phase == "connect" else took


def _took(request: RequestTiming) -> float:
    return sum(took for _, took in _phases(request))


def _mille(seconds: float, total: float) -> float:
    return round(min(max(1000 * seconds / total, 0.0), 1000.0), 1)

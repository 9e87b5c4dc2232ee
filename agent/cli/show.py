"""How results, figures and progress look on a terminal."""

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from agent.config import Config
from agent.journal import Stats
from agent.model import Result, StepStatus, Verdict

STYLES = {
    Verdict.PASS: "green",
    Verdict.PORTAL_FAULT: "red",
    Verdict.DEPENDENCY_FAULT: "magenta",
    Verdict.BLOCKED: "yellow",
    Verdict.SCRIPT_DRIFT: "yellow",
    Verdict.ACCOUNT_FAULT: "yellow",
    Verdict.NOT_OFFERED: "blue",
    Verdict.AGENT_FAULT: "cyan",
    Verdict.MISSED: "dim",
}
SIGNS = {StepStatus.PASSED: "✓", StepStatus.FAILED: "✗", StepStatus.SKIPPED: "–"}

console = Console(highlight=False, soft_wrap=True)


def line(text: str) -> None:
    """One plain line on stdout."""
    sys.stdout.write(text + "\n")


def as_json(value: object) -> None:
    """JSON on stdout, readable and in UTF-8."""
    line(json.dumps(value, ensure_ascii=False, indent=2))


def summary(config: Config, *, checks: int) -> dict[str, int]:
    """The sizes of a configuration."""
    return {
        "portals": len(config.portals),
        "enabled": sum(portal.enabled for portal in config.portals),
        "journeys": len(config.journeys),
        "checks": checks,
        "maintenance windows": len(config.maintenance),
    }


def result(one: Result, data: Path) -> None:
    """One result for a reader: verdict, steps, figures, where the evidence is."""
    flags = f" ({', '.join(sorted(one.flags))})" if one.flags else ""
    console.print(f"[{STYLES[one.verdict]}]{one.verdict}[/]{flags} {one.portal}/{one.journey} {one.duration_s:.2f} s")
    if one.cause:
        console.print(f"  cause {one.cause}, step {one.failing_step or '–'}: {one.detail}", markup=False)
    for step in one.steps:
        console.print(f"  {SIGNS[step.status]} {step.name:<12} {step.duration_s:7.3f} s", markup=False)
    for name, value in sorted(one.metrics.items()):
        console.print(f"    {name:<24} {value:12.3f}", markup=False)
    for name, state in sorted(one.requirements.items()):
        console.print(f"    {name:<24} {state}", markup=False)
    for item in one.evidence:
        console.print(f"  {item.kind}: {data / 'evidence' / item.path}", markup=False)


def cycle(results: Sequence[Result]) -> None:
    """A cycle as two tables: verdicts by journey, and whatever is not a plain pass."""
    console.print(_by_journey(results))
    told = [one for one in results if one.verdict is not Verdict.PASS or one.flags]
    if told:
        console.print(_exceptions(told))


def outbox_public(stats: Stats) -> dict[str, object]:
    """The outbox as JSON."""
    return {
        "results": stats.results,
        "oldest": stats.oldest and stats.oldest.isoformat(),
        "newest": stats.newest and stats.newest.isoformat(),
        "bytes": stats.bytes,
        "sinks": {
            name: {"waiting": stats.newest_seq - seq, "rejected": stats.rejected.get(name, 0)}
            for name, seq in stats.cursors.items()
        },
    }


def outbox(stats: Stats) -> None:
    """The outbox for a reader."""
    console.print(f"{stats.results} results in the journal, {stats.bytes / 1e6:.1f} MB")
    for name, seq in stats.cursors.items():
        console.print(f"  {name}: {stats.newest_seq - seq} waiting, {stats.rejected.get(name, 0)} set aside")
    if not stats.cursors:
        console.print("  no sink keeps a cursor: InfluxDB is not configured, or never ran")


def _by_journey(results: Sequence[Result]) -> Table:
    table = Table(title="one cycle", title_justify="left")
    verdicts = [verdict for verdict in Verdict if any(one.verdict is verdict for one in results)]
    table.add_column("journey")
    table.add_column("slots", justify="right")
    for verdict in verdicts:
        table.add_column(verdict.value, justify="right", style=STYLES[verdict])
    table.add_column("p50", justify="right")
    table.add_column("p95", justify="right")
    for journey in dict.fromkeys(one.journey for one in results):
        own = [one for one in results if one.journey == journey]
        counts = Counter(one.verdict for one in own)
        times = sorted(one.duration_s for one in own if one.measured)
        table.add_row(
            journey,
            str(len(own)),
            *(str(counts[verdict]) for verdict in verdicts),
            _at(times, 0.5),
            _at(times, 0.95),
        )
    return table


def _exceptions(results: Sequence[Result]) -> Table:
    table = Table(title="not a plain pass", title_justify="left")
    for column in ("portal", "journey", "verdict", "cause", "step", "flags"):
        table.add_column(column)
    for one in sorted(results, key=lambda one: (one.portal, one.journey)):
        cause = one.cause or ""
        flags = ", ".join(sorted(one.flags))
        table.add_row(
            one.portal,
            one.journey,
            f"[{STYLES[one.verdict]}]{one.verdict}[/]",
            cause,
            one.failing_step,
            flags,
        )
    return table


def _at(times: Sequence[float], quantile: float) -> str:
    return f"{times[min(len(times) - 1, int(quantile * len(times)))]:.2f} s" if times else "–"


def figures(pairs: Mapping[str, str]) -> None:
    """Named figures, one a line."""
    width = max(map(len, pairs), default=0)
    for name, value in pairs.items():
        console.print(f"  {name:<{width}}  {value}", markup=False)

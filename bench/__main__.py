"""``python -m bench [NAME]…``: measure, print a table, write build/bench.json."""

import asyncio
import json
import os
import platform
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import http_cpu, influx, journal, journeys, lateness, process, status
from bench.figure import Figure

OUT = Path("build/bench.json")

Measure = Callable[[Path], Awaitable[list[Figure]]]

BENCHES: Mapping[str, Measure] = {
    "journeys": journeys.measure,
    "http": http_cpu.measure,
    "journal": journal.measure,
    "influxdb": influx.measure,
    "lateness": lateness.measure,
    "process": process.measure,
    "status": status.measure,
}


async def main(names: list[str]) -> int:
    """Measure what is named, or all; exit 0 also when a target is missed: a figure is no test."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        sys.stderr.write(f"bench: unknown {unknown[0]}; known: {', '.join(BENCHES)}\n")
        return 2
    console, figures = Console(highlight=False, width=140), []
    for name in names or BENCHES:
        with console.status(f"measuring {name}"), tempfile.TemporaryDirectory(prefix="bench-") as folder:
            measured = await BENCHES[name](Path(folder))
        for one in measured:
            console.print(f"{one.name}: {one.value:.3g} {one.unit} ({one.target})")
        figures += measured
    console.print(_table(figures))
    _write(figures)
    return 0


def _write(figures: list[Figure]) -> None:
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(_report(figures), ensure_ascii=False, indent=1) + "\n")


def _table(figures: list[Figure]) -> Table:
    table = Table(title="portalwatch, median of the rounds", title_justify="left")
    for column in ("figure", "value", "min", "max", "target", "", "beside"):
        table.add_column(column, justify="right" if column in {"value", "min", "max"} else "left")
    for one in figures:
        spread = (f"{one.value:.3g} {one.unit}", f"{min(one.values):.3g}", f"{max(one.values):.3g}")
        beside = ", ".join(f"{name} {value}" for name, value in one.beside.items())
        table.add_row(one.name, *spread, one.target, "✓" if one.met else "✗", beside)
    return table


def _report(figures: list[Figure]) -> dict[str, object]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "portalwatch": version("portalwatch"),
        "figures": [one.public() for one in figures],
    }


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))

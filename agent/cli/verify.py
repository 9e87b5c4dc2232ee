"""``portalwatch verify-pdf``: one file, its signatures as a table or as JSON."""

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from rich.table import Table
from rich.text import Text

from agent import app
from agent.cli import show
from agent.cli.actions import DEFAULT_FOLDER
from agent.config import ZONE, Config
from agent.errors import PortalwatchError
from probes.esignature import WORDS, Report, SignatureReport, State, TrustStore, load, to_public
from probes.esignature.verifier import LARGEST

STYLES = {State.VALID: "green", State.INVALID: "red", State.INDETERMINATE: "yellow", State.UNSIGNED: "blue"}


def verify_pdf(file: Path, folder: Path | None, *, trust: Sequence[str], as_json: bool) -> None:
    """Exit 0 if the file is valid, else 1."""
    verifier = app.pdf_verifier(_config(folder), [_store(each) for each in trust])
    report = asyncio.run(verifier.verify(_read(file)))
    if as_json:
        show.as_json(to_public(report))
    else:
        _show(file, report)
    sys.exit(0 if report.state is State.VALID else 1)


def _config(folder: Path | None) -> Config | None:
    if folder is None and not DEFAULT_FOLDER.is_dir():
        return None
    return app.load_config(folder or DEFAULT_FOLDER, os.environ)


def _store(option: str) -> TrustStore:
    name, equals, path = option.partition("=")
    if not (name and equals and path):
        raise PortalwatchError(f"--trust: must be NAME=PEM, got {option}")
    return load(name, Path(path))


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise PortalwatchError(f"{file}: {error.strerror}") from error


def _show(file: Path, report: Report) -> None:
    show.console.print(f"[{STYLES[report.state]}]{report.state}[/]", end=" ")
    show.console.print(str(file), markup=False)
    for reason in report.reasons:
        show.console.print(f"  {WORDS[reason]} ({reason})", markup=False)
    for number, one in enumerate(report.signatures, 1):
        show.console.print(_table(number, one))


def _table(number: int, one: SignatureReport) -> Table:
    table = Table(title=f"signature {number}", title_justify="left", show_header=False)
    for name, value in _rows(one):
        table.add_row(name, Text(value or "–"))
    return table


def _rows(one: SignatureReport) -> Iterator[tuple[str, str]]:
    yield "state", one.state.value
    for reason in one.reasons:
        yield "reason", WORDS[reason]
    yield "trust store", one.trust_store
    yield "kind", f"{one.subfilter} {one.level or ''}".strip()
    yield "hash", one.hash
    yield "signed at", _moment(one.signed_at) + ("" if one.time_proven or not one.signed_at else " (claimed)")
    yield "certificate ends", _moment(one.not_after) + ("" if one.days_left is None else f" ({one.days_left:.0f} days)")
    yield "covers", one.coverage or ""


def _moment(at: datetime | None) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S %z") if at else ""

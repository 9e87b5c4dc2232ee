"""Removes evidence by age, a folder a day, and by size, the oldest runs first."""

import shutil
from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path


def prune_evidence(evidence: Path, older_than: datetime) -> int:
    """Remove the day folders that ended before an instant; returns how many."""
    old = [folder for folder in _days(evidence) if date.fromisoformat(folder.name) < older_than.date()]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def prune_to_size(evidence: Path, most: int, spare: Collection[str] = ()) -> int:
    """Remove the oldest runs until at most ``most`` bytes are left; returns how many.

    The runs in ``spare`` stay: they are being written.
    """
    runs = [run for day in sorted(_days(evidence), key=lambda day: day.name) for run in _by_age(day)]
    sizes = {run: _size(run) for run in runs}
    held, removed = sum(sizes.values()), 0
    for run in runs:
        if held <= most:
            break
        if run.name not in spare:
            shutil.rmtree(run, ignore_errors=True)
            held -= sizes[run]
            removed += 1
    return removed


def _by_age(day: Path) -> list[Path]:
    return sorted((run for run in day.iterdir() if run.is_dir()), key=lambda run: run.stat().st_mtime)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _days(evidence: Path) -> list[Path]:
    found = evidence.iterdir() if evidence.is_dir() else ()
    return [folder for folder in found if folder.is_dir() and _is_day(folder.name)]


def _is_day(name: str) -> bool:
    try:
        date.fromisoformat(name)
    except ValueError:
        return False
    return True

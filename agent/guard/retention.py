"""Removes evidence by age: one folder a day, by the day of the slot."""

import shutil
from datetime import date, datetime
from pathlib import Path


def prune_evidence(evidence: Path, older_than: datetime) -> int:
    """Remove the day folders that ended before an instant; returns how many."""
    old = [folder for folder in _days(evidence) if date.fromisoformat(folder.name) < older_than.date()]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _days(evidence: Path) -> list[Path]:
    found = evidence.iterdir() if evidence.is_dir() else ()
    return [folder for folder in found if folder.is_dir() and _is_day(folder.name)]


def _is_day(name: str) -> bool:
    try:
        date.fromisoformat(name)
    except ValueError:
        return False
    return True

"""Reads back what a run noticed; the file is ours, but what stands in it may be a portal's."""

import json
from collections.abc import Iterator
from pathlib import Path

from agent.model import Finding, Result

KINDS = ("accessibility", "security")
WEIGHTS = ("critical", "serious", "moderate", "minor", "unmet", "noted")
_LARGEST = 512 * 1024


def findings(result: Result, evidence: Path) -> tuple[Finding, ...]:
    """The findings among a result's evidence, which lies under ``evidence``; a file that can't be read gives none."""
    # A confirm attempt looks again; what it noticed is the newest.
    newest = {item.kind: item.path for item in result.evidence if item.kind in KINDS}
    return tuple(one for path in newest.values() for one in _read(evidence, path))


def _read(evidence: Path, path: str) -> Iterator[Finding]:
    root, file = evidence.resolve(), (evidence / path).resolve()
    try:
        if not file.is_relative_to(root) or file.stat().st_size > _LARGEST:
            return
        for one in json.loads(file.read_text(encoding="utf-8"))["findings"]:
            yield _finding(one)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return


def _finding(one: dict[str, object]) -> Finding:
    words = {name: str(one[name]) for name in ("requirement", "rule", "weight", "text", "place")}
    if words["weight"] not in WEIGHTS:
        raise ValueError(words["weight"])
    return Finding(**words, count=int(str(one["count"])))

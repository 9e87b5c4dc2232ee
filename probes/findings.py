"""What a check noticed, as a small JSON file beside a run's other evidence."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import structlog

from agent.model import Evidence, Finding

log = structlog.get_logger(__name__)

MOST = 200
"""Findings of one file; a portal may break each rule on each page, but not fill the disk with it."""


def as_json(found: Sequence[Finding]) -> str:
    """``{"found": N, "findings": [...]}`` with the fields of :class:`agent.model.Finding`, at most ``MOST`` of them."""
    kept = [asdict(one) for one in found[:MOST]]
    return json.dumps({"found": len(found), "findings": kept}, ensure_ascii=False, indent=1)


def keep(folder: Path, kind: str, found: Sequence[Finding]) -> tuple[Evidence, ...]:
    """Write the file into ``folder``; none is kept, and nothing raised, where that can't be done."""
    name = f"{kind}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(as_json(found), encoding="utf-8")
    except OSError as error:
        log.warning("evidence.lost", kind=kind, error=type(error).__name__)
        return ()
    return (Evidence(kind=kind, path=name),)

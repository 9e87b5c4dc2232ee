"""What a check noticed, as a small JSON file beside a run's other evidence."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from agent.model import Finding

MOST = 200
"""Findings of one file; a portal may break each rule on each page, but not fill the disk with it."""


def as_json(found: Sequence[Finding]) -> str:
    """``{"found": N, "findings": [...]}`` with the fields of :class:`agent.model.Finding`, at most ``MOST`` of them."""
    kept = [asdict(one) for one in found[:MOST]]
    return json.dumps({"found": len(found), "findings": kept}, ensure_ascii=False, indent=1)

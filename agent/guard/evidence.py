"""Keeps evidence without secrets: what an attempt left is redacted, searched, and only then kept."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import structlog

from agent.guard.archives import Deadline, WithheldError
from agent.guard.artefacts import redact
from agent.guard.leaks import LeakGate
from agent.guard.redaction import Redactor
from agent.model import Evidence, Sample

log = structlog.get_logger(__name__)

RAW = ".raw"
LARGEST = 64 * 2**20
KINDS = ("screenshot", "trace", "har", "console", "other")
REASONS = ("secret", "unreadable", "too_large", "too_slow")
LONGEST_S = 30.0
"""What one artefact may take; a usual one takes a tenth of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What of an attempt's files was kept, by paths relative to the evidence folder, and how many were not."""

    kept: tuple[Evidence, ...] = ()
    withheld: int = 0


Secrets = Callable[[], Iterable[str]]


class EvidenceStore:
    """The folder ``kept``, which holds clean files only; ``secrets`` tells all that are known now.

    Attempts write into folders of their own beside it, which :meth:`take` empties.
    """

    def __init__(self, kept: Path, secrets: Secrets = tuple) -> None:
        self._kept = kept
        self._secrets = secrets
        self._withheld: Counter[tuple[str, str]] = Counter()

    def redactor(self) -> Redactor:
        """Keeps what is secret now out of texts."""
        return Redactor(self._secrets())

    def sweep(self) -> None:
        """Remove what attempts left that never ended."""
        shutil.rmtree(self._kept / RAW, ignore_errors=True)

    def raw(self, place: Path) -> Path:
        """Where an attempt writes what :meth:`take` will see; not made yet."""
        return self._kept / RAW / "_".join(place.parts)

    def discard(self, place: Path) -> None:
        """Remove what an attempt wrote."""
        shutil.rmtree(self.raw(place), ignore_errors=True)

    async def take(self, place: Path, found: Iterable[Evidence]) -> Taken:
        """Keep what is clean of an attempt's files, under ``place``; all else is removed.

        Paths in ``found`` are relative to the attempt's folder.
        """
        raw = self.raw(place)
        if not raw.exists():
            return Taken()
        return await asyncio.to_thread(self._take, raw, place, tuple(found))

    def samples(self) -> Iterable[Sample]:
        """The artefacts withheld, by kind and reason."""
        for kind, reason in product(KINDS, REASONS):
            labels = {"kind": kind, "reason": reason}
            value = self._withheld[kind, reason]
            yield Sample(name="portalwatch_artefacts_withheld_total", value=value, labels=labels)

    def _take(self, raw: Path, place: Path, found: tuple[Evidence, ...]) -> Taken:
        secrets = frozenset(self._secrets())
        try:
            kept = tuple(
                Evidence(kind=item.kind, path=str(place / item.path))
                for item in found
                if self._keep(item, raw / item.path, self._kept / place / item.path, secrets)
            )
            return Taken(kept=kept, withheld=len(found) - len(kept))
        finally:
            self.discard(place)

    def _keep(self, item: Evidence, raw: Path, target: Path, secrets: frozenset[str]) -> bool:
        clean = raw.with_name(f"{raw.name}.clean")
        try:
            if raw.stat().st_size > LARGEST:
                raise WithheldError("too_large")  # noqa: TRY301 - one way out for all reasons
            in_time = Deadline(LONGEST_S)
            redact(item.kind, raw, clean, Redactor(secrets, in_time))
            LeakGate(secrets, in_time).require_clean(clean)
            target.parent.mkdir(parents=True, exist_ok=True)
            clean.replace(target)
        except WithheldError as error:
            self._withhold(item, error.reason)
        except Exception:  # noqa: BLE001 - whatever goes wrong, the file is not kept and the run goes on
            self._withhold(item, "unreadable")
        else:
            return True
        return False

    def _withhold(self, item: Evidence, reason: str) -> None:
        kind = item.kind if item.kind in KINDS else "other"
        self._withheld[kind, reason] += 1
        log.warning("evidence.withheld", kind=kind, reason=reason)

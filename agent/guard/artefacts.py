"""Redacts one file of evidence by what it is."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from agent.guard import traces
from agent.guard.archives import WithheldError, pieces
from agent.guard.redaction import Redactor
from agent.guard.structure import cleaned

LARGEST_HAR = 16 * 2**20

Rewrite = Callable[[Path, Path, Redactor], None]


def redact(kind: str, path: Path, target: Path, redactor: Redactor) -> None:
    """Write the artefact at ``path`` to ``target`` without secrets. A picture was masked when it was taken.

    Raises:
        WithheldError: it is too large.
        ValueError: it is not what its kind says; reading what is damaged raises any of ``archives.BROKEN``.
    """
    _REWRITES.get(kind, _bytes)(path, target, redactor)


def _har(path: Path, target: Path, redactor: Redactor) -> None:
    if path.stat().st_size > LARGEST_HAR:
        raise WithheldError("too_large")
    clean = cleaned(json.loads(path.read_bytes()), redactor.text)
    target.write_text(json.dumps(clean, separators=(",", ":")), encoding="utf-8")


def _text(path: Path, target: Path, redactor: Redactor) -> None:
    target.write_bytes(redactor.data(path.read_bytes()))


def _bytes(path: Path, target: Path, redactor: Redactor) -> None:
    with path.open("rb") as source, target.open("wb") as written:
        written.writelines(piece for piece, _ in redactor.stream(pieces(source)))


def _copy(path: Path, target: Path, _: Redactor) -> None:
    path.rename(target)


_REWRITES: Mapping[str, Rewrite] = {"trace": traces.rewrite, "har": _har, "console": _text, "screenshot": _copy}

"""The leak gate: finds known secrets in a file before it is kept, in archives within archives too."""

import gzip
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZipFile, is_zipfile

from agent.guard.archives import BROKEN, MOST_BYTES, Readable, WithheldError, members, pieces
from agent.guard.needles import Needles, needles_of

DEEPEST = 4
IN_MEMORY = 8 * 2**20
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b\x08"


class LeakGate:
    """Looks for ``secrets``; ``check`` is called for each piece and may end the search with an exception of its own."""

    def __init__(self, secrets: Iterable[str], check: Callable[[], None]) -> None:
        self._check = check
        self._needles: Needles = needles_of(frozenset(secrets))

    def require_clean(self, path: Path) -> None:
        """Read a whole file, whatever it is.

        Raises:
            WithheldError: it holds a secret, is too large, or can't be read to the end. Says which, not where.
        """
        try:
            with path.open("rb") as file:
                self._search(file, _Budget(), depth=0)
        except BROKEN as error:
            raise WithheldError("unreadable") from error

    def _search(self, file: IO[bytes], budget: "_Budget", *, depth: int) -> None:
        if depth > DEEPEST:
            raise WithheldError("too_large")
        for _, spans in self._needles.pieces(budget.spend(pieces(file))):
            self._check()
            if spans:
                raise WithheldError("secret")
        file.seek(0)
        head = file.read(len(ZIP))
        if head.startswith(GZIP):
            file.seek(0)
            with gzip.open(file) as inner:
                self._search_within(inner, budget, depth=depth)
        elif head == ZIP or is_zipfile(file):
            with ZipFile(file) as archive:
                for info in members(archive):
                    with archive.open(info) as inner:
                        self._search_within(inner, budget, depth=depth)

    def _search_within(self, inner: Readable, budget: "_Budget", *, depth: int) -> None:
        """Search what an archive holds; it is unpacked once, since it may be an archive itself."""
        with SpooledTemporaryFile(max_size=IN_MEMORY) as held:
            for piece in budget.spend(pieces(inner)):
                held.write(piece)
            held.seek(0)
            self._search(held, budget, depth=depth + 1)


class _Budget:
    """How many bytes may be read of one file and all within it, each counted when unpacked and when searched."""

    def __init__(self) -> None:
        self._left = 2 * MOST_BYTES

    def spend(self, source: Iterable[bytes]) -> Iterator[bytes]:
        for piece in source:
            self._left -= len(piece)
            if self._left < 0:
                raise WithheldError("too_large")
            yield piece

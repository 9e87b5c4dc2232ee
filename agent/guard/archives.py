"""Opens zip files that nobody vouches for: how many members, how large, is told before anything is read."""

import lzma
import time
import zlib
from collections.abc import Iterator
from typing import Protocol
from zipfile import BadZipFile, ZipFile, ZipInfo

PIECE = 2**18
"""Small, since a search lets no other thread run."""

MOST_MEMBERS = 10_000
MOST_BYTES = 256 * 2**20
"""Of all members of an archive together, unpacked."""

BROKEN = (BadZipFile, OSError, ValueError, EOFError, RuntimeError, zlib.error, lzma.LZMAError)
"""What reading a damaged, encrypted or hostile file may raise; too deep a structure is a RuntimeError."""


class Readable(Protocol):
    """What :func:`pieces` needs of a file."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; empty at the end."""
        ...


class WithheldError(Exception):
    """An artefact can't be kept; ``reason`` is a word for a metric's label."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Deadline:
    """Call it often: a page can be made so that a search of it takes hours."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def __call__(self) -> None:
        """Go on, or not.

        Raises:
            WithheldError: the time is up.
        """
        if time.monotonic() > self._at:
            raise WithheldError("too_slow")


def members(archive: ZipFile) -> list[ZipInfo]:
    """The files of an archive.

    Raises:
        WithheldError: there are too many, they are too large, or two have one name.
    """
    found = [info for info in archive.infolist() if not info.is_dir()]
    if len(found) > MOST_MEMBERS or sum(info.file_size for info in found) > MOST_BYTES:
        raise WithheldError("too_large")
    if len({info.filename for info in found}) < len(found):
        raise WithheldError("unreadable")
    return found


def pieces(file: Readable) -> Iterator[bytes]:
    """The rest of a file, piece by piece. A member never gives more than its declared size."""
    while piece := file.read(PIECE):
        yield piece

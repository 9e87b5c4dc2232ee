"""Proving to be human: a picture with digits, and a pass for whoever reads it."""

import random
import secrets
from collections import OrderedDict

from demo.images import digits

COOKIE = "xn"
FIELD_TICKET = "phien"
FIELD_ANSWER = "ma"
FIELD_NEXT = "tiep"
_KEPT = 500


class Desk:
    """Issues tickets with a picture each, and passes for right answers. Forgets the oldest."""

    def __init__(self) -> None:
        self._codes: OrderedDict[str, str] = OrderedDict()
        self._passes: OrderedDict[str, None] = OrderedDict()

    def issue(self) -> str:
        """A new ticket."""
        ticket = secrets.token_hex(12)
        self._codes[ticket] = f"{secrets.randbelow(100_000):05d}"
        _trim(self._codes)
        return ticket

    def picture(self, ticket: str) -> bytes | None:
        """The PNG of a ticket's digits; None for one that isn't known."""
        code = self._codes.get(ticket)
        return None if code is None else digits(code, random.Random(ticket))  # noqa: S311 - specks

    def solve(self, ticket: str, answer: str) -> str | None:
        """A pass for the right answer; a ticket serves once."""
        code = self._codes.pop(ticket, None)
        if code is None or not secrets.compare_digest(code.encode(), answer.strip().encode()):
            return None
        granted = secrets.token_hex(12)
        self._passes[granted] = None
        _trim(self._passes)
        return granted

    def admits(self, granted: str | None) -> bool:
        """Whether this pass was given here."""
        return granted in self._passes


def _trim(kept: OrderedDict[str, str] | OrderedDict[str, None]) -> None:
    while len(kept) > _KEPT:
        kept.popitem(last=False)


def local_path(text: str) -> str:
    """Where to go on: ``text`` if it stays on this site, else the home page."""
    clean = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if clean else "/"

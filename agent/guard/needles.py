"""Finds known secrets in bytes: cheap where there are none, bounded where a page plants near-misses."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from agent.guard.forms import NEEDLESS, Needle, needles

Span = tuple[int, int]
"""Half-open, in bytes."""


class Needles:
    """What to look for. A part of the data is searched closely only where an anchor is."""

    def __init__(self, found: Iterable[Needle]) -> None:
        self._needles = tuple(found)
        self.reach = max((needle.reach for needle in self._needles), default=0)

    def spans(self, data: bytes) -> list[Span]:
        """Where secrets stand, in order, none touching another."""
        if not self._needles:
            return []
        odd = [match.span() for match in NEEDLESS.finditer(data)]
        return merged(
            match.span()
            for needle in self._needles
            if odd or any(anchor in data for anchor in needle.anchors)
            for low, high in _near(needle, data, odd)
            for match in needle.pattern().finditer(data, low, high)
        )

    def pieces(self, source: Iterable[bytes]) -> Iterator[tuple[bytes, list[Span]]]:
        """The data again, in pieces that cut through no secret, each with where secrets stand in it."""
        held = b""
        for piece in source:
            held += piece
            if len(held) <= self.reach:
                continue
            cut, spans = max(len(held) - self.reach, 0), self.spans(held)
            cut = next((high for low, high in spans if low < cut < high), cut)
            yield held[:cut], [span for span in spans if span[1] <= cut]
            held = held[cut:]
        yield held, self.spans(held)


@lru_cache(maxsize=4)
def needles_of(secrets: frozenset[str]) -> Needles:
    """The needles of these secrets, made once."""
    return Needles(needles(secrets))


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same ground in order, overlaps and touching ones made one."""
    whole: list[Span] = []
    for low, high in sorted(spans):
        if whole and low <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(high, whole[-1][1]))
        else:
            whole.append((low, high))
    return whole


def _near(needle: Needle, data: bytes, odd: list[Span]) -> list[Span]:
    if b"" in needle.anchors:
        return [(0, len(data))]
    places = [*odd, *(span for anchor in needle.anchors for span in _places(data, anchor, needle.reach))]
    return merged((max(low - needle.reach, 0), high + needle.reach) for low, high in places)


def _places(data: bytes, anchor: bytes, reach: int) -> Iterator[Span]:
    """Where an anchor is; those within one reach of each other as one place."""
    at = data.find(anchor)
    while at >= 0:
        last = data.rfind(anchor, at, at + reach)
        yield at, last
        at = data.find(anchor, last + 1)

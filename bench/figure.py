"""One measured figure, and how to write it down. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """``values`` has one entry a round; ``at_least`` or ``at_most`` is the target.

    ``beside`` tells the parts, ``versions`` what was measured.
    """

    name: str
    what: str
    unit: str
    values: Sequence[float]
    at_least: float | None = None
    at_most: float | None = None
    beside: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def value(self) -> float:
        """The median of all rounds."""
        return typical(self.values)

    @property
    def met(self) -> bool:
        """Whether the median reaches the target."""
        above = self.at_least is None or self.value >= self.at_least
        below = self.at_most is None or self.value <= self.at_most
        return above and below

    @property
    def target(self) -> str:
        """The target in words."""
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return f"≤ {self.at_most:g}" if self.at_most is not None else "–"

    def public(self) -> dict[str, Any]:
        """As JSON."""
        spread = {"min": min(self.values), "median": self.value, "max": max(self.values)}
        return {**asdict(self), "values": list(self.values), "rounds": len(self.values), **spread, "met": self.met}


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Ours over theirs, pair by pair: the machine's mood is in both of a pair.

    Raises:
        ValueError: the rounds don't pair up.
    """
    return [a / b for a, b in zip(ours, theirs, strict=True)]


def typical(values: Sequence[float]) -> float:
    """The median."""
    return median(values)


def in_turn(pair: Sequence[T], number: int) -> Sequence[T]:
    """A pair in its order in even rounds, turned round in odd ones: whoever comes first gains nothing by it."""
    return pair[:: -1 if number % 2 else 1]

"""Dossiers: drafts that are filled in step by step, and those that were handed in."""

import secrets
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from demo.flow.store import Document
from demo.procedures import Procedure

_KEPT = 1000


@dataclass(slots=True)
class Draft:
    """A dossier that is not handed in yet; ``reached`` is the furthest screen, from 0."""

    procedure: Procedure
    values: dict[str, str] = field(default_factory=dict)
    attached: list[Document] = field(default_factory=list)
    delivery: str = ""
    reached: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A dossier that was handed in."""

    code: str
    procedure: Procedure
    owner: str
    name: str
    mark: str
    at: datetime
    attached: tuple[str, ...]


class Dossiers:
    """All dossiers of one portal. ``body`` is the middle of each code; ``linked`` codes begin otherwise.

    ``received`` counts how often each content was handed in, withdrawn or not.
    """

    def __init__(self, body: str, *, linked: bool = False) -> None:
        self._body = body
        self._linked = linked
        self._kept: OrderedDict[str, Dossier] = OrderedDict()
        self.received: Counter[str] = Counter()

    def __len__(self) -> int:
        """How many are here, by all owners."""
        return len(self._kept)

    def hand_in(self, draft: Draft, *, owner: str, name: str, at: datetime) -> Dossier:
        """Make a draft a dossier; the same draft twice gives two dossiers, as a portal without a guard would."""
        number = secrets.randbelow(10_000)
        group, unit = secrets.randbelow(90) + 10, secrets.randbelow(90) + 10
        start = f"G22.99.{unit}" if self._linked else f"000.{group}.{unit}.{self._body}"
        dossier = Dossier(
            code=f"{start}-{at:%y%m%d}-{number:04d}",
            procedure=draft.procedure,
            owner=owner,
            name=name,
            mark=draft.values.get("content", ""),
            at=at,
            attached=tuple(one.name for one in draft.attached),
        )
        self._kept[dossier.code] = dossier
        self.received[dossier.mark] += 1
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return dossier

    def find(self, code: str) -> Dossier | None:
        """The dossier with this code."""
        return self._kept.get(code.strip())

    def of(self, owner: str) -> list[Dossier]:
        """Somebody's dossiers, newest first."""
        return [one for one in reversed(self._kept.values()) if one.owner == owner]

    def withdraw(self, code: str, owner: str) -> bool:
        """Take a dossier back; whether it was theirs."""
        found = self._kept.get(code)
        if found is None or found.owner != owner:
            return False
        del self._kept[code]
        return True

"""What the pages are made from, handed in by the app."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.board import Board
from agent.model import Lock, PortalDebt, Result
from agent.ports import Archive


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """``evidence`` is the folder that a result's evidence paths are relative to.

    ``public`` gives a result as its documented JSON; ``problems`` is why the newest configuration was
    refused, empty when it is in force; ``locks`` are the accounts that may not be used, ``debts`` what
    journeys left on portals; ``wording`` tells what each requirement asks, by id, in a language.
    """

    board: Board
    archive: Archive
    evidence: Path
    public: Callable[[Result], Mapping[str, Any]]
    problems: Callable[[], Sequence[str]] = tuple
    locks: Callable[[], Sequence[Lock]] = tuple
    debts: Callable[[], Sequence[PortalDebt]] = tuple
    wording: Callable[[str], Mapping[str, str]] = lambda _: {}

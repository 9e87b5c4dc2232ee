"""The procedures a portal offers, drawn by seed: what the pages show is what ``/state`` tells."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any
from unicodedata import normalize

import yaml

from agent.model import Kind, Portal

_DATA = Path(__file__).with_name("data") / "procedures.yaml"
_FEWEST, _MOST = 40, 120
_NEEDLE = "đăng ký"
_NEEDLES = 12


class Level(StrEnum):
    """How far a procedure can be done online."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One administrative procedure. ``number`` and ``hex_id`` are its ids in the two families' addresses."""

    number: int
    hex_id: str
    code: str
    title: str
    field: str
    agency: str
    fee: str
    time_limit: str
    level: Level


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search, counted from 1; ``total`` counts the hits on all ``pages``."""

    items: tuple[Procedure, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class _Draft:
    title: str
    sector: Mapping[str, Any]


def plant(portal: Portal, rank: int, rng: random.Random) -> tuple[Procedure, ...]:
    """What ``portal`` offers. ``rank`` counts the bodies of its kind from 1 and ends up in every code."""
    drafts = _pick(_drafts(portal), rng)
    letter = "G" if portal.kind is Kind.MINISTRY else "H"
    numbers = rng.sample(range(1_000, 13_000), len(drafts))
    return tuple(
        _finish(draft, number, f"{letter}{rank:02d}", portal, rng)
        for draft, number in zip(drafts, numbers, strict=True)
    )


def search(offered: Sequence[Procedure], query: str, number: int, size: int) -> Page:
    """Page ``number`` of those whose title or code contains ``query``; a page out of range is the nearest one."""
    wanted = " ".join(_fold(query).split())
    hits = [one for one in offered if wanted in _fold(one.title) or wanted in _fold(one.code)]
    pages = max(1, -(-len(hits) // size))
    number = min(max(1, number), pages)
    return Page(tuple(hits[(number - 1) * size : number * size]), len(hits), number, pages)


@cache
def headlines() -> tuple[str, ...]:
    """News titles that could stand on any portal."""
    return tuple(_catalogue()["news"])


@cache
def _catalogue() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    return loaded


def _fold(text: str) -> str:
    return normalize("NFC", text).casefold()


def _drafts(portal: Portal) -> list[_Draft]:
    catalogue = _catalogue()
    everything: Mapping[str, Mapping[str, Any]] = catalogue["sectors"]
    own = catalogue["ministries"].get(portal.id) if portal.kind is Kind.MINISTRY else None
    sectors = [everything[name] for name in own] if own else [one for one in everything.values() if "department" in one]
    common: Mapping[str, Any] = catalogue["common"]
    scopes = catalogue["scopes"] if own else [""]
    drafts = [_Draft(title, sector) for sector in sectors for title in _titles(sector, scopes)]
    return drafts + [_Draft(title, common) for title in common["titles"]]


def _titles(sector: Mapping[str, Any], scopes: Sequence[str]) -> list[str]:
    combined = product(sector.get("actions", ()), sector.get("subjects", ()), scopes)
    return [*sector["titles"], *(f"{action} {subject}{scope}" for action, subject, scope in combined)]


def _pick(drafts: Sequence[_Draft], rng: random.Random) -> list[_Draft]:
    """40 to 120 of them, among them enough that speak of a registration to fill more than a page if there are."""
    wanted = min(len(drafts), rng.randint(_FEWEST, _MOST))
    first = [draft for draft in drafts if _NEEDLE in _fold(draft.title)]
    chosen = rng.sample(first, min(_NEEDLES, len(first)))
    rest = [draft for draft in drafts if draft not in chosen]
    return rng.sample([*chosen, *rng.sample(rest, wanted - len(chosen))], wanted)


def _finish(draft: _Draft, number: int, body: str, portal: Portal, rng: random.Random) -> Procedure:
    return Procedure(
        number=number,
        hex_id=f"{rng.getrandbits(96):024x}",
        code=f"{rng.choice((1, 1, 2, 3))}.{number:06d}.000.00.00.{body}",
        title=draft.title,
        field=draft.sector["name"],
        agency=_agency(draft, portal, rng),
        fee=rng.choice(draft.sector["fees"]),
        time_limit=rng.choice(draft.sector["times"]),
        level=rng.choices(tuple(Level), weights=(6, 3, 1))[0],
    )


def _agency(draft: _Draft, portal: Portal, rng: random.Random) -> str:
    if portal.kind is Kind.MINISTRY:
        return portal.name_vi
    local = rng.choice(("Ủy ban nhân dân cấp xã", "Ủy ban nhân dân cấp huyện"))
    department = f"{draft.sector['department']} {portal.name_vi}"
    return rng.choices((department, local), weights=(4, 1))[0]

"""Which portals to stand in for."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from agent.errors import ConfigError
from agent.model import Kind, Portal

_REAL = ".gov.vn"
_OURS = ".localhost"
_TEXTS = ("id", "platform", "name_vi", "name_en", "base_url")


def load_portals(path: Path, platforms: Collection[str]) -> tuple[Portal, ...]:
    """The portals of a YAML file with their real addresses; raises :class:`ConfigError` with every problem."""
    rows = _rows(path)
    problems = [f"{path}: portals[{n}].{text}" for n, row in enumerate(rows) for text in _problems(row, platforms)]
    ids = [row.get("id") for row in rows if isinstance(row, dict)]
    problems += [f"{path}: id: {twice!r} is given twice" for twice in {str(i) for i in ids if ids.count(i) > 1}]
    if problems:
        raise ConfigError(problems)
    return tuple(Portal(kind=Kind(row["kind"]), **{name: row[name] for name in _TEXTS}) for row in rows)


def choose(portals: Sequence[Portal], count: int | None) -> tuple[Portal, ...]:
    """The first ``count`` portals, taking turns between the kinds and the platforms; all of them for None."""
    if count is None:
        return tuple(portals)
    groups: defaultdict[tuple[str, str], list[Portal]] = defaultdict(list)
    for portal in portals:
        groups[portal.platform, portal.kind].append(portal)
    ordered = [groups[key] for key in _apart(list(groups))]
    turns = chain.from_iterable(zip_longest(*ordered))
    return tuple([portal for portal in turns if portal is not None][:count])


def _apart(keys: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Keys in an order where two neighbours share as little as they can, so that two portals show most."""
    left = list(keys)
    ordered: list[tuple[str, str]] = []
    while left:
        last = ordered[-1] if ordered else ("", "")
        best = min(left, key=lambda key: sum(a == b for a, b in zip(key, last, strict=True)))
        ordered.append(best)
        left.remove(best)
    return ordered


def ranked(chosen: Sequence[Portal], known: Sequence[Portal]) -> tuple[tuple[Portal, int], ...]:
    """Each chosen portal with its place, from 1, among all known ones of its kind."""
    seen: Counter[Kind] = Counter()
    ranks = {}
    for portal in known:
        seen[portal.kind] += 1
        ranks[portal.id] = seen[portal.kind]
    return tuple((portal, ranks[portal.id]) for portal in chosen)


def demo_host(base_url: str) -> str:
    """The stand-in's host name for a real portal's address."""
    host = urlsplit(base_url).hostname or ""
    return host if host.endswith(_OURS) else host.removesuffix(_REAL) + _OURS


def settle(portal: Portal, port: int) -> Portal:
    """The portal at its stand-in's address."""
    return replace(portal, base_url=f"https://{demo_host(portal.base_url)}:{port}")


def _rows(path: Path) -> list[Any]:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError([f"{path}: can't be read: {error.strerror}"]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: is not YAML: {' '.join(str(error).split())}"]) from error
    rows = document.get("portals") if isinstance(document, dict) else None
    if not isinstance(rows, list) or not rows:
        raise ConfigError([f"{path}: portals: must be a list with at least one portal"])
    return rows


def _problems(row: object, platforms: Collection[str]) -> list[str]:
    if not isinstance(row, Mapping):
        return [f"must be a mapping, not {row!r}"]
    found = [f"{name}: {row.get(name)!r} must be a text" for name in _TEXTS if not isinstance(row.get(name), str)]
    if row.get("kind") not in set(Kind):
        found.append(f"kind: {row.get('kind')!r} is not one of {', '.join(Kind)}")
    if row.get("platform") not in platforms:
        found.append(f"platform: {row.get('platform')!r} is not one of {', '.join(sorted(platforms))}")
    if not _usable(row.get("base_url")):
        found.append(f"base_url: {row.get('base_url')!r} must be https with a host under {_REAL} or {_OURS}")
    return found


def _usable(base_url: object) -> bool:
    parts = urlsplit(base_url if isinstance(base_url, str) else "")
    return parts.scheme == "https" and (parts.hostname or "").endswith((_REAL, _OURS))

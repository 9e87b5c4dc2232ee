"""The line a demo prints when it is ready."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from agent.errors import PortalwatchError
from agent.model import Kind, Portal

ISSUER, HOLDER = "national-ca", "person"
"""PEM files beside the roots, without their ending: whom OCSP and CRLs are asked of, and about whom."""


class ReadyError(PortalwatchError):
    """A line that no demo wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a test account logs in and signs with, made anew for each demo; ``key`` is a PKCS #12 file."""

    holder: str
    username: str = field(repr=False)
    password: str = field(repr=False)
    pin: str = field(repr=False)
    key: str
    key_password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A running demo: ``control`` is the origin of its control API, ``ca`` the root certificate to trust.

    ``services`` maps the shared services to the addresses that tell whether they are there; ``roots`` are PEM files of
    those whose signatures are believed, by name.
    """

    control: str
    control_target: str
    ca: Path
    seed: int
    portals: Sequence[Portal]
    services: Mapping[str, str]
    accounts: Sequence[Account]
    roots: Mapping[str, Path]

    def rows(self) -> list[dict[str, Any]]:
        """The portals as entries of portals.yaml have them."""
        return [_row(portal) for portal in self.portals]

    def to_line(self) -> str:
        """The line, without its end."""
        whole = {
            "control": self.control,
            "control_target": self.control_target,
            "ca": str(self.ca),
            "seed": self.seed,
            "portals": self.rows(),
            "services": dict(self.services),
            "accounts": [asdict(one) for one in self.accounts],
            "roots": {name: str(path) for name, path in self.roots.items()},
        }
        return json.dumps(whole, ensure_ascii=False)

    @classmethod
    def from_line(cls, line: str) -> "Ready":
        """What :meth:`to_line` wrote; raises :class:`ReadyError`."""
        try:
            whole = json.loads(line)
            return cls(
                control=whole["control"],
                control_target=whole["control_target"],
                ca=Path(whole["ca"]),
                seed=whole["seed"],
                portals=tuple(_portal(row) for row in whole["portals"]),
                services=dict(whole["services"]),
                accounts=tuple(Account(**row) for row in whole["accounts"]),
                roots={name: Path(path) for name, path in whole["roots"].items()},
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ReadyError(f"demo: its first line {line[:80]!r} is not what a ready demo prints") from error


def _row(portal: Portal) -> dict[str, Any]:
    return {
        "id": portal.id,
        "kind": portal.kind.value,
        "platform": portal.platform,
        "name_vi": portal.name_vi,
        "name_en": portal.name_en,
        "base_url": portal.base_url,
        "features": sorted(portal.features),
    }


def _portal(row: Mapping[str, Any]) -> Portal:
    return Portal(
        id=row["id"],
        kind=Kind(row["kind"]),
        platform=row["platform"],
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        base_url=row["base_url"],
        features=frozenset(row["features"]),
    )

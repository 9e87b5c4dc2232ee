"""Hands config the names that the registries know."""

from collections.abc import Mapping
from pathlib import Path

from agent.config import Config, Known, load
from agent.runner import PERFORMANCE
from probes import JOURNEYS, PLATFORMS
from probes.http import OPTIONS as HTTP_OPTIONS, REQUIREMENTS as HTTP_REQUIREMENTS
from probes.tls import OPTIONS as TLS_OPTIONS, REQUIREMENTS as TLS_REQUIREMENTS

KNOWN = Known(
    journeys=frozenset(JOURNEYS),
    platforms=frozenset(PLATFORMS),
    holders={name: journey.holders for name, journey in JOURNEYS.items()},
    options={"http": HTTP_OPTIONS, "tls": TLS_OPTIONS} | {name: journey.options for name, journey in JOURNEYS.items()},
    requirements=frozenset(
        {PERFORMANCE, *HTTP_REQUIREMENTS, *TLS_REQUIREMENTS}.union(*(one.requirements for one in JOURNEYS.values()))
    ),
)


def load_config(folder: Path, environ: Mapping[str, str]) -> Config:
    """The configuration in ``folder``, checked against what the registries know.

    Raises:
        ConfigError: with every problem there is.
    """
    return load(folder, KNOWN, environ)


def journal_path(data: Path) -> Path:
    """Where the journal of a data directory is."""
    return data / "journal.sqlite3"

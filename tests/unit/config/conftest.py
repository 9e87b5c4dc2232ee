from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest

from agent.clock import Clock
from agent.config import Config, Known, load
from agent.model import Holder, OptionRule

HERE = Path(__file__).parent
NOON = datetime(2026, 6, 15, 5, 0, tzinfo=UTC)
"""Noon of 15 June 2026 in Hanoi: what the cases call today."""

Load = Callable[..., Config]


@pytest.fixture
def known() -> Known:
    return Known(
        journeys=frozenset({"home", "catalogue", "login", "company", "handover"}),
        platforms=frozenset({"formio", "tiepnhan"}),
        options={
            "http": {"path": OptionRule(pattern=r"/\S*", rule="must begin with /"), "status": OptionRule()},
            "catalogue": {"search": OptionRule(required=True)},
        },
        holders={
            "login": (Holder.PERSON,),
            "company": (Holder.ORGANISATION,),
            "handover": (Holder.PERSON, Holder.ORGANISATION),
        },
        requirements=frozenset({"CAT-1", "SEC-1"}),
    )


@pytest.fixture
def good_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: Known) -> Load:
    """Loads the good files with some replaced, as folder ``config`` of an empty current directory."""

    def run(
        overlay: Path | None = None,
        environ: Mapping[str, str] = {},
        now: datetime = NOON,
        known_names: Known = known,
        **files: str | bytes,
    ) -> Config:
        folder = tmp_path / "config"
        copytree(HERE / "good", folder, dirs_exist_ok=True)
        if overlay:
            copytree(overlay, folder, dirs_exist_ok=True)
        for name, content in files.items():
            (folder / f"{name}.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
        monkeypatch.chdir(tmp_path)
        return load(Path("config"), known_names, environ, clock=Clock(now=lambda: now))

    return run

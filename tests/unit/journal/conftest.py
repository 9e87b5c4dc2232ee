"""A journal on disk, and results to put in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.journal import Journal
from agent.model import Result
from tests.unit.journal import making


@pytest.fixture
def make() -> Callable[..., Result]:
    return making.make


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with Journal.open(path) as opened:
        yield opened

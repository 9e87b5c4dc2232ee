"""Retention never takes what a sink lacks; a backup is whole or not there."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from agent.errors import JournalError
from agent.journal import Journal, Pruned
from agent.model import Result

Make = Callable[..., Result]


def kept(journal: Journal) -> list[str]:
    return [result.run_id for _, result in journal.read_after(0, 99)]


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def test_it_prunes_by_slot(journal: Journal, make: Make) -> None:
    await journal.append([make(number, console=("x",)) for number in (3, 1, 2)])
    pruned = await journal.prune(older_than=make(2).slot, details_older_than=make(3).slot)
    assert pruned == Pruned(results=1, details=2)
    assert kept(journal) == ["hue-3", "hue-2"]
    assert [result.console for _, result in journal.read_after(0, 9, with_details=True)] == [("x",), ()]


async def test_it_keeps_what_the_slowest_sink_lacks(journal: Journal, make: Make) -> None:
    await journal.append([make(number) for number in range(1, 6)])
    await journal.set_cursor("influxdb", 2)
    await journal.set_cursor("other", 4)
    later = make(99).slot
    assert (await journal.prune(older_than=later, details_older_than=later)).results == 2
    assert kept(journal) == ["hue-3", "hue-4", "hue-5"]
    await journal.drop_cursor("influxdb")
    assert (await journal.prune(older_than=later, details_older_than=later)).results == 2


async def test_it_prunes_what_belonged_to_pruned_results(journal: Journal, make: Make) -> None:
    await journal.append([make(1), make(2)])
    await journal.set_aside("influxdb", 1, "too large")
    assert journal.passed_with("hue/http", "open", "title")
    await journal.prune(older_than=make(2).slot, details_older_than=make(2).slot)
    assert journal.rejected("influxdb") == 0
    assert journal.passed_with("hue/http", "open", "title")
    await journal.prune(older_than=make(3).slot, details_older_than=make(3).slot)
    assert not journal.passed_with("hue/http", "open", "title")


async def test_it_prunes_more_than_one_chunk(journal: Journal, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.journal.keeping.CHUNK", 3)
    await journal.append([make(number, console=("x",)) for number in range(10)])
    assert await journal.prune(older_than=make(8).slot, details_older_than=make(0).slot) == Pruned(results=8, details=8)


async def test_it_backs_up_while_it_is_written_to(journal: Journal, make: Make, tmp_path: Path) -> None:
    await journal.append([make(number) for number in range(500)])
    target = tmp_path / "backups" / "journal.db"
    writing = [journal.append([make(number)]) for number in range(500, 600)]
    await asyncio.gather(journal.backup(target), *writing)
    assert files(target.parent) == ["journal.db"]
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with Journal.open(target) as restored:
        have = restored.read_after(0, 999)
        assert len(have) >= 500
        assert have == journal.read_after(0, len(have))


async def test_it_never_overwrites_a_backup(journal: Journal, tmp_path: Path) -> None:
    target = tmp_path / "journal.db"
    target.write_text("last month's")
    with pytest.raises(JournalError, match="exists already and is not overwritten"):
        await journal.backup(target)
    assert target.read_text() == "last month's"
    assert files(tmp_path) == ["data", "journal.db"]
    with pytest.raises(JournalError, match="can't be written"):
        await journal.backup(target / "below" / "a-file")


async def test_it_tells_its_figures(journal: Journal, make: Make, path: Path) -> None:
    await journal.append([make(1, console=("x",)), make(4)])
    stats = journal.stats()
    assert (stats.results, stats.details, stats.newest_seq) == (2, 1, 2)
    assert (stats.oldest, stats.newest) == (make(1).slot, make(4).slot)
    (sample,) = journal.samples()
    assert sample.name == "portalwatch_journal_bytes"
    assert sample.value == stats.bytes == sum(path.with_name(path.name + end).stat().st_size for end in ("", "-wal"))

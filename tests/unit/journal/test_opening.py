"""What a file must be to become a journal, and what becomes of it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from agent.errors import JournalError
from agent.journal import Journal, schema
from agent.model import Result

Make = Callable[..., Result]


def write(path: Path, *statements: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


async def test_it_opens_again_what_it_wrote(path: Path, make: Make) -> None:
    with Journal.open(path) as journal:
        await journal.append([make(1)])
    with Journal.open(path) as journal:
        assert journal.get("hue-1") == make(1)
        assert await journal.append([make(1)]) == 0


def test_it_refuses_a_newer_schema(path: Path) -> None:
    Journal.open(path).close()
    write(path, "PRAGMA user_version = 99")
    ours = len(schema.MIGRATIONS)
    with pytest.raises(JournalError, match=f"schema version 99 is newer than this program's {ours}$"):
        Journal.open(path)


def test_it_refuses_another_program_s_database(path: Path) -> None:
    write(path, "CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(JournalError, match="is a database of another program"):
        Journal.open(path)


def test_it_refuses_what_is_no_database(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("portal,verdict\n" * 1000)
    with pytest.raises(JournalError, match="is no usable journal: file is not a database"):
        Journal.open(path)
    assert path.read_text().startswith("portal")


def test_it_refuses_a_folder_it_cannot_make(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(JournalError, match="can't be opened"):
        Journal.open(tmp_path / "data" / "journal.db")
    (tmp_path / "journal.db").mkdir()
    with pytest.raises(JournalError, match="unable to open database file"):
        Journal.open(tmp_path / "journal.db")


async def test_it_says_so_when_the_file_is_damaged_later(path: Path, make: Make) -> None:
    with Journal.open(path) as journal:
        await journal.append([make(number) for number in range(2_000)])
    with path.open("r+b") as file:
        file.seek(4096 * 20)
        file.write(b"\xff" * 4096 * 40)
    with (
        Journal.open(path) as journal,
        pytest.raises(JournalError, match="can't be read: database disk image is malformed"),
    ):
        journal.read_after(0, 5_000)


async def test_it_migrates_step_by_step_and_keeps_what_is_there(
    path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal.open(path) as journal:
        await journal.append([make(1)])
    two = (*schema.MIGRATIONS, ("ALTER TABLE results ADD COLUMN extra TEXT",), ("CREATE TABLE later (x)",))
    monkeypatch.setattr(schema, "MIGRATIONS", two)
    with Journal.open(path) as journal:
        assert journal.get("hue-1") == make(1)
        version = journal._read(lambda connection: connection.execute("PRAGMA user_version").fetchone())
    assert version == (len(two),)


async def test_it_brings_a_journal_of_the_first_release_up_to_date(
    path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        with Journal.open(path) as journal:
            await journal.append([make(1)])
    with Journal.open(path) as journal:
        assert journal.get("hue-1") == make(1)
        assert (journal.locks(), journal.open_intents(), journal.debts()) == ([], [], [])


async def test_it_leaves_the_schema_alone_when_a_migration_fails(
    path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal.open(path) as journal:
        await journal.append([make(1)])
    broken = (*schema.MIGRATIONS, ("CREATE TABLE later (x)",), ("CREATE TABLE later (x)",))
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", broken)
        with pytest.raises(JournalError, match="table later already exists"):
            Journal.open(path)
    with Journal.open(path) as journal:
        assert journal.get("hue-1") == make(1)


async def test_it_refuses_work_once_it_is_closed(path: Path, make: Make) -> None:
    journal = Journal.open(path)
    journal.close()
    journal.close()
    with pytest.raises(JournalError, match="is closed"):
        await journal.append([make(1)])
    with pytest.raises(JournalError, match="is closed"):
        journal.newest_seq()


async def test_it_commits_what_waits_when_it_is_closed(path: Path) -> None:
    journal = Journal.open(path)
    waiting = [journal._writer.submit(lambda connection: connection.execute("SELECT 1").fetchone()) for _ in range(300)]
    journal.close()
    assert {future.result(timeout=5) for future in waiting} == {(1,)}


async def test_it_serves_two_processes_worth_of_journals(path: Path, make: Make) -> None:
    """The command line looks into the journal of a running agent."""
    with Journal.open(path) as running, Journal.open(path) as other:
        await running.append([make(1)])
        assert other.get("hue-1") == make(1)
        await other.set_cursor("influxdb", 1)
        assert running.cursor("influxdb") == 1

"""Opening the database file and bringing its schema up to date."""

import sqlite3
from pathlib import Path

from agent.errors import JournalError

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # AUTOINCREMENT: a number is never given out twice, or a sink's cursor could pass over a result.
        """CREATE TABLE results (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            run_id TEXT NOT NULL UNIQUE,
            check_id TEXT NOT NULL,
            portal TEXT NOT NULL,
            journey TEXT NOT NULL,
            slot INTEGER NOT NULL,
            verdict TEXT NOT NULL,
            measured INTEGER NOT NULL,
            body TEXT NOT NULL
        )""",
        "CREATE INDEX results_by_slot ON results (slot)",
        "CREATE INDEX results_by_check ON results (check_id, slot)",
        "CREATE TABLE details (seq INTEGER PRIMARY KEY, slot INTEGER NOT NULL, body BLOB NOT NULL)",
        "CREATE INDEX details_by_slot ON details (slot)",
        """CREATE TABLE passed_steps (
            check_id TEXT NOT NULL,
            step TEXT NOT NULL,
            landmark TEXT NOT NULL,
            slot INTEGER NOT NULL,
            PRIMARY KEY (check_id, step, landmark)
        ) WITHOUT ROWID""",
        "CREATE TABLE cursors (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID",
        "CREATE TABLE marks (name TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID",
        """CREATE TABLE rejected (
            sink TEXT NOT NULL,
            seq INTEGER NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (sink, seq)
        ) WITHOUT ROWID""",
        """CREATE TABLE revisions (
            id INTEGER PRIMARY KEY,
            effective_from INTEGER NOT NULL,
            effective_to INTEGER,
            location TEXT NOT NULL,
            digest TEXT NOT NULL,
            checks TEXT NOT NULL
        )""",
        """CREATE TABLE sessions (
            id INTEGER PRIMARY KEY,
            started INTEGER NOT NULL,
            seen INTEGER NOT NULL,
            stopped INTEGER
        )""",
    ),
    (
        """CREATE TABLE deeds (
            id INTEGER PRIMARY KEY,
            run_id TEXT NOT NULL,
            account TEXT NOT NULL,
            deed TEXT NOT NULL,
            at INTEGER NOT NULL,
            outcome TEXT,
            outcome_at INTEGER
        )""",
        "CREATE INDEX deeds_by_run ON deeds (run_id, account, deed)",
        "CREATE INDEX deeds_open ON deeds (at) WHERE outcome IS NULL",
        """CREATE TABLE locks (
            account TEXT PRIMARY KEY,
            since INTEGER NOT NULL,
            reason TEXT NOT NULL,
            fingerprint TEXT NOT NULL
        ) WITHOUT ROWID""",
        """CREATE TABLE owed (
            portal TEXT NOT NULL,
            account TEXT NOT NULL,
            kind TEXT NOT NULL,
            mark TEXT NOT NULL,
            run_id TEXT NOT NULL,
            since INTEGER NOT NULL,
            cleared_at INTEGER,
            tries INTEGER NOT NULL,
            PRIMARY KEY (portal, account, kind, mark)
        ) WITHOUT ROWID""",
        "CREATE INDEX owed_open ON owed (since) WHERE cleared_at IS NULL",
    ),
)

BUSY_S = 10.0


def open_for_writing(path: Path) -> sqlite3.Connection:
    """The one connection that writes, on an up-to-date schema; creates folder and file.

    Raises JournalError when the file is not ours, damaged, or written by a newer version.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        message = f"journal {path}: can't be opened: {error}"
        raise JournalError(message) from error
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        message = f"journal {path}: is no usable journal: {error}"
        raise JournalError(message) from error
    except JournalError:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that can't write; it may move between threads, one at a time."""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    _refuse_foreign(connection, path)
    connection.execute("PRAGMA journal_mode = WAL")
    # FULL: a commit is on the disk before append returns, and append returns before anything is acknowledged.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        _migrate(connection, path)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if tables and _version(connection) == 0:
        message = f"journal {path}: is a database of another program"
        raise JournalError(message)


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    version = _version(connection)
    if version > len(MIGRATIONS):
        message = f"journal {path}: schema version {version} is newer than this program's {len(MIGRATIONS)}"
        raise JournalError(message)
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        for statement in statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)

"""What runs set out to do with an account, and which accounts may not be used."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from agent.clock import iso
from agent.errors import AccountLockedError, DeedRepeatedError
from agent.journal.instants import from_micros, to_micros
from agent.model import Deed, Intent, Lock, Outcome


def begin(connection: sqlite3.Connection, intent: Intent, own: Sequence[int]) -> int:
    """Write an intent down; returns its id. The lock is looked at in the same transaction.

    ``own`` are the deeds that this execution of the run began: its confirm attempt may log in or give the PIN again
    once the first time has ended, but nothing is submitted twice. A deed of another execution means that the run
    was delivered again after a restart, and then nobody knows how far the first one got.

    Raises AccountLockedError or DeedRepeatedError, having written nothing.
    """
    held = lock(connection, intent.account)
    if held is not None:
        raise AccountLockedError(locked_since(held))
    _forbid_repeating(connection, intent, own)
    done = connection.execute(
        "INSERT INTO deeds (run_id, account, deed, at) VALUES (?, ?, ?, ?)",
        (intent.run_id, intent.account, intent.deed.value, to_micros(intent.at)),
    )
    return done.lastrowid or 0


def end(connection: sqlite3.Connection, deed: int, outcome: Outcome, at: datetime, held: Lock | None) -> None:
    """Write down what became of a deed, and the lock it brought; the first lock of an account stands."""
    connection.execute(
        "UPDATE deeds SET outcome = ?, outcome_at = ? WHERE id = ?", (outcome.value, to_micros(at), deed)
    )
    if held is not None:
        connection.execute(
            "INSERT OR IGNORE INTO locks (account, since, reason, fingerprint) VALUES (?, ?, ?, ?)",
            (held.account, to_micros(held.since), held.reason, held.fingerprint),
        )


def open_intents(connection: sqlite3.Connection) -> list[Intent]:
    """The deeds without an outcome, the oldest first."""
    rows = connection.execute("SELECT run_id, account, deed, at FROM deeds WHERE outcome IS NULL ORDER BY at, id")
    return [
        Intent(run_id=run_id, account=account, deed=Deed(deed), at=from_micros(at))
        for run_id, account, deed, at in rows
    ]


def lock(connection: sqlite3.Connection, account: str) -> Lock | None:
    """The lock of an account, or None."""
    return next((held for held in locks(connection) if held.account == account), None)


def locks(connection: sqlite3.Connection) -> list[Lock]:
    """All locks, the oldest first."""
    rows = connection.execute("SELECT account, since, reason, fingerprint FROM locks ORDER BY since, account")
    return [
        Lock(account=account, since=from_micros(since), reason=reason, fingerprint=fingerprint)
        for account, since, reason, fingerprint in rows
    ]


def unlock(connection: sqlite3.Connection, account: str, fingerprint: str | None) -> bool:
    """Take away an account's lock, only the one with ``fingerprint`` if that is given; whether there was one."""
    done = connection.execute(
        "DELETE FROM locks WHERE account = ?1 AND (?2 IS NULL OR fingerprint = ?2)", (account, fingerprint)
    )
    return done.rowcount > 0


def locked_since(held: Lock) -> str:
    """The sentence about a lock."""
    return f"account {held.account} is locked since {iso(held.since)}: {held.reason}"


def _forbid_repeating(connection: sqlite3.Connection, intent: Intent, own: Sequence[int]) -> None:
    rows = connection.execute(
        "SELECT id, outcome FROM deeds WHERE run_id = ? AND account = ? AND deed = ?",
        (intent.run_id, intent.account, intent.deed.value),
    )
    for number, outcome in rows:
        again = number in own and _repeatable(intent.deed, outcome)
        if not again:
            raise DeedRepeatedError(f"run {intent.run_id} has begun the {intent.deed} with {intent.account} before")


def _repeatable(deed: Deed, outcome: str | None) -> bool:
    return deed is Deed.LOGIN or (deed is Deed.PIN and outcome == Outcome.DONE)

"""The cleanup ledger: what journeys created on portals and have to take away."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from agent.journal.instants import from_micros, maybe_moment, to_micros
from agent.model import Debt, Item, ItemKind, PortalDebt

_THIS = "portal = ? AND account = ? AND kind = ? AND mark = ? AND cleared_at IS NULL"


def owe(connection: sqlite3.Connection, debt: Debt) -> None:
    """Note what is about to be created. What is owed already stays owed since it first was."""
    connection.execute(
        """INSERT INTO owed (portal, account, kind, mark, run_id, since, tries) VALUES (?, ?, ?, ?, ?, ?, 0)
        ON CONFLICT DO UPDATE SET run_id = excluded.run_id, cleared_at = NULL,
            since = iif(cleared_at IS NULL, since, excluded.since), tries = iif(cleared_at IS NULL, tries, 0)""",
        (*_key(debt.item), debt.run_id, to_micros(debt.since)),
    )


def settle(connection: sqlite3.Connection, item: Item, at: datetime) -> None:
    """Note that an item is gone."""
    connection.execute(f"UPDATE owed SET cleared_at = ? WHERE {_THIS}", (to_micros(at), *_key(item)))  # noqa: S608 - a constant


def tried(connection: sqlite3.Connection, items: Sequence[Item]) -> None:
    """Count one more try in vain for each item."""
    connection.executemany(f"UPDATE owed SET tries = tries + 1 WHERE {_THIS}", map(_key, items))  # noqa: S608 - a constant


def debts(connection: sqlite3.Connection) -> list[Debt]:
    """All that is owed, the oldest first."""
    rows = connection.execute(
        """SELECT portal, account, kind, mark, run_id, since, tries FROM owed
        WHERE cleared_at IS NULL ORDER BY since, mark"""
    )
    return [
        Debt(
            item=Item(portal=portal, account=account, kind=ItemKind(kind), mark=mark),
            run_id=run_id,
            since=from_micros(since),
            tries=tries,
        )
        for portal, account, kind, mark, run_id, since, tries in rows
    ]


def by_portal(connection: sqlite3.Connection) -> list[PortalDebt]:
    """What is owed to each portal that ever was owed anything still kept, by name."""
    rows = connection.execute(
        """SELECT portal, count(*) FILTER (WHERE cleared_at IS NULL), min(since) FILTER (WHERE cleared_at IS NULL)
        FROM owed GROUP BY portal ORDER BY portal"""
    )
    return [PortalDebt(portal=portal, items=items, oldest=maybe_moment(oldest)) for portal, items, oldest in rows]


def _key(item: Item) -> tuple[str, str, str, str]:
    return item.portal, item.account, item.kind.value, item.mark

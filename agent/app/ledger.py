"""What a person asks of accounts and of the cleanup ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from agent.app.known import journal_path
from agent.clock import Clock, iso
from agent.config import Config
from agent.errors import PortalwatchError
from agent.journal import Journal
from agent.model import Debt, Intent, Lock


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """An account with its lock; ``open`` are the deeds that nobody knows the outcome of. Not configured: no portals."""

    name: str
    holder: str
    portals: tuple[str, ...]
    configured: bool
    lock: Lock | None
    open: tuple[Intent, ...]

    def public(self) -> Mapping[str, object]:
        """As JSON; ``portals`` empty means all."""
        return {
            "name": self.name,
            "holder": self.holder or None,
            "portals": list(self.portals),
            "configured": self.configured,
            "locked_since": iso(self.lock.since) if self.lock else None,
            "reason": self.lock.reason if self.lock else None,
            "open": [{"run_id": each.run_id, "deed": each.deed.value, "at": iso(each.at)} for each in self.open],
        }


def account_states(config: Config) -> list[AccountState]:
    """Every account that is configured or locked, by name.

    Raises:
        JournalError: the journal can't be read.
    """
    path = journal_path(config.agent.data_dir)
    locks: dict[str, Lock] = {}
    intents: list[Intent] = []
    if path.is_file():
        with Journal.open(path) as journal:
            locks, intents = {lock.account: lock for lock in journal.locks()}, journal.open_intents()
    entries = {entry.name: entry for entry in config.agent.accounts}
    names = sorted(entries.keys() | locks.keys() | {intent.account for intent in intents})
    return [
        AccountState(
            name=name,
            holder=entries[name].holder if name in entries else "",
            portals=entries[name].portals if name in entries else (),
            configured=name in entries,
            lock=locks.get(name),
            open=tuple(intent for intent in intents if intent.account == name),
        )
        for name in names
    ]


async def unlock_account(config: Config, name: str) -> bool:
    """Take away an account's lock; whether there was one.

    Raises:
        PortalwatchError: there is no such account, configured or locked.
    """
    known = {state.name for state in account_states(config)}
    if name not in known:
        close = get_close_matches(name, known, n=1)
        hint = f' (did you mean "{close[0]}"?)' if close else ""
        raise PortalwatchError(f'unknown account "{name}"{hint}')
    path = journal_path(config.agent.data_dir)
    if not path.is_file():
        return False
    with Journal.open(path) as journal:
        return await journal.unlock(name)


def debts(config: Config) -> list[Debt]:
    """All that is owed to portals, the oldest first; none before the first run.

    Raises:
        JournalError: the journal can't be read.
    """
    path = journal_path(config.agent.data_dir)
    if not path.is_file():
        return []
    with Journal.open(path) as journal:
        return journal.debts()


def public_debt(debt: Debt) -> Mapping[str, object]:
    """A debt as JSON; ``age_s`` counts from when it was owed to now."""
    return {
        "portal": debt.item.portal,
        "account": debt.item.account,
        "kind": debt.item.kind.value,
        "mark": debt.item.mark,
        "run_id": debt.run_id,
        "since": iso(debt.since),
        "age_s": (Clock().now() - debt.since).total_seconds(),
        "tries": debt.tries,
    }

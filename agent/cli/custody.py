"""What the commands about accounts, the cleanup ledger and attended log-ins do."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

from agent.app import attended, ledger
from agent.cli import show
from agent.cli.actions import load
from agent.clock import iso
from agent.model import Debt


def account_list(folder: Path, *, data: Path | None, as_json: bool) -> None:
    """Show the accounts with their locks."""
    states = ledger.account_states(load(folder, data))
    if as_json:
        show.as_json({"accounts": [state.public() for state in states]})
    elif states:
        show.line("\n".join(line for state in states for line in _account(state)))
    else:
        show.line("no account is configured: see accounts in agent.yaml")


def account_unlock(folder: Path, *, name: str, data: Path | None, as_json: bool) -> None:
    """Take away a lock."""
    unlocked = asyncio.run(ledger.unlock_account(load(folder, data), name))
    if as_json:
        show.as_json({"name": name, "unlocked": unlocked})
    else:
        show.line(f"{name}: {'unlocked' if unlocked else 'was not locked'}")


def ledger_list(folder: Path, *, data: Path | None, as_json: bool) -> None:
    """Show what is owed."""
    debts = ledger.debts(load(folder, data))
    if as_json:
        show.as_json({"debts": [ledger.public_debt(debt) for debt in debts]})
    elif debts:
        show.line("\n".join(map(_debt, debts)))
    else:
        show.line("nothing is owed")


def session_login(folder: Path, *, portal: str, data: Path | None) -> None:
    """Let a person log in."""
    config = load(folder, data)
    attended.require_screen(os.environ)
    show.line(f"{portal}: log in, in the window that opens; when you are in, it closes by itself, or close it")
    expires = asyncio.run(attended.log_in(config, portal))
    show.line(f"{portal}: kept until {iso(expires)}")


def _account(state: ledger.AccountState) -> Iterator[str]:
    where = ", ".join(state.portals) or "all portals"
    whose = f"{state.holder}; {where}" if state.configured else "not configured"
    lock = state.lock
    yield f"{state.name} ({whose}): " + (f"locked since {iso(lock.since)}: {lock.reason}" if lock else "free")
    for each in state.open:
        yield f"  {each.deed} begun {iso(each.at)} by run {each.run_id}, outcome unknown"


def _debt(debt: Debt) -> str:
    item = debt.item
    owed = f"{item.portal}: {item.kind} {item.mark} of {item.account}, since {iso(debt.since)}"
    return f"{owed}, run {debt.run_id}, looked for {debt.tries} times"

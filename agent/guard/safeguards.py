"""Writes down first what a run does to an account or a portal, and keeps a refused account from being used."""

import asyncio
from collections.abc import Callable, Iterable

import structlog

from agent.clock import Clock, iso
from agent.errors import AccountLockedError
from agent.guard.fingerprint import fingerprint, matches
from agent.guard.trial import Trial
from agent.model import Account, Debt, Deed, Intent, Item, ItemKind, Lock, Outcome, Sample
from agent.ports import DeedBook

log = structlog.get_logger(__name__)

LOCKING = frozenset({Deed.LOGIN, Deed.PIN})
"""What an identity provider locks an account for. It may allow five tries; we don't find out."""


class Breaker:
    """Tells which accounts are locked; ``accounts`` are the names of those configured now."""

    def __init__(self, book: DeedBook, accounts: Callable[[], Iterable[str]]) -> None:
        self._book = book
        self._accounts = accounts

    def samples(self) -> Iterable[Sample]:
        """Whether each account is locked."""
        locked = {lock.account for lock in self._book.locks()}
        for name in self._accounts():
            yield Sample(name="portalwatch_account_locked", value=float(name in locked), labels={"account": name})


class RunSafeguards:
    """The safeguards of one execution of a run, over all its attempts.

    One refused log-in or PIN locks the account at once, until a person unlocks it or its credentials change.
    ``accounts`` tells an account as configured now, or None; ``trial`` is shared by all runs.
    """

    def __init__(
        self,
        *,
        run_id: str,
        book: DeedBook,
        accounts: Callable[[str], Account | None],
        trial: Trial | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._trial = trial or Trial()
        self._run_id = run_id
        self._book = book
        self._accounts = accounts
        self._clock = clock or Clock()
        self._own: list[int] = []
        self._open: dict[tuple[Deed, str], tuple[int, str]] = {}

    async def before(self, deed: Deed, account: str) -> None:
        """Journal the intent of a deed; see :class:`agent.ports.Safeguards`."""
        configured = self._accounts(account)
        if configured is None:
            raise AccountLockedError(f"account {account} is not configured any more")
        # Made now: once the account is refused, nothing may delay its lock.
        mark = await asyncio.to_thread(fingerprint, configured)
        await self._forgive_changed(configured)
        number = await self._begin(deed, account, mark)
        self._own.append(number)
        self._open[deed, account] = number, mark

    async def after(self, deed: Deed, account: str, outcome: Outcome) -> None:
        """Journal what became of the deed last begun; a refusal locks the account.

        Raises:
            LookupError: no such deed was begun.
        """
        number, mark = self._open[deed, account]
        now, held = self._clock.now(), None
        if outcome is Outcome.REFUSED and deed in LOCKING:
            held = Lock(account=account, since=now, reason=f"{deed} refused", fingerprint=mark)
            log.error("account.locked", account=account, reason=held.reason, run_id=self._run_id)
        await self._book.end_deed(number, outcome, now, lock=held)
        if deed in LOCKING:
            self._trial.over((deed, mark), accepted=outcome is Outcome.DONE)
        del self._open[deed, account]

    async def owes(self, item: Item) -> None:
        """Note what is about to be created."""
        await self._book.owe(Debt(item=item, run_id=self._run_id, since=self._clock.now()))

    async def cleared(self, item: Item) -> None:
        """Note that an item is gone; a dossier stays owed while nobody knows whether it was handed in."""
        if item.kind is ItemKind.DOSSIER and (Deed.SUBMISSION, item.account) in self._open:
            log.warning("ledger.kept", portal=item.portal, rule="a submission without an outcome keeps its dossier")
            return
        await self._book.settle(item, self._clock.now())

    async def _begin(self, deed: Deed, account: str, mark: str) -> int:
        if deed in LOCKING:
            if (deed, account) in self._open:
                # The attempt before never learned its outcome; this one must not wait for it.
                self._trial.over((deed, mark), accepted=False)
            await self._trial.turn((deed, mark))
        intent = Intent(run_id=self._run_id, account=account, deed=deed, at=self._clock.now())
        try:
            return await self._book.begin_deed(intent, own=tuple(self._own))
        except BaseException:
            self._trial.over((deed, mark), accepted=False)
            raise

    async def _forgive_changed(self, account: Account) -> None:
        held = self._book.lock(account.name)
        if held is None or await asyncio.to_thread(matches, account, held.fingerprint):
            return
        if await self._book.unlock(account.name, fingerprint=held.fingerprint):
            log.info("account.unlocked", account=account.name, reason="its credentials changed", since=iso(held.since))

"""Remembers what a run has begun, for those who decide whether it may be tried again."""

from agent.model import Begun, Deed, Item, Outcome
from agent.ports import Safeguards


class Noted:
    """Safeguards that hand on to others and keep a note; it outlives the attempt, the browser and the time-out."""

    def __init__(self, inner: Safeguards) -> None:
        self._inner = inner
        self._notes: list[tuple[str, Begun]] = []

    @property
    def begun(self) -> tuple[Begun, ...]:
        """The deeds begun so far, in order, each with its outcome."""
        return tuple(note for _, note in self._notes)

    async def before(self, deed: Deed, account: str) -> None:
        """Note and journal the intent of a deed."""
        # Noted as refused first: whatever keeps the intent from being written, the deed can't have begun.
        self._notes.append((account, Begun(deed=deed, allowed=False)))
        place = len(self._notes) - 1
        await self._inner.before(deed, account)
        self._notes[place] = account, Begun(deed=deed)

    async def after(self, deed: Deed, account: str, outcome: Outcome) -> None:
        """Note and journal what became of the deed last begun."""
        begun = (account, Begun(deed=deed))
        if begun in self._notes:
            self._notes[_last(self._notes, begun)] = account, Begun(deed=deed, outcome=outcome)
        await self._inner.after(deed, account, outcome)

    async def owes(self, item: Item) -> None:
        """Note what is about to be created."""
        await self._inner.owes(item)

    async def cleared(self, item: Item) -> None:
        """Note that an item is gone."""
        await self._inner.cleared(item)


def _last(notes: list[tuple[str, Begun]], wanted: tuple[str, Begun]) -> int:
    return len(notes) - 1 - notes[::-1].index(wanted)

"""The page-object Protocol that every portal family implements; journeys know nothing else of a portal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from agent.model import Account, Item
from agent.ports import Safeguards
from probes.browser.stage import Landmark, Stage
from probes.platforms.entrance import Entrance
from probes.platforms.feedback import Feedback
from probes.platforms.form import EForm
from probes.platforms.lookup import LookUp
from probes.platforms.mine import MyDossiers
from probes.platforms.shelf import Shelf
from probes.platforms.signing import Signing


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """What a procedure's page says, as written there; ``level`` is empty when the page names none."""

    code: str
    fee: str
    time_limit: str
    level: str


class PortalPages(Protocol):
    """A portal as its users walk through it. Each method ends on the landmark of the page it leads to."""

    stage: Stage
    entrance: Entrance
    lookup: LookUp
    feedback: Feedback
    shelf: Shelf
    signing: Signing
    eform: EForm
    dossiers: MyDossiers

    async def open_home(self) -> None:
        """Open the home page."""
        ...

    async def search(self, words: str) -> None:
        """Search the catalogue from the home page, to its list of results."""
        ...

    async def open_procedure(self) -> None:
        """Open the first procedure of the results."""
        ...

    async def open_online_procedure(self) -> None:
        """Open the first procedure of the results that says it can be done online."""
        ...

    async def read_procedure(self) -> Procedure:
        """Read the procedure's page."""
        ...


@runtime_checkable
class Clearing(Protocol):
    """What a portal's page object can do besides, when its family knows how to take away what journeys created."""

    async def enter(self, account: Account, safeguards: Safeguards) -> None:
        """Log in, with the deed journaled, to the page from which the account's items are reached."""
        ...

    async def clear(self, items: Sequence[Item]) -> Sequence[Item]:
        """Remove those of the account's items that are there; returns all that are not there now."""
        ...


@runtime_checkable
class Attended(Protocol):
    """What a portal's page object can do besides, when a person may log in for us."""

    signed_in: Landmark
    """Proves that the person is in."""

    async def open_login(self) -> None:
        """Open the page on which a person logs in."""
        ...


Platform = Callable[[Stage], PortalPages]

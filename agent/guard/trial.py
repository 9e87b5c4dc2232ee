"""Lets credentials that nobody has seen accepted be tried by one run at a time."""

import asyncio
from contextlib import suppress

from agent.model import Deed

WAIT_S = 5.0
"""How long a run waits for the outcome of the one in front; ours, well within a step."""

Tried = tuple[Deed, str]
"""What is tried, and the fingerprint of the credentials it is tried with."""


class Trial:
    """Shared by all runs of an agent: with several workers, one wrong password must not be refused several times."""

    def __init__(self) -> None:
        self._accepted: set[Tried] = set()
        self._in_front: dict[Tried, asyncio.Event] = {}

    async def turn(self, tried: Tried) -> None:
        """Return when credentials may be tried: at once when they were accepted before, else one run at a time.

        A run that never tells its outcome, since it was cut off, holds the others for ``WAIT_S`` only.
        """
        while tried not in self._accepted and (ahead := self._in_front.get(tried)) is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(ahead.wait(), WAIT_S)
            if self._in_front.get(tried) is ahead:
                del self._in_front[tried]
        if tried not in self._accepted:
            self._in_front[tried] = asyncio.Event()

    def over(self, tried: Tried, *, accepted: bool) -> None:
        """Tell the outcome, or that it never came to a try."""
        if accepted:
            self._accepted.add(tried)
        else:
            self._accepted.discard(tried)
        waiting = self._in_front.pop(tried, None)
        if waiting is not None:
            waiting.set()

"""Blocking look-ups on threads of their own, so that the event loop never waits for a portal."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Workers:
    """A pool of ``size`` threads. A task gets an event that is set when nobody waits for it any more."""

    def __init__(self, size: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(size, thread_name_prefix=name)

    async def run(self, task: Callable[[threading.Event], T]) -> T:
        """The task's value. Raises what it raises, and RuntimeError when no thread can be started."""
        stop = threading.Event()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, task, stop)
        finally:
            stop.set()

    def close(self) -> None:
        """Take no more tasks; those that wait are dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

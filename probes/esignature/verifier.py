"""Verifies a PDF from outside: bounds first, then the judge in a process that can be ended."""

import asyncio
import logging
import multiprocessing
import os
import resource
import sys
from collections.abc import Iterable, Sequence
from functools import lru_cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext

from agent.clock import Clock
from probes.esignature.form import misfit
from probes.esignature.report import Reason, Report, refused
from probes.esignature.terms import Terms
from probes.esignature.trust import TrustStore

MIB = 2**20
LARGEST = 25 * MIB
"""Bytes of a file that are looked at by default."""
_MEMORY = 1024 * MIB
_JUDGE = "probes.esignature.judge"


class PdfVerifier:
    """Verifies PDFs against trust stores, whose order decides where a root stands in several.

    With ``fetch``, revocation data and missing issuers are fetched from ``fetch_hosts`` and from no other host. Files
    over ``most`` bytes are refused unread; a file that takes longer than ``within`` seconds is given up.
    """

    def __init__(
        self,
        trust: Sequence[TrustStore],
        *,
        fetch: bool,
        fetch_hosts: Iterable[str] = (),
        clock: Clock | None = None,
        most: int = LARGEST,
        within: float = 15.0,
    ) -> None:
        self._stores = tuple(trust)
        self._hosts = frozenset(fetch_hosts) if fetch else frozenset()
        self._clock = clock or Clock()
        self._most = most
        self._within = within

    async def verify(self, data: bytes) -> Report:
        """What the file comes to. Raises nothing that the file can cause."""
        reason = misfit(data, most=self._most)
        if reason:
            return refused(reason)
        terms = Terms(stores=self._stores, fetch_hosts=self._hosts, now=self._clock.now())
        return await asyncio.to_thread(_apart, data, terms, self._within)


@lru_cache(maxsize=1)
def _server() -> ForkServerContext:
    # Its children begin with the judge already loaded, and with nothing of the agent's own memory.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, _JUDGE])
    return context


def _apart(data: bytes, terms: Terms, within: float) -> Report:
    ours, theirs = _server().Pipe(duplex=False)
    child = _server().Process(target=_work, args=(data, terms, within, theirs), daemon=True)
    try:
        child.start()
        theirs.close()
        return _answer(ours, within)
    finally:
        child.kill()
        child.join()
        child.close()
        ours.close()


def _answer(ours: Connection, within: float) -> Report:
    if not ours.poll(within):
        return refused(Reason.TOO_SLOW)
    try:
        answer: Report = ours.recv()
    except EOFError:
        # It ended without a word: out of memory, or out of the processor time it was given.
        return refused(Reason.MALFORMED)
    return answer


def _work(data: bytes, terms: Terms, within: float, answer: Connection) -> None:
    from probes.esignature.judge import judge  # noqa: PLC0415 - the agent itself never loads a reader of hostile files

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(within) + 1, int(within) + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The libraries tell names of signers, and what a hostile file says of itself.
    logging.disable(logging.CRITICAL)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    answer.send(asyncio.run(judge(data, terms)))

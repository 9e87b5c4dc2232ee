"""Journal to sink: a cursor that moves only after the sink has a batch, and patience by kind of error."""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Protocol, runtime_checkable

import structlog

from agent.clock import Clock
from agent.errors import Delivery, DeliveryError, JournalError
from agent.model import Result, Sample
from agent.ports import Sink

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
WAIT_PAUSE_S = 30.0
BUG = "bug"

Entries = Sequence[tuple[int, Result]]

log = structlog.get_logger(__name__)


class Outbox(Protocol):
    """What a pump needs of the journal."""

    def read_after(self, seq: int, limit: int) -> list[tuple[int, Result]]:
        """Up to ``limit`` results beyond ``seq``, in order."""
        ...

    def newest_seq(self) -> int:
        """The greatest sequence number so far."""
        ...

    def cursor(self, name: str) -> int:
        """How far a sink has got."""
        ...

    def count_beyond(self, seq: int) -> int:
        """How many results lie beyond ``seq``."""
        ...

    def slot_beyond(self, seq: int) -> datetime | None:
        """The slot of the first result beyond ``seq``."""
        ...

    def rejected(self, sink: str) -> int:
        """How many results the sink refused for good."""
        ...

    async def set_cursor(self, name: str, seq: int) -> None:
        """Note how far a sink has got."""
        ...

    async def set_aside(self, sink: str, seq: int, reason: str) -> None:
        """Note that the sink will never take a result."""
        ...

    async def wait_beyond(self, seq: int) -> None:
        """Return once there is a result beyond ``seq``."""
        ...


@runtime_checkable
class Preparing(Protocol):
    """A sink that can do part of its work before its turn has come."""

    def prepare(self, results: Sequence[Result]) -> None:
        """Get ready for the write of this batch, on a worker thread, perhaps during the write of the one before."""
        ...


class Pump:
    """Brings one sink everything the journal has, in order, at least once.

    While a full batch is being written the next one is read and, by a sink that can, prepared.

    ``persistent`` pumps go on where their sink's cursor stands. One whose sink lives in memory starts
    at the journal's newest result when it is built, and leaves no cursor behind.
    """

    def __init__(
        self,
        *,
        sink: Sink,
        journal: Outbox,
        clock: Clock | None = None,
        batch: int = 500,
        persistent: bool = True,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sink = sink
        self._journal = journal
        self._clock = clock or Clock()
        self._batch = batch
        self._persistent = persistent
        self._pause = pause
        self._seq = journal.cursor(sink.name) if persistent else journal.newest_seq()
        self._prepare = sink.prepare if isinstance(sink, Preparing) else None
        self._ahead: asyncio.Task[Entries] | None = None
        self._failures = 0
        self._errors: Counter[str] = Counter()

    async def run(self) -> None:
        """Deliver for ever; ends only by being cancelled."""
        while True:
            try:
                await self._hold_back_retention()
                while True:
                    await self._journal.wait_beyond(self._seq)
                    await self._deliver(await self._next_batch())
            except JournalError as error:
                await self._endure(DeliveryError(Delivery.RETRY, str(error)))
            finally:
                self._forget_ahead()

    async def drain(self, *, give_up_after: int | None = None) -> int:
        """Deliver until nothing is left; returns how many results left the outbox.

        With ``give_up_after``, raises the sink's DeliveryError at that many failures in a row.
        """
        await self._hold_back_retention()
        total = 0
        try:
            while batch := await self._next_batch():
                await self._deliver(batch, give_up_after)
                total += len(batch)
        finally:
            self._forget_ahead()
        return total

    def samples(self) -> Iterable[Sample]:
        """The outbox's length and age in seconds, errors by kind, results set aside."""
        sink = {"sink": self._sink.name}
        oldest = self._journal.slot_beyond(self._seq)
        age = max(0.0, (self._clock.now() - oldest).total_seconds()) if oldest else 0.0
        yield Sample(name="portalwatch_outbox_results", value=self._journal.count_beyond(self._seq), labels=sink)
        yield Sample(name="portalwatch_outbox_age_seconds", value=age, labels=sink)
        yield Sample(name="portalwatch_sink_rejected", value=self._journal.rejected(self._sink.name), labels=sink)
        for kind in (*Delivery, BUG):
            yield Sample(
                name="portalwatch_sink_errors_total", value=self._errors[str(kind)], labels={**sink, "kind": str(kind)}
            )

    async def _hold_back_retention(self) -> None:
        # A sink without a cursor would not be waited for when the journal is pruned.
        if self._persistent:
            await self._journal.set_cursor(self._sink.name, self._seq)

    async def _next_batch(self) -> Entries:
        ahead, self._ahead = self._ahead, None
        batch = await ahead if ahead is not None else ()
        # Nothing ahead may be out of date by now.
        batch = batch or await asyncio.to_thread(self._read, self._seq)
        if len(batch) == self._batch:
            self._ahead = asyncio.create_task(asyncio.to_thread(self._read, batch[-1][0]))
        return batch

    def _read(self, seq: int) -> Entries:
        batch = self._journal.read_after(seq, self._batch)
        if batch and self._prepare is not None:
            # A sink's bug shows again in its write, and is dealt with there.
            with suppress(Exception):
                self._prepare([result for _, result in batch])
        return batch

    def _forget_ahead(self) -> None:
        # Who failed has kept the cursor back: what was read ahead no longer follows on from it.
        if self._ahead is not None:
            self._ahead.cancel()
            self._ahead = None

    async def _deliver(self, batch: Entries, give_up_after: int | None = None) -> None:
        pieces = deque([batch])
        while pieces:
            piece = pieces.popleft()
            error = await self._refusal(piece)
            if error is None:
                self._failures = 0
                await self._acknowledge(piece)
            elif error.kind in (Delivery.SPLIT, Delivery.PARTIAL):
                pieces.extendleft(reversed(await self._narrowed(piece, error)))
            else:
                pieces.appendleft(piece)
                await self._endure(error, give_up_after)

    async def _refusal(self, piece: Entries) -> DeliveryError | None:
        try:
            await self._sink.write([result for _, result in piece])
        except DeliveryError as error:
            self._errors[str(error.kind)] += 1
            return error
        except Exception as error:
            # A sink's bug must not lose results; it may be mended by a restart.
            self._errors[BUG] += 1
            log.exception("sink broke", sink=self._sink.name, results=len(piece))
            return DeliveryError(Delivery.RETRY, f"{type(error).__name__}: {error}")
        return None

    async def _narrowed(self, piece: Entries, error: DeliveryError) -> list[Entries]:
        if len(piece) > 1:
            middle = len(piece) // 2
            return [piece[:middle], piece[middle:]]
        ((seq, result),) = piece
        log.error("result set aside", sink=self._sink.name, run_id=result.run_id, reason=str(error))
        await self._journal.set_aside(self._sink.name, seq, str(error))
        await self._acknowledge(piece)
        return []

    async def _acknowledge(self, piece: Entries) -> None:
        seq = piece[-1][0]
        if self._persistent:
            await self._journal.set_cursor(self._sink.name, seq)
        self._seq = seq

    async def _endure(self, error: DeliveryError, give_up_after: int | None = None) -> None:
        self._failures += 1
        if give_up_after is not None and self._failures >= give_up_after:
            raise error
        seconds = self._pause_after(error)
        log.warning(
            "sink refuses", sink=self._sink.name, kind=str(error.kind), reason=str(error), again_in_s=round(seconds, 1)
        )
        await self._pause(seconds)

    def _pause_after(self, error: DeliveryError) -> float:
        if error.kind is Delivery.WAIT:
            return WAIT_PAUSE_S
        longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(self._failures - 1, 10))
        # Jitter keeps several agents from coming back to a server all at once.
        jittered = longest * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        return max(jittered, error.retry_after or 0.0)

"""The pump loses nothing, keeps the order, and knows when to wait, to halve and to set aside."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from agent.clock import Clock
from agent.errors import Delivery, DeliveryError, JournalError
from agent.journal import Journal
from agent.model import Result, Verdict
from agent.pump import Pump
from tests.unit.journal.making import make

Refuse = Callable[[Sequence[Result]], Exception | None]


class Shelf:
    """A sink in memory that refuses what its test tells it to."""

    name = "shelf"

    def __init__(self, refuse: Refuse = lambda _: None) -> None:
        self.refuse = refuse
        self.kept: list[str] = []
        self.calls: list[int] = []

    async def write(self, results: Sequence[Result]) -> None:
        """Keep a batch, unless told to refuse it."""
        self.calls.append(len(results))
        if (error := self.refuse(results)) is not None:
            raise error
        self.kept += [result.run_id for result in results]


class Pauses(list[float]):
    """Notes how long it was asked to pause, and does not."""

    async def __call__(self, seconds: float) -> None:
        """Stand in for ``asyncio.sleep``."""
        self.append(seconds)
        await asyncio.sleep(0)


def failing(*errors: Exception) -> Refuse:
    """Refuse once with each error, then take all."""
    left = list(errors)
    return lambda _: left.pop(0) if left else None


def refusing(kind: Delivery, *bad: str) -> Refuse:
    """Refuse every batch that holds one of these run ids."""

    def refuse(results: Sequence[Result]) -> DeliveryError | None:
        found = [result.run_id for result in results if result.run_id in bad]
        return DeliveryError(kind, f"can't take {found[0]}") if found else None

    return refuse


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.db") as opened:
        yield opened


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


def ids(*numbers: int) -> list[str]:
    return [f"hue-{number}" for number in numbers]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_it_delivers_in_order_and_notes_how_far_it_got(journal: Journal) -> None:
    await journal.append([make(number) for number in range(7)])
    shelf = Shelf()
    assert await Pump(sink=shelf, journal=journal, batch=3).drain() == 7
    assert (shelf.kept, shelf.calls) == (ids(*range(7)), [3, 3, 1])
    assert journal.cursor("shelf") == 7
    assert await Pump(sink=shelf, journal=journal).drain() == 0


async def test_it_goes_on_where_it_was_stopped(journal: Journal) -> None:
    await journal.append([make(1), make(2)])
    await Pump(sink=Shelf(), journal=journal).drain()
    await journal.append([make(3)])
    later = Shelf()
    await Pump(sink=later, journal=journal).drain()
    assert later.kept == ids(3)


async def test_it_looks_again_when_there_was_nothing_to_read_ahead(journal: Journal) -> None:
    """What is appended while a full batch is being written comes after an empty look ahead."""
    await journal.append([make(number) for number in range(3)])

    class Filling(Shelf):
        async def write(self, results: Sequence[Result]) -> None:
            await super().write(results)
            await asyncio.sleep(0.1)
            await journal.append([make(3)])

    shelf = Filling()
    assert await Pump(sink=shelf, journal=journal, batch=3).drain() == 4
    assert shelf.kept == ids(*range(4))


async def test_it_has_each_batch_prepared_before_its_write(journal: Journal) -> None:
    await journal.append([make(number) for number in range(7)])

    class Ready(Shelf):
        def __init__(self) -> None:
            super().__init__()
            self.prepared: list[Sequence[Result]] = []

        def prepare(self, results: Sequence[Result]) -> None:
            self.prepared.append(results)

        async def write(self, results: Sequence[Result]) -> None:
            assert results in self.prepared
            await super().write(results)

    shelf = Ready()
    await Pump(sink=shelf, journal=journal, batch=3).drain()
    assert shelf.kept == ids(*range(7))
    assert [len(batch) for batch in shelf.prepared] == [3, 3, 1]


async def test_it_lives_with_a_sink_that_can_not_prepare(journal: Journal) -> None:
    await journal.append([make(1)])

    class Broken(Shelf):
        def prepare(self, results: Sequence[Result]) -> None:
            raise LookupError(results[0].run_id)

    shelf = Broken()
    await Pump(sink=shelf, journal=journal).drain()
    assert shelf.kept == ids(1)


async def test_it_gives_up_a_batch_read_ahead_when_the_one_before_fails(journal: Journal) -> None:
    await journal.append([make(number) for number in range(9)])
    shelf = Shelf(failing(DeliveryError(Delivery.RETRY, "away")))
    pump = Pump(sink=shelf, journal=journal, batch=3)
    with pytest.raises(DeliveryError, match="away"):
        await pump.drain(give_up_after=1)
    assert await pump.drain() == 9
    assert shelf.kept == ids(*range(9))


async def test_it_moves_on_only_after_the_sink_has_the_batch(journal: Journal, pauses: Pauses) -> None:
    await journal.append([make(1), make(2)])
    cursors: list[int] = []

    def refuse(_: Sequence[Result]) -> Exception | None:
        cursors.append(journal.cursor("shelf"))
        return DeliveryError(Delivery.RETRY, "away") if len(cursors) == 2 else None

    await Pump(sink=Shelf(refuse), journal=journal, batch=1, pause=pauses).drain()
    assert cursors == [0, 1, 1]
    assert journal.cursor("shelf") == 2


async def test_it_backs_off_up_to_a_minute_and_starts_over_after_a_success(journal: Journal, pauses: Pauses) -> None:
    await journal.append([make(1), make(2)])
    away = DeliveryError(Delivery.RETRY, "away")
    shelf = Shelf(failing(*[away] * 8))
    pump = Pump(sink=shelf, journal=journal, batch=1, pause=pauses)
    await pump.drain()
    for pause, longest in zip(pauses, (1, 2, 4, 8, 16, 32, 60, 60), strict=True):
        assert longest / 2 <= pause <= longest
    shelf.refuse = failing(away)
    await journal.append([make(3)])
    await pump.drain()
    assert pauses[8] <= 1


async def test_it_waits_as_long_as_the_sink_asked(journal: Journal, pauses: Pauses) -> None:
    await journal.append([make(1)])
    errors = [DeliveryError(Delivery.RETRY, "busy", retry_after=17.0), DeliveryError(Delivery.RETRY, "busy", 0.0)]
    await Pump(sink=Shelf(failing(*errors)), journal=journal, pause=pauses).drain()
    assert pauses[0] == 17
    assert 1 <= pauses[1] <= 2


async def test_it_asks_every_half_minute_when_a_person_must_act(journal: Journal, pauses: Pauses) -> None:
    await journal.append([make(1)])
    shelf = Shelf(failing(*[DeliveryError(Delivery.WAIT, "unauthorized")] * 3))
    await Pump(sink=shelf, journal=journal, pause=pauses).drain()
    assert pauses == [30, 30, 30]
    assert shelf.kept == ids(1)


@pytest.mark.parametrize("kind", [Delivery.SPLIT, Delivery.PARTIAL])
async def test_it_finds_the_bad_ones_and_sets_them_aside(journal: Journal, pauses: Pauses, kind: Delivery) -> None:
    await journal.append([make(number) for number in range(16)])
    shelf = Shelf(refusing(kind, "hue-5", "hue-6", "hue-15"))
    pump = Pump(sink=shelf, journal=journal, pause=pauses)
    assert await pump.drain() == 16
    assert shelf.kept == ids(0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14)
    assert journal.cursor("shelf") == 16
    assert pauses == []
    reasons = journal._read(lambda connection: connection.execute("SELECT seq, reason FROM rejected").fetchall())
    assert reasons == [(6, "can't take hue-5"), (7, "can't take hue-6"), (16, "can't take hue-15")]


async def test_it_keeps_the_order_when_the_sink_goes_away_while_halving(journal: Journal, pauses: Pauses) -> None:
    await journal.append([make(number) for number in range(8)])
    answers = failing(
        DeliveryError(Delivery.SPLIT, "too large"),
        DeliveryError(Delivery.SPLIT, "too large"),
        DeliveryError(Delivery.RETRY, "away"),
    )
    shelf = Shelf(answers)
    await Pump(sink=shelf, journal=journal, pause=pauses).drain()
    assert (shelf.kept, shelf.calls) == (ids(*range(8)), [8, 4, 2, 2, 2, 4])


async def test_it_survives_a_broken_sink(journal: Journal, pauses: Pauses) -> None:
    await journal.append([make(1)])
    shelf = Shelf(failing(ZeroDivisionError("division by zero")))
    pump = Pump(sink=shelf, journal=journal, pause=pauses)
    await pump.drain()
    assert shelf.kept == ids(1)
    errors = {sample.labels["kind"]: sample.value for sample in pump.samples() if "errors" in sample.name}
    assert errors == {"retry": 0, "wait": 0, "split": 0, "partial": 0, "bug": 1}


async def test_it_gives_up_when_told_to(journal: Journal, pauses: Pauses) -> None:
    await journal.append([make(1)])
    shelf = Shelf(lambda _: DeliveryError(Delivery.WAIT, "unauthorized"))
    with pytest.raises(DeliveryError, match="unauthorized"):
        await Pump(sink=shelf, journal=journal, pause=pauses).drain(give_up_after=3)
    assert len(shelf.calls) == 3
    assert journal.cursor("shelf") == 0


async def test_it_delivers_what_comes_while_it_runs(journal: Journal) -> None:
    shelf = Shelf()
    task = asyncio.create_task(Pump(sink=shelf, journal=journal).run())
    for number in range(3):
        await journal.append([make(number)])
    await until(lambda: journal.cursor("shelf") == 3)
    await stop(task)
    assert shelf.kept == ids(0, 1, 2)


async def test_it_survives_a_journal_that_can_not_be_written(
    journal: Journal, pauses: Pauses, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk stops the cursor, not the pump; what was written is delivered once more."""
    real = journal.set_cursor
    faults = [JournalError("disk full")] * 2

    async def set_cursor(name: str, seq: int) -> None:
        if seq > 0 and faults:
            raise faults.pop()
        await real(name, seq)

    monkeypatch.setattr(journal, "set_cursor", set_cursor)
    await journal.append([make(1)])
    shelf = Shelf()
    task = asyncio.create_task(Pump(sink=shelf, journal=journal, pause=pauses).run())
    await until(lambda: journal.cursor("shelf") == 1)
    await stop(task)
    assert shelf.kept == ids(1, 1, 1)
    assert len(pauses) == 2


async def test_it_shows_a_sink_in_memory_only_what_is_new(journal: Journal) -> None:
    await journal.append([make(1)])
    shelf = Shelf()
    pump = Pump(sink=shelf, journal=journal, persistent=False)
    await journal.append([make(2)])
    await pump.drain()
    assert shelf.kept == ids(2)
    assert journal.stats().cursors == {}


async def test_it_keeps_retention_from_what_a_new_sink_lacks(journal: Journal) -> None:
    await journal.append([make(1)])
    shelf = Shelf(lambda _: DeliveryError(Delivery.RETRY, "away"))
    task = asyncio.create_task(Pump(sink=shelf, journal=journal).run())
    await until(lambda: bool(shelf.calls))
    await journal.prune(older_than=make(9).slot, details_older_than=make(9).slot)
    await stop(task)
    assert journal.newest_seq() == journal.count_beyond(0) == 1


async def test_it_is_not_confused_by_an_emptied_journal(journal: Journal) -> None:
    await journal.append([make(1)])
    await journal.prune(older_than=make(9).slot, details_older_than=make(9).slot)
    shelf = Shelf()
    task = asyncio.create_task(Pump(sink=shelf, journal=journal).run())
    await asyncio.sleep(0.05)
    await journal.append([make(2)])
    await until(lambda: journal.cursor("shelf") == 2)
    await stop(task)
    assert shelf.calls == [1]


async def test_it_tells_how_much_is_owed_and_since_when(journal: Journal, pauses: Pauses) -> None:
    await journal.append([make(1), make(2, verdict=Verdict.MISSED), make(3)])
    clock = Clock(now=lambda: make(11).slot)
    shelf = Shelf(refusing(Delivery.SPLIT, "hue-1"))
    pump = Pump(sink=shelf, journal=journal, clock=clock, pause=pauses)

    def figures() -> dict[str, float]:
        names = ("portalwatch_outbox_results", "portalwatch_outbox_age_seconds", "portalwatch_sink_rejected")
        return {sample.name: sample.value for sample in pump.samples() if sample.name in names}

    assert list(figures().values()) == [3, 600, 0]
    await pump.drain()
    assert list(figures().values()) == [0, 0, 1]
    assert {sample.labels["sink"] for sample in pump.samples()} == {"shelf"}

"""What every sink owes the pump, whatever stands behind it."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import pytest
from prometheus_client.parser import text_string_to_metric_families

from agent.clock import EPOCH, Clock
from agent.errors import DeliveryError
from agent.journal import Journal
from agent.model import Verdict
from agent.ports import Sink
from agent.pump import Pump
from agent.sinks import catalogue
from agent.sinks.influxdb import InfluxSink, setup
from agent.sinks.prometheus import PrometheusSink
from tests.integration.servers import Influx, influxdb
from tests.unit.journal.making import NOON, make

Newest = dict[str, tuple[datetime, str]]


class Bench(Protocol):
    """A place to start a sink, to start it again, and to look at what it holds."""

    def pump(self, journal: Journal) -> Pump:
        """A new sink, as after a start of the agent, with its pump."""
        ...

    @property
    def sink(self) -> Sink:
        """The sink of the newest pump."""
        ...

    def holds(self) -> Any:
        """All that the sink holds, to compare."""
        ...

    def newest(self) -> Newest:
        """The newest slot and its verdict, by portal."""
        ...


class InfluxBench:
    """InfluxDB keeps what it has over a restart of the agent."""

    def __init__(self, server: Influx, stack: ExitStack) -> None:
        self._server, self._stack = server, stack
        self._bucket = f"bucket-{uuid4().hex[:8]}"
        setup(url=server.url, org=server.org, bucket=self._bucket, token=server.token, retention=None)

    def pump(self, journal: Journal) -> Pump:
        """A sink on the same bucket."""
        self.sink = InfluxSink(
            url=self._server.url, org=self._server.org, bucket=self._bucket, token=self._server.token
        )
        self._stack.callback(self.sink._client.close)
        return Pump(sink=self.sink, journal=journal, batch=3)

    def holds(self) -> Any:
        """Every row of every measurement."""
        return [self._server.rows(self._bucket, name) for name in catalogue.MEASUREMENTS]

    def newest(self) -> Newest:
        """From the slots, which come in order of time."""
        return {row["portal"]: (row["_time"], row["verdict"]) for row in self._server.rows(self._bucket, "slot")}


class PrometheusBench:
    """The sink in memory gets each check's newest result from the journal at a start."""

    def pump(self, journal: Journal) -> Pump:
        """An empty sink, restored."""
        self.sink = PrometheusSink(clock=Clock(now=lambda: NOON))
        pump = Pump(sink=self.sink, journal=journal, batch=3, persistent=False)
        self.sink.restore(journal.newest_per_check(EPOCH), NOON)
        return pump

    def holds(self) -> Any:
        """The text of a scrape."""
        return self.sink.exposition()

    def newest(self) -> Newest:
        """From the gauges."""
        slots: dict[str, datetime] = {}
        verdicts: dict[str, str] = {}
        for family in text_string_to_metric_families(self.sink.exposition().decode()):
            for sample in family.samples:
                if sample.name == catalogue.SLOT_TIMESTAMP.name:
                    slots[sample.labels["portal"]] = datetime.fromtimestamp(sample.value, NOON.tzinfo)
                if sample.name == catalogue.VERDICT.name and sample.value == 1:
                    verdicts[sample.labels["portal"]] = sample.labels["verdict"]
        return {portal: (slot, verdicts[portal]) for portal, slot in slots.items()}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influx]:
    with influxdb(tmp_path_factory.mktemp("influxdb")) as running:
        yield running


@pytest.fixture(params=["influxdb", "prometheus"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with ExitStack() as stack:
        if request.param == "influxdb":
            yield InfluxBench(request.getfixturevalue("server"), stack)
        else:
            yield PrometheusBench()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.db") as opened:
        yield opened


async def test_it_changes_nothing_by_a_second_delivery(bench: Bench, journal: Journal) -> None:
    results = [make(1), make(2, verdict=Verdict.PORTAL_FAULT), make(1, portal="moh", verdict=Verdict.MISSED)]
    bench.pump(journal)
    await bench.sink.write(results)
    before = bench.holds()
    await bench.sink.write(results)
    for result in results:
        await bench.sink.write([result])
    assert bench.holds() == before


async def test_it_ends_with_the_measured_result_of_a_slot(bench: Bench, journal: Journal) -> None:
    pump = bench.pump(journal)
    await journal.append([make(1), make(2, verdict=Verdict.MISSED)])
    await pump.drain()
    assert bench.newest() == {"hue": (make(2).slot, "missed")}
    await journal.append([make(2, verdict=Verdict.BLOCKED)])
    await pump.drain()
    assert bench.newest() == {"hue": (make(2).slot, "blocked")}


async def test_it_shows_the_latest_slot_whatever_came_last(bench: Bench, journal: Journal) -> None:
    """A slot found missing later is journaled after younger ones."""
    pump = bench.pump(journal)
    await journal.append([make(5), make(3, verdict=Verdict.MISSED), make(4, verdict=Verdict.MISSED)])
    await pump.drain()
    assert bench.newest() == {"hue": (make(5).slot, "pass")}


async def test_it_goes_on_after_a_restart_with_a_backlog(bench: Bench, journal: Journal) -> None:
    pump = bench.pump(journal)
    await journal.append([make(1), make(1, portal="moh")])
    await pump.drain()
    await journal.append([make(2, verdict=Verdict.PORTAL_FAULT), make(3)])
    restarted = bench.pump(journal)
    await journal.append([make(4, verdict=Verdict.BLOCKED)])
    await restarted.drain()
    assert bench.newest() == {"hue": (make(4).slot, "blocked"), "moh": (make(1).slot, "pass")}


async def test_it_raises_nothing_but_delivery_errors(bench: Bench, journal: Journal) -> None:
    """Whatever a result holds; the pump takes anything else for a bug."""
    bench.pump(journal)
    odd = '\ud800\x00\n\\",= '
    results = [make(portal=odd, failing_step=odd, dependency=odd, metrics={odd: float("nan"), "cls": float("-inf")})]
    try:
        await bench.sink.write(results)
    except DeliveryError as error:
        pytest.fail(str(error))

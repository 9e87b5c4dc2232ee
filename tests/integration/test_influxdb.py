"""The InfluxDB sink against a real server: down, restarted under load, misconfigured, in conflict."""

import asyncio
import http.server
import math
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from agent.errors import Delivery, DeliveryError
from agent.journal import Journal
from agent.model import Flag, Requirement, Result, Step, StepStatus, Verdict
from agent.pump import Pump
from agent.sinks import catalogue
from agent.sinks.influxdb import InfluxSink, Setup, setup
from tests.integration.servers import Influx, free_port, influxdb
from tests.unit.journal.making import NOON, make

TYPES = {"string": (str, type(None)), "integer": (int,), "float": (float,)}
"""What the client's rows hold; it reads an empty string as None."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influx]:
    with influxdb(tmp_path_factory.mktemp("influxdb")) as running:
        yield running


@pytest.fixture
def bucket(server: Influx) -> str:
    name = f"bucket-{uuid4().hex[:8]}"
    assert make_bucket(server, name) is Setup.CREATED
    return name


@pytest.fixture
async def sink(server: Influx, bucket: str) -> AsyncIterator[InfluxSink]:
    opened = InfluxSink(url=server.url, org=server.org, bucket=bucket, token=server.token)
    yield opened
    await opened.close()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.db") as opened:
        yield opened


def make_bucket(server: Influx, name: str, retention: timedelta | None = None) -> Setup:
    return setup(url=server.url, org=server.org, bucket=name, token=server.token, retention=retention)


async def blink(_: float) -> None:
    """A pause short enough for a test."""
    await asyncio.sleep(0.05)


def one_more_retry(pump: Pump) -> Callable[[], bool]:
    """Whether the pump was refused once more since now."""

    def retries() -> float:
        return sum(sample.value for sample in pump.samples() if sample.labels.get("kind") == "retry")

    before = retries()
    return lambda: retries() > before


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)


def full(number: int) -> Result:
    """A result with a value in every tag and field there is."""
    return make(
        number,
        flags=frozenset(Flag),
        metrics={name: float(place) for place, name in enumerate(catalogue.FIGURES)},
        requirements={"SEC-1": Requirement.UNMEASURED, "SEC-4": Requirement.UNFULFILLED},
        steps=(
            Step(name="open", status=StepStatus.PASSED, duration_s=1),
            Step(name="search", status=StepStatus.SKIPPED, duration_s=0),
        ),
    )


async def test_it_stores_exactly_what_the_catalogue_says(server: Influx, bucket: str, sink: InfluxSink) -> None:
    await sink.write([full(0), full(1)])
    for measurement in catalogue.MEASUREMENTS.values():
        rows = server.rows(bucket, measurement.name)
        assert len(rows) >= 2
        for row in rows:
            mine = {name for name in row if not name.startswith("_")} - {"result", "table"}
            assert mine == {*measurement.tags, *(field.name for field in measurement.fields)}
            assert [
                field.name for field in measurement.fields if not isinstance(row[field.name], TYPES[field.type])
            ] == []
            assert row["_time"] in {NOON, NOON + timedelta(minutes=1)}
    stored = server.query(f'import "influxdata/influxdb/schema" schema.measurements(bucket: "{bucket}", start: 0)')
    assert {row["_value"] for row in stored} == set(catalogue.MEASUREMENTS)


async def test_it_changes_nothing_by_a_second_delivery(server: Influx, bucket: str, sink: InfluxSink) -> None:
    await sink.write([full(0), full(1)])
    before = [server.rows(bucket, name) for name in catalogue.MEASUREMENTS], server.points(bucket)
    await sink.write([full(1), full(0)])
    assert ([server.rows(bucket, name) for name in catalogue.MEASUREMENTS], server.points(bucket)) == before


async def test_a_batch_that_was_prepared_is_written_as_it_is(server: Influx, bucket: str, sink: InfluxSink) -> None:
    """And one that was prepared and never came is not."""
    first, second, never = ([full(number)] for number in (1, 2, 3))
    for batch in (first, never, second):
        sink.prepare(batch)
    await sink.write(first)
    await sink.write(list(second))
    times = {row["_time"] for row in server.rows(bucket, catalogue.SLOT.name)}
    assert times == {first[0].slot, second[0].slot}


async def test_it_overwrites_missed_by_what_was_measured_after_all(
    server: Influx, bucket: str, sink: InfluxSink
) -> None:
    await sink.write([make(verdict=Verdict.MISSED, flags=frozenset({Flag.EXCUSED}), failing_step="open")])
    await sink.write([make()])
    (row,) = server.rows(bucket, "slot")
    assert (row["verdict"], row["up"], row["measured"], row["excused"], row["duration_s"]) == ("pass", 1, 1, 0, 0.4)
    kept = server.query(f'from(bucket: "{bucket}") |> range(start: 0) |> filter(fn: (r) => r._value == "")')
    assert {row["_field"] for row in kept} == {"cause", "dependency", "failing_step"}


async def test_it_keeps_odd_text_in_one_piece(server: Influx, bucket: str, sink: InfluxSink) -> None:
    odd = 'Hồ sơ, "của" tôi=\\'
    step = Step(name=odd + "\n", status=StepStatus.FAILED, duration_s=1e-7)
    await sink.write([make(failing_step=odd + "\t\ud800", steps=(step,), metrics={"total_s": 1e22})])
    (slot,), (one,), (figure,) = (server.rows(bucket, name) for name in ("slot", "step", "metric"))
    assert slot["failing_step"] == odd + "\t?"
    assert (one["step"], one["duration_s"]) == ('Hồ sơ, "của" tôi=__', 1e-7)
    assert figure["value"] == 1e22


async def test_it_writes_no_number_that_is_none(server: Influx, bucket: str, sink: InfluxSink) -> None:
    await sink.write([make(metrics={"total_s": math.nan, "dns_s": math.inf, "connect_s": 0.1}, duration_s=math.inf)])
    assert [(row["metric"], row["value"]) for row in server.rows(bucket, "metric")] == [("connect_s", 0.1)]
    assert [row["duration_s"] for row in server.rows(bucket, "slot")] == [0.0]


async def test_it_takes_a_huge_batch(
    server: Influx, bucket: str, sink: InfluxSink, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = [make(number) for number in range(10_000)]
    started = time.perf_counter()
    await sink.write(batch)
    seconds = time.perf_counter() - started
    assert len(server.rows(bucket, "slot")) == 10_000
    with capsys.disabled():
        print(f"\ninfluxdb: {10_000 / seconds:,.0f} results/s in one batch")  # noqa: T201


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"token": "not-the-token"}, "401: unauthorized access"),
        ({"bucket": "nowhere"}, '404: bucket "nowhere" not found'),
        ({"org": "nobody"}, '404: organization name "nobody" not found'),
    ],
)
async def test_it_waits_for_a_person_to_mend_the_settings(
    server: Influx, bucket: str, wrong: dict[str, str], reason: str
) -> None:
    settings = {"url": server.url, "org": server.org, "bucket": bucket, "token": server.token}
    broken = InfluxSink(**{**settings, **wrong})
    with pytest.raises(DeliveryError, match=reason) as refused:
        await broken.write([make()])
    await broken.close()
    assert refused.value.kind is Delivery.WAIT
    assert "not-the-token" not in str(refused.value)


async def test_it_sets_aside_only_what_conflicts(
    server: Influx, bucket: str, sink: InfluxSink, journal: Journal
) -> None:
    """A field of another type is there already: InfluxDB stores the good lines and answers 422."""
    tags = "portal=moh,kind=province,platform=formio,journey=http,location=hn,requirement=SEC-1"
    server.write(bucket, f"requirement,{tags} fulfilled=0.5 {int(NOON.timestamp() * 1000) + 1}")
    bad = [make(2), make(4)]
    good = [make(number, requirements={}) for number in (1, 3, 5)]
    await journal.append([good[0], bad[0], good[1], bad[1], good[2]])
    with pytest.raises(DeliveryError, match="field type conflict") as refused:
        await sink.write([good[0], bad[0]])
    assert refused.value.kind is Delivery.PARTIAL
    await Pump(sink=sink, journal=journal, pause=blink).drain()
    assert journal._read(lambda connection: connection.execute("SELECT seq FROM rejected").fetchall()) == [(2,), (4,)]
    assert [row["_time"] for row in server.rows(bucket, "slot")] == [make(number).slot for number in range(1, 6)]


async def test_it_sets_aside_what_retention_would_drop(server: Influx, journal: Journal) -> None:
    short = f"short-{uuid4().hex[:8]}"
    make_bucket(server, short, timedelta(hours=1))
    await journal.append([make(1), make(2)])
    sink = InfluxSink(url=server.url, org=server.org, bucket=short, token=server.token)
    assert await Pump(sink=sink, journal=journal, pause=blink).drain() == 2
    await sink.close()
    assert journal.rejected("influxdb") == 2


async def test_it_has_every_slot_once_after_a_restart_under_load(tmp_path: Path, journal: Journal) -> None:
    """The server is killed twice while results come in; nothing is lost, nothing is there twice."""
    with influxdb(tmp_path) as own:
        sink = InfluxSink(url=own.url, org=own.org, bucket="results", token=own.token, timeout=5)
        pump = Pump(sink=sink, journal=journal, batch=40, pause=blink)
        task = asyncio.create_task(pump.run())
        for part in range(60):
            await journal.append([make(part * 50 + number) for number in range(50)])
            if part in (20, 40):
                noticed = one_more_retry(pump)
                await asyncio.to_thread(own.process.stop)
            if part in (30, 50):
                await until(noticed)
                await asyncio.to_thread(own.process.start)
            await asyncio.sleep(0.01)
        await until(lambda: journal.cursor("influxdb") == 3_000)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await sink.close()
        rows = own.rows("results", "slot")
        kept = [result for _, result in journal.read_after(0, 9_999)]
        assert [row["_time"] for row in rows] == [result.slot for result in kept]
        assert {row["verdict"] for row in rows} == {"pass"}
        assert len(own.rows("results", "step")) == len(own.rows("results", "requirement")) == 3_000
        assert len(own.rows("results", "metric")) == 6_000
        assert journal.rejected("influxdb") == 0


async def test_it_tries_again_when_nobody_listens() -> None:
    sink = InfluxSink(url=f"http://127.0.0.1:{free_port()}", org="o", bucket="b", token="t")  # noqa: S106
    with pytest.raises(DeliveryError, match="influxdb can't be reached") as refused:
        await sink.write([make()])
    await sink.close()
    assert refused.value.kind is Delivery.RETRY


class Stubborn(http.server.BaseHTTPRequestHandler):
    """Answers as its server's ``behave`` says."""

    def do_POST(self) -> None:
        """One write request."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.behave(self)  # type: ignore[attr-defined]

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def stubborn(behave: Callable[[http.server.BaseHTTPRequestHandler], None]) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stubborn) as listening:
        listening.behave = behave  # type: ignore[attr-defined]
        listening.daemon_threads = True
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


def busy(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_response(503)
    handler.send_header("Retry-After", "7")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def too_large(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_error(413)


def reset(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def half_an_answer(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_response(500)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"half")
    handler.close_connection = True


def hang(_: http.server.BaseHTTPRequestHandler) -> None:
    time.sleep(1.5)


@pytest.mark.parametrize(
    ("behave", "kind", "retry_after"),
    [
        (busy, Delivery.RETRY, 7.0),
        (too_large, Delivery.SPLIT, None),
        (reset, Delivery.RETRY, None),
        (half_an_answer, Delivery.RETRY, None),
        (hang, Delivery.RETRY, None),
    ],
)
async def test_it_knows_what_to_do_about_a_stubborn_server(
    behave: Callable[[http.server.BaseHTTPRequestHandler], None], kind: Delivery, retry_after: float | None
) -> None:
    with stubborn(behave) as url:
        sink = InfluxSink(url=url, org="o", bucket="b", token="t", timeout=0.5)  # noqa: S106
        with pytest.raises(DeliveryError) as refused:
            await sink.write([make()])
        await sink.close()
    assert (refused.value.kind, refused.value.retry_after) == (kind, retry_after)


def test_it_sets_a_bucket_up_and_says_what_it_did(server: Influx) -> None:
    name = f"own-{uuid4().hex[:8]}"
    month, day = timedelta(days=30), timedelta(days=1)
    steps = [make_bucket(server, name, retention) for retention in (None, None, month, month, day, None)]
    assert steps == ["created", "unchanged", "updated", "unchanged", "updated", "updated"]
    (found,) = [row for row in server.query("buckets()") if row["name"] == name]
    assert found["retentionPeriod"] == 0


def test_it_says_why_it_can_not_set_up(server: Influx) -> None:
    with pytest.raises(DeliveryError, match="401: unauthorized"):
        setup(url=server.url, org=server.org, bucket="b", token="wrong", retention=None)  # noqa: S106
    with pytest.raises(DeliveryError, match='organization name "nobody" not found'):
        setup(url=server.url, org="nobody", bucket="b", token=server.token, retention=None)
    with pytest.raises(DeliveryError, match="at least 1h"):
        make_bucket(server, "brief", timedelta(minutes=1))
    with pytest.raises(ValueError, match="influxdb bucket: is empty"):
        make_bucket(server, "")

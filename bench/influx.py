"""Journal to a real InfluxDB, against a bare synchronous write of the same lines."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS

from agent.journal import Journal
from agent.model import Result
from agent.pump import Pump
from agent.sinks.influxdb import InfluxSink, setup
from agent.sinks.points import lines_of
from bench.figure import Figure, in_turn, ratios, typical
from bench.results import plain
from bench.versions import of_packages, of_program
from tests.integration.servers import Influx, influxd_binary, influxdb

BATCH = 500
RESULTS = 5_000
ROUNDS = 10


async def measure(folder: Path) -> list[Figure]:
    """The same batches, both compressed, into a bucket of their own each time."""
    results = [plain(number) for number in range(RESULTS)]
    bodies = _bodies(results)
    with influxdb(folder) as server, Journal.open(folder / "journal.sqlite3") as journal:
        for start in range(0, RESULTS, BATCH):
            await journal.append(results[start : start + BATCH])

        async def ours(bucket: str) -> float:
            return await _pumped(server, journal, bucket)

        async def bare(bucket: str) -> float:
            return await asyncio.to_thread(_bare, server, bodies, bucket)

        speeds: dict[str, list[float]] = {"ours": [], "bare": []}
        for number in range(ROUNDS):
            for name, write in in_turn([("ours", ours), ("bare", bare)], number):
                speeds[name].append(await write(f"{name}-{number}"))
    return [
        Figure(
            name="influxdb_ratio",
            what="results a second from journal to InfluxDB, over a bare synchronous write of the same lines",
            unit="",
            values=ratios(speeds["ours"], speeds["bare"]),
            at_least=0.7,
            beside={name: f"{typical(values):.0f}/s" for name, values in speeds.items()},
            versions={**of_packages("influxdb-client"), "influxdb": await of_program([influxd_binary(), "version"])},
        )
    ]


async def _pumped(server: Influx, journal: Journal, bucket: str) -> float:
    _make(server, bucket)
    sink = InfluxSink(url=server.url, org=server.org, bucket=bucket, token=server.token, name=bucket)
    began = time.perf_counter()
    delivered = await Pump(sink=sink, journal=journal, batch=BATCH).drain(give_up_after=1)
    took = time.perf_counter() - began
    if journal.rejected(bucket):
        raise RuntimeError("InfluxDB refused lines that were to be measured")
    await sink.close()
    return delivered / took


def _bare(server: Influx, bodies: Sequence[bytes], bucket: str) -> float:
    _make(server, bucket)
    with InfluxDBClient(url=server.url, org=server.org, token=server.token, enable_gzip=True) as client:
        writer = client.write_api(write_options=SYNCHRONOUS)
        began = time.perf_counter()
        for body in bodies:
            writer.write(bucket=bucket, record=body, write_precision="ms")
        return RESULTS / (time.perf_counter() - began)


def _make(server: Influx, bucket: str) -> None:
    setup(url=server.url, org=server.org, bucket=bucket, token=server.token, retention=None)


def _bodies(results: Sequence[Result]) -> list[bytes]:
    lines = [list(lines_of(one, lambda _: None)) for one in results]
    return [
        "\n".join(line for one in lines[start : start + BATCH] for line in one).encode()
        for start in range(0, len(lines), BATCH)
    ]

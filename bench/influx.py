"""Journal to a real InfluxDB, against a bare synchronous write of the same lines."""

import asyncio
import time
from pathlib import Path

from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS

from agent.journal import Journal
from agent.pump import Pump
from agent.sinks.influxdb import InfluxSink, setup
from agent.sinks.points import lines_of
from bench.figure import Figure, ratios
from bench.results import plain
from tests.integration.servers import Influx, influxdb

BATCH = 500
RESULTS = 5_000
ROUNDS = 4


async def measure(folder: Path) -> list[Figure]:
    """The same batches, both compressed, into a bucket of their own each time."""
    results = [plain(number) for number in range(RESULTS)]
    lines = [list(lines_of(one, lambda _: None)) for one in results]
    ours, bare = [], []
    with influxdb(folder) as server, Journal.open(folder / "journal.sqlite3") as journal:
        for start in range(0, RESULTS, BATCH):
            await journal.append(results[start : start + BATCH])
        for number in range(ROUNDS):
            ours.append(await _pumped(server, journal, f"ours-{number}"))
            bare.append(await asyncio.to_thread(_bare, server, lines, f"bare-{number}"))
    return [
        Figure(
            name="influxdb_ratio",
            what="results a second from journal to InfluxDB, over a bare synchronous write of the same lines",
            unit="",
            values=ratios(ours, bare),
            at_least=0.7,
            beside={"ours": f"{max(ours):.0f}/s", "bare": f"{max(bare):.0f}/s"},
        )
    ]


async def _pumped(server: Influx, journal: Journal, bucket: str) -> float:
    setup(url=server.url, org=server.org, bucket=bucket, token=server.token, retention=None)
    sink = InfluxSink(url=server.url, org=server.org, bucket=bucket, token=server.token, name=bucket)
    began = time.perf_counter()
    delivered = await Pump(sink=sink, journal=journal, batch=BATCH).drain(give_up_after=1)
    took = time.perf_counter() - began
    await sink.close()
    return delivered / took


def _bare(server: Influx, lines: list[list[str]], bucket: str) -> float:
    setup(url=server.url, org=server.org, bucket=bucket, token=server.token, retention=None)
    bodies = [
        "\n".join(line for one in lines[start : start + BATCH] for line in one) for start in range(0, len(lines), BATCH)
    ]
    with InfluxDBClient(url=server.url, org=server.org, token=server.token, enable_gzip=True) as client:
        writer = client.write_api(write_options=SYNCHRONOUS)
        began = time.perf_counter()
        for body in bodies:
            writer.write(bucket=bucket, record=body.encode(), write_precision="ms")
        return len(lines) / (time.perf_counter() - began)

"""Real servers for tests, each on a free loopback port with folders of its own."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30.0
ORG = "portalwatch"
BUCKET = "results"
TOKEN = "an-operator-token-for-tests"  # noqa: S105 - of a server that lives as long as the test


def free_port() -> int:
    """A port nobody listens on right now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def binary(name: str, package: str) -> str:
    """The path of a program, or a failure that names the Debian package to install."""
    found = shutil.which(name)
    if found is None:
        message = f"these tests need {name}: apt-get install {package}"
        raise AssertionError(message)
    return found


def influxd_binary() -> str:
    """What ``scripts/influxd.sh`` finds or builds."""
    done = subprocess.run([ROOT / "scripts" / "influxd.sh"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@dataclass
class Process:
    """A server process that is started, stopped and started again on the same port."""

    command: Sequence[str]
    health: str
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    _running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers; a server that can't bind its port fails here."""
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                self.command, stdout=log, stderr=log, env={**os.environ, **self.environment}
            )
        deadline = time.monotonic() + PATIENCE_S
        while not self._answers():
            assert self._running.poll() is None, self.log.read_text(errors="replace")[-2_000:]
            assert time.monotonic() < deadline, f"{self.command[0]} does not answer at {self.health}"
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop as if the power went."""
        if self._running is not None:
            self._running.kill()
            self._running.wait()
            self._running = None

    def _answers(self) -> bool:
        try:
            return request("GET", self.health)[0] == 200
        except urllib3.exceptions.HTTPError:
            return False


def request(method: str, url: str, body: object = None, **headers: str) -> tuple[int, bytes]:
    """One HTTP request; its status and body."""
    with urllib3.PoolManager(retries=False) as pool:
        data = None if body is None else json.dumps(body)
        answer = pool.request(method, url, body=data, headers=headers, timeout=5.0)
        return answer.status, answer.data


@dataclass
class Influx:
    """An InfluxDB server of the test's own, set up with one organisation."""

    process: Process
    url: str
    org: str = ORG
    token: str = TOKEN

    def query(self, flux: str) -> list[dict[str, Any]]:
        """The rows of a Flux query."""
        with InfluxDBClient(url=self.url, org=self.org, token=self.token) as client:
            return [record.values for table in client.query_api().query(flux) for record in table.records]

    def rows(self, bucket: str, measurement: str) -> list[dict[str, Any]]:
        """Every point of a measurement, one row each, ordered by time."""
        return self.query(
            f'from(bucket: "{bucket}") |> range(start: 0, stop: 2200-01-01T00:00:00Z)'
            f' |> filter(fn: (r) => r._measurement == "{measurement}")'
            ' |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")'
            ' |> group() |> sort(columns: ["_time"])'
        )

    def points(self, bucket: str) -> int:
        """How many field values a bucket holds."""
        rows = self.query(
            f'from(bucket: "{bucket}") |> range(start: 0, stop: 2200-01-01T00:00:00Z) |> count() |> group() |> sum()'
        )
        return int(rows[0]["_value"]) if rows else 0

    def write(self, bucket: str, line: str) -> None:
        """Store one line as it stands."""
        with (
            InfluxDBClient(url=self.url, org=self.org, token=self.token) as client,
            client.write_api(SYNCHRONOUS) as writer,
        ):
            writer.write(bucket=bucket, record=line, write_precision="ms")


@contextmanager
def influxdb(folder: Path) -> Iterator[Influx]:
    """A running InfluxDB with the organisation ORG, the bucket BUCKET and the operator token TOKEN."""
    port = free_port()
    command = [
        influxd_binary(),
        f"--bolt-path={folder}/influxd.bolt",
        f"--sqlite-path={folder}/influxd.sqlite",
        f"--engine-path={folder}/engine",
        f"--http-bind-address=127.0.0.1:{port}",
        "--reporting-disabled",
    ]
    url = f"http://127.0.0.1:{port}"
    process = Process(command=command, health=f"{url}/health", log=folder / "influxd.log")
    process.start()
    try:
        first = {"username": "test", "password": "a-test-password", "org": ORG, "bucket": BUCKET, "token": TOKEN}
        status, body = request("POST", f"{url}/api/v2/setup", first)
        assert status == 201, body
        yield Influx(process=process, url=url)
    finally:
        process.stop()


@contextmanager
def pushgateway(folder: Path) -> Iterator[str]:
    """A running Pushgateway; its URL."""
    url = f"http://127.0.0.1:{free_port()}"
    program = binary("prometheus-pushgateway", "prometheus-pushgateway")
    command = [program, f"--web.listen-address={url.removeprefix('http://')}"]
    process = Process(command=command, health=f"{url}/-/ready", log=folder / "pushgateway.log")
    process.start()
    try:
        yield url
    finally:
        process.stop()

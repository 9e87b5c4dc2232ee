"""The InfluxDB 2 sink, and the making of its bucket."""

import asyncio
import gzip
from collections import deque
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

import structlog
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.domain.bucket import Bucket
from influxdb_client.domain.bucket_retention_rules import BucketRetentionRules
from influxdb_client.domain.write_precision import WritePrecision
from influxdb_client.service.write_service import WriteService

from agent.model import Result
from agent.sinks import refusals
from agent.sinks.points import lines_of

log = structlog.get_logger(__name__)

TIMEOUT_S = 10.0
COMPRESSION = 6
"""The client would take 9, which here costs three times the CPU for one hundredth less."""

_SHARDS = ((timedelta(days=2), timedelta(hours=1)), (timedelta(days=180), timedelta(days=1)))
"""Retentions below which InfluxDB makes shards of a size; above, of a week."""


class Setup(StrEnum):
    """What :func:`setup` had to do."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class InfluxSink:
    """Writes each result as points, see :mod:`agent.sinks.points`.

    One request per batch, and no retry here: the pump alone knows what is still owed. The client's own
    batching would give up for good after three minutes. ``timeout`` is in seconds.
    """

    def __init__(
        self, *, url: str, org: str, bucket: str, token: str, timeout: float = TIMEOUT_S, name: str = "influxdb"
    ) -> None:
        _require(url=url, org=org, bucket=bucket, token=token)
        self.name = name
        self._org, self._bucket = org, bucket
        self._client = _client(url, org, token, timeout)
        self._writer = WriteService(self._client.api_client)  # type: ignore[no-untyped-call]
        self._noted: set[str] = set()
        # The batch whose write has its turn, and the one after it.
        self._ready: deque[tuple[Sequence[Result], bytes]] = deque(maxlen=2)

    def prepare(self, results: Sequence[Result]) -> None:
        """Build and compress the lines of a batch while the one before it is under way."""
        self._ready.append((results, self._body(results)))

    async def write(self, results: Sequence[Result]) -> None:
        """Store a batch in one request, or raise DeliveryError."""
        await asyncio.to_thread(self._write, results)

    async def close(self) -> None:
        """Close the connections."""
        await asyncio.to_thread(self._client.close)

    def _write(self, results: Sequence[Result]) -> None:
        body = next((body for ready, body in tuple(self._ready) if ready == results), None) or self._body(results)
        try:
            self._writer.post_write(  # type: ignore[no-untyped-call]
                self._org,
                self._bucket,
                body,
                precision=WritePrecision.MS,
                content_encoding="gzip",
                content_type="text/plain; charset=utf-8",
            )
        except refusals.EXPECTED as error:
            raise refusals.explain(error) from error

    def _body(self, results: Sequence[Result]) -> bytes:
        lines = (line for result in results for line in lines_of(result, self._note))
        # A string may hold a lone surrogate that came from a page.
        return gzip.compress("\n".join(lines).encode(errors="replace"), COMPRESSION)

    def _note(self, name: str) -> None:
        # Once a name: a probe that is wrong is wrong on every run.
        if name not in self._noted:
            self._noted.add(name)
            log.warning("figure left out", sink=self.name, figure=name, rule="finite and in the catalogue")


def setup(
    *, url: str, org: str, bucket: str, token: str, retention: timedelta | None, timeout: float = TIMEOUT_S
) -> Setup:
    """Create the bucket, or give it this retention (None: for ever); safe to repeat.

    Raises DeliveryError when the server can't be reached or refuses.
    """
    _require(url=url, org=org, bucket=bucket, token=token)
    seconds = 0 if retention is None else int(retention.total_seconds())
    with _client(url, org, token, timeout) as client:
        try:
            return _ensure(client, org, bucket, seconds)
        except refusals.EXPECTED as error:
            raise refusals.explain(error) from error


def _ensure(client: InfluxDBClient, org: str, name: str, seconds: int) -> Setup:
    buckets = client.buckets_api()
    rule = _rule(seconds)
    # Not asked for by name: an unknown bucket and an unknown organisation would both be a 404.
    known = buckets.find_buckets_iter(org=org)  # type: ignore[no-untyped-call]
    found = [bucket for bucket in known if bucket.name == name]
    if not found:
        buckets.create_bucket(bucket_name=name, org=org, retention_rules=rule)
        return Setup.CREATED
    if _retention(found[0]) == seconds:
        return Setup.UNCHANGED
    found[0].retention_rules = [rule]
    buckets.update_bucket(found[0])
    return Setup.UPDATED


def _rule(seconds: int) -> BucketRetentionRules:
    # The server only picks a shard size that suits the retention when it makes the bucket; afterwards a
    # retention shorter than a shard is refused. So its own choice is spelled out.
    shard = next((size for limit, size in _SHARDS if 0 < seconds < limit.total_seconds()), timedelta(days=7))
    return BucketRetentionRules(  # type: ignore[no-untyped-call]
        type="expire", every_seconds=seconds, shard_group_duration_seconds=int(shard.total_seconds())
    )


def _retention(bucket: Bucket) -> int:
    return sum(rule.every_seconds for rule in bucket.retention_rules)


def _client(url: str, org: str, token: str, timeout: float) -> InfluxDBClient:
    return InfluxDBClient(url=url, org=org, token=token, timeout=int(timeout * 1_000))


def _require(**values: str) -> None:
    for name, value in values.items():
        if not value:
            # InfluxDB answers 400 to an empty organisation, which would look like a fault of our lines.
            message = f"influxdb {name}: is empty"
            raise ValueError(message)

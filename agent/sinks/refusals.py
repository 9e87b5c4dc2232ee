"""What InfluxDB's refusals ask the pump to do."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import urllib3
from influxdb_client.client.exceptions import InfluxDBError
from influxdb_client.rest import ApiException

from agent.errors import Delivery, DeliveryError

LONGEST_RETRY_AFTER_S = 300.0
LONGEST_REASON = 300

BY_STATUS = {
    HTTPStatus.BAD_REQUEST: Delivery.SPLIT,
    HTTPStatus.UNAUTHORIZED: Delivery.WAIT,
    HTTPStatus.FORBIDDEN: Delivery.WAIT,
    HTTPStatus.NOT_FOUND: Delivery.WAIT,
    HTTPStatus.REQUEST_TIMEOUT: Delivery.RETRY,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Delivery.SPLIT,
    HTTPStatus.UNPROCESSABLE_ENTITY: Delivery.PARTIAL,
    HTTPStatus.TOO_MANY_REQUESTS: Delivery.RETRY,
}

EXPECTED = (InfluxDBError, urllib3.exceptions.HTTPError, OSError)
"""What the client raises; anything else is a bug."""


def explain(error: Exception) -> DeliveryError:
    """The DeliveryError for what the client raised."""
    if not isinstance(error, ApiException):
        kind = Delivery.WAIT if isinstance(error, InfluxDBError) else Delivery.RETRY
        return DeliveryError(kind, f"influxdb can't be reached: {_short(str(error) or type(error).__name__)}")
    reason = _short(error.message or error.reason or "")
    return DeliveryError(_kind(error), f"influxdb answered {error.status}: {reason}", _seconds(error.retry_after))


def _kind(error: ApiException) -> Delivery:
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Delivery.RETRY
    kind = BY_STATUS.get(error.status, Delivery.WAIT)
    if error.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY) and not _from_influxdb(error):
        # A proxy refuses everything alike; taking it for a judgement on our lines would set them all aside.
        return Delivery.WAIT
    return kind


def _from_influxdb(error: ApiException) -> bool:
    try:
        body = json.loads(error.body or "")
    except ValueError:
        return False
    return isinstance(body, dict) and "code" in body


def _seconds(retry_after: str | None) -> float | None:
    if not retry_after:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        seconds = _until(retry_after)
    # In this order, so that a NaN becomes 0.
    return min(LONGEST_RETRY_AFTER_S, max(0.0, seconds))


def _until(date: str) -> float:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return 0.0
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"

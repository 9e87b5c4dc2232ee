"""What each refusal of InfluxDB asks the pump to do."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import urllib3
from influxdb_client._sync.rest import RESTResponse
from influxdb_client.client.exceptions import InfluxDBError
from influxdb_client.rest import ApiException

from agent.errors import Delivery
from agent.sinks.refusals import LONGEST_RETRY_AFTER_S, explain

JSON = '{"code":"invalid","message":"unable to parse"}'


def refusal(status: int, body: str = JSON, **headers: str) -> ApiException:
    answer = RESTResponse(urllib3.HTTPResponse(body=body.encode(), status=status, headers=headers, reason="No"))
    answer.data = body
    return ApiException(http_resp=answer)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Delivery.SPLIT),
        (413, Delivery.SPLIT),
        (422, Delivery.PARTIAL),
        (401, Delivery.WAIT),
        (403, Delivery.WAIT),
        (404, Delivery.WAIT),
        (307, Delivery.WAIT),
        (405, Delivery.WAIT),
        (408, Delivery.RETRY),
        (429, Delivery.RETRY),
        (500, Delivery.RETRY),
        (502, Delivery.RETRY),
        (503, Delivery.RETRY),
        (599, Delivery.RETRY),
    ],
)
def test_it_sorts_refusals_by_status(status: int, kind: Delivery) -> None:
    error = explain(refusal(status))
    assert error.kind is kind
    assert str(error) == f"influxdb answered {status}: unable to parse"


@pytest.mark.parametrize("status", [400, 422])
def test_it_does_not_take_a_proxy_s_page_for_a_judgement_on_lines(status: int) -> None:
    """Or every result would be set aside, one by one."""
    assert explain(refusal(status, "<h1>400 plain HTTP request sent to HTTPS port</h1>")).kind is Delivery.WAIT
    assert explain(refusal(status, '"odd"')).kind is Delivery.WAIT


@pytest.mark.parametrize(
    "error",
    [
        urllib3.exceptions.ReadTimeoutError(None, "/", "timed out"),  # type: ignore[arg-type]
        urllib3.exceptions.ProtocolError("connection broken"),
        ConnectionResetError("reset"),
        TimeoutError(),
    ],
)
def test_it_tries_again_when_the_server_is_away(error: Exception) -> None:
    assert explain(error).kind is Delivery.RETRY
    assert str(explain(error)).startswith("influxdb can't be reached: ")


def test_it_waits_for_a_person_when_the_client_can_not_even_ask() -> None:
    assert explain(ApiException(status=0, reason="SSLError\ncertificate has expired")).kind is Delivery.WAIT
    assert explain(InfluxDBError(message="organization not found")).kind is Delivery.WAIT


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("0.5", 0.5), ("-3", 0), ("1e9", LONGEST_RETRY_AFTER_S), ("soon", 0), ("nan", 0), (None, None)],
)
def test_it_reads_how_long_to_wait(header: str | None, seconds: float | None) -> None:
    headers = {} if header is None else {"Retry-After": header}
    assert explain(refusal(503, **headers)).retry_after == seconds


def test_it_reads_a_date_to_wait_for() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    seconds = explain(refusal(503, **{"Retry-After": soon})).retry_after
    assert seconds is not None
    assert 0 < seconds <= 60


def test_it_keeps_a_long_answer_short() -> None:
    text = str(explain(refusal(500, "x\n" * 10_000)))
    assert len(text) < 400
    assert "\n" not in text

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from agent.clock import EPOCH
from agent.config import Config, checks, digest, revision, windows
from agent.config.derive import offset
from agent.config.settings import Schedule
from agent.model import Kind, ProbeKind, Timeouts, Window

Load = Callable[..., Config]

MILLISECOND = timedelta(milliseconds=1)
SPANS = st.integers(1, 10**9).map(lambda millis: timedelta(milliseconds=millis))
MOMENTS = st.datetimes(datetime(1960, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
IDS = st.text(min_size=1, max_size=40)


def test_it_makes_a_check_of_each_journey_of_each_portal(good_load: Load) -> None:
    config = good_load()
    assert [check.id for check in checks(config)] == ["hanoi/http", "hanoi/home", "tuphap/http"]


def test_it_gives_a_check_all_that_its_run_needs(good_load: Load) -> None:
    check = checks(good_load())[0]
    assert (check.portal.base_url, check.portal.kind) == ("https://hanoi.localhost:8443", Kind.PROVINCE)
    assert (check.probe, check.journey) == (ProbeKind.HTTP, "http")
    assert check.timeouts == Timeouts(step=10.0, journey=20.0, run=50.0)
    assert (check.slow_after, dict(check.options)) == (4.0, {"path": "/"})
    assert (check.plan.interval, check.plan.kind, check.plan.platform) == (timedelta(minutes=1), "province", "formio")


def test_it_leaves_out_what_is_not_enabled(good_load: Load) -> None:
    portals = PORTALS.replace("enabled: true", "enabled: false", 1)
    few = good_load(portals=portals, journeys=JOURNEYS, maintenance="windows: []")
    assert [check.id for check in checks(few)] == ["b/http"]
    journeys = JOURNEYS.replace("probe: http", "probe: http\n    enabled: false")
    assert checks(good_load(portals=PORTALS, journeys=journeys, maintenance="windows: []")) == ()


@pytest.mark.parametrize(
    ("day", "ids"),
    [
        (date(2026, 6, 30), ["a/http"]),
        (date(2026, 7, 1), ["a/http", "b/http"]),
        (date(2026, 7, 2), ["a/http", "b/http"]),
        (date(2026, 7, 3), ["b/http"]),
    ],
)
def test_it_counts_both_days_of_a_validity(day: date, ids: list[str], good_load: Load) -> None:
    portals = PORTALS.replace("id: a", "id: a\n    valid_to: 2026-07-02").replace(
        "id: b", "id: b\n    valid_from: 2026-07-01"
    )
    config = good_load(portals=portals, journeys=JOURNEYS, maintenance="windows: []")
    assert [check.id for check in checks(config, day)] == ids


def test_it_takes_the_local_day_of_loading(good_load: Load) -> None:
    """At 17:30 UTC it is tomorrow in Hanoi."""
    portals = PORTALS.replace("id: b", "id: b\n    valid_from: 2026-07-01")
    late = datetime(2026, 6, 30, 17, 30, tzinfo=UTC)
    config = good_load(portals=portals, journeys=JOURNEYS, maintenance="windows: []", now=late)
    assert [check.id for check in checks(config)] == ["a/http", "b/http"]


def test_it_stops_when_the_authorisation_ends(good_load: Load) -> None:
    config = good_load()
    assert {check.portal.id for check in checks(config, date(2026, 12, 31))} == {"hanoi", "tuphap"}
    assert {check.portal.id for check in checks(config, date(2027, 1, 1))} == {"hanoi"}


def test_it_makes_a_revision_of_the_checks(good_load: Load) -> None:
    config, start = good_load(), datetime(2026, 6, 15, tzinfo=UTC)
    made = revision(config, start)
    assert (made.effective_from, made.effective_to, made.location) == (start, None, "hanoi-1")
    assert made.checks == tuple(check.plan for check in checks(config))


def test_it_turns_local_windows_into_utc(good_load: Load) -> None:
    assert windows(good_load()) == (
        Window(
            portals=frozenset({"hanoi"}),
            starts=datetime(2026, 7, 5, 15, tzinfo=UTC),
            ends=datetime(2026, 7, 5, 19, tzinfo=UTC),
            recorded_at=datetime(2026, 6, 10, 2, tzinfo=UTC),
        ),
    )


def test_it_takes_a_window_for_all_and_an_offset_as_written(good_load: Load) -> None:
    times = "starts: 2026-07-05 22:00, ends: '2026-07-05T20:00Z', recorded_at: 2026-06-10T09:00"
    text = f"windows:\n  - {{portals: all, {times}}}\n"
    (window,) = windows(good_load(maintenance=text))
    assert window.portals == frozenset()
    assert (window.starts.hour, window.ends.hour) == (15, 20)


@given(IDS, SPANS, st.none() | SPANS, st.none() | MOMENTS)
def test_it_keeps_offsets_whole_and_within_the_interval(
    check_id: str, interval: timedelta, spread: timedelta | None, anchor: datetime | None
) -> None:
    got = offset(check_id, interval, Schedule(spread=spread, anchor=anchor))
    assert timedelta(0) <= got < interval
    assert got % MILLISECOND == timedelta(0)
    assert got == offset(check_id, interval, Schedule(spread=spread, anchor=anchor))


@given(IDS, SPANS, SPANS, MOMENTS)
def test_it_starts_within_the_spread_after_the_anchor(
    check_id: str, interval: timedelta, spread: timedelta | None, anchor: datetime | None
) -> None:
    got = offset(check_id, interval, Schedule(spread=spread, anchor=anchor))
    whole = EPOCH + (anchor - EPOCH) // MILLISECOND * MILLISECOND
    after = (EPOCH + got - whole) % interval
    assert after < min(interval, spread)


def test_it_spreads_checks_evenly() -> None:
    tenths = Counter(
        offset(f"portal-{number}/home", timedelta(minutes=5), Schedule()) // timedelta(seconds=30)
        for number in range(1_000)
    )
    assert set(tenths) == set(range(10))
    assert max(tenths.values()) < 140


def test_it_gives_the_same_offset_in_another_process() -> None:
    code = (
        "from datetime import timedelta\nfrom agent.config.derive import offset\n"
        "from agent.config.settings import Schedule\n"
        "print(offset('hanoi/home', timedelta(minutes=5), Schedule()) // timedelta(milliseconds=1))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert told == {"106287"}


def test_it_digests_what_the_files_say_and_not_how(good_load: Load) -> None:
    plain = digest(good_load(portals=PORTALS, journeys=JOURNEYS, maintenance="windows: []"))
    head, first, second = PORTALS.split("  - ")
    turned = f"# a comment\n{head}  - {second}  - {first}"
    reordered = good_load(portals=turned, journeys=JOURNEYS.replace("1m", "60s"), maintenance="windows: []")
    assert digest(reordered) == plain
    assert len(plain) == 64


@pytest.mark.parametrize(
    ("old", "new"), [("interval: 1m", "interval: 2m"), ("step: 1s", "step: 2s"), ("name: http", "name: http-2")]
)
def test_it_digests_every_change(old: str, new: str, good_load: Load) -> None:
    plain = good_load(portals=PORTALS, journeys=JOURNEYS, maintenance="windows: []")
    other = good_load(portals=PORTALS, journeys=JOURNEYS.replace(old, new), maintenance="windows: []")
    assert digest(other) != digest(plain)


def test_it_digests_no_secret(good_load: Load) -> None:
    digests = {digest(good_load(agent=INFLUX, environ={"INFLUXDB_TOKEN": token})) for token in ("one", "two")}
    assert len(digests) == 1


PORTALS = """\
portals:
  - id: a
    kind: province
    platform: formio
    name_vi: A
    name_en: A
    base_url: https://a.localhost
    enabled: true
  - id: b
    kind: ministry
    platform: tiepnhan
    name_vi: B
    name_en: B
    base_url: https://b.localhost
    enabled: true
"""
JOURNEYS = """\
journeys:
  - name: http
    probe: http
    interval: 1m
    timeouts: {step: 1s, journey: 3s, run: 10s}
    objective: {duration: 2s, availability: 99.5}
"""
INFLUX = """\
operator: {contact: ops@example.vn}
influxdb: {url: "http://127.0.0.1:8086", org: o, bucket: b}
"""

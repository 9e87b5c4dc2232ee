"""What a scrape shows: the newest result of each check, while it is current."""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from agent.clock import Clock
from agent.model import Flag, Requirement, Result, Sample, Step, StepStatus, Verdict
from agent.sinks import catalogue
from agent.sinks.prometheus import PrometheusSink
from tests.unit.journal.making import NOON, make

LABELS = {"portal": "hue", "kind": "province", "platform": "formio", "journey": "http", "location": "hn"}

Series = dict[tuple[str, frozenset[tuple[str, str]]], float]


class Hands:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.at: datetime = NOON

    def clock(self) -> Clock:
        """A Clock showing ``at``."""
        return Clock(now=lambda: self.at)


class Part:
    """A part that reports these samples."""

    def __init__(self, *samples: Sample) -> None:
        self._samples = samples

    def samples(self) -> Iterable[Sample]:
        """The samples."""
        return self._samples


class BrokenPart:
    """A part that can't report."""

    def samples(self) -> Iterable[Sample]:
        """Fail half-way."""
        yield Sample(name="portalwatch_queue_expired_total", value=1)
        raise OSError


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def sink(hands: Hands) -> PrometheusSink:
    return PrometheusSink(clock=hands.clock())


def scrape(sink: PrometheusSink) -> Series:
    text = sink.exposition().decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(sink: PrometheusSink, name: str, **more: str) -> float | None:
    labels = {**LABELS, **more}
    return scrape(sink).get((f"portalwatch_{name}", frozenset(labels.items())))


async def test_it_shows_the_newest_result(sink: PrometheusSink) -> None:
    step = Step(name="open", status=StepStatus.PASSED, duration_s=0.25)
    await sink.write([make(0), make(1, verdict=Verdict.PORTAL_FAULT, duration_s=0.5, steps=(step,))])
    assert value(sink, "up") == 0
    assert value(sink, "run_duration_seconds") == 0.5
    assert value(sink, "step_duration_seconds", step="open") == 0.25
    assert value(sink, "slot_timestamp_seconds") == NOON.timestamp() + 60
    assert value(sink, "http_total_seconds") == 0.4


async def test_it_shows_one_verdict_at_a_time(sink: PrometheusSink) -> None:
    await sink.write([make(verdict=Verdict.BLOCKED, flags=frozenset({Flag.SLOW}))])
    assert {verdict: value(sink, "verdict", verdict=verdict) for verdict in Verdict} == {
        verdict: float(verdict is Verdict.BLOCKED) for verdict in Verdict
    }
    assert [value(sink, "flag", flag=flag) for flag in ("slow", "flaky", "excused")] == [1, 0, 0]


async def test_it_does_not_know_up_when_nobody_is_to_blame(sink: PrometheusSink) -> None:
    for number, verdict in enumerate(Verdict):
        await sink.write([make(number, verdict=verdict)])
        assert value(sink, "up") == {Verdict.PASS: 1, Verdict.PORTAL_FAULT: 0}.get(verdict)


async def test_it_shows_no_duration_of_a_run_that_never_was(sink: PrometheusSink) -> None:
    await sink.write([make(verdict=Verdict.MISSED)])
    assert value(sink, "run_duration_seconds") is None
    assert value(sink, "verdict", verdict="missed") == 1


async def test_it_shows_requirements_only_when_measured(sink: PrometheusSink) -> None:
    states = {"A": Requirement.FULFILLED, "B": Requirement.UNFULFILLED, "C": Requirement.UNMEASURED}
    await sink.write([make(requirements=states)])
    assert [value(sink, "requirement_fulfilled", requirement=name) for name in states] == [1, 0, None]


async def test_it_converts_days_into_seconds(sink: PrometheusSink) -> None:
    await sink.write([make(metrics={"leaf_days_left": 1.5, "chain_days_left": -1.0})])
    assert value(sink, "tls_leaf_expiry_seconds") == 129_600
    assert value(sink, "tls_chain_expiry_seconds") == -86_400


async def test_it_ignores_what_is_older_than_it_has(sink: PrometheusSink) -> None:
    await sink.write([make(5), make(3, verdict=Verdict.PORTAL_FAULT)])
    assert value(sink, "up") == 1


async def test_it_takes_a_measured_result_in_place_of_missed(sink: PrometheusSink) -> None:
    await sink.write([make(1, verdict=Verdict.MISSED), make(1)])
    assert value(sink, "up") == 1
    await sink.write([make(1, verdict=Verdict.MISSED)])
    assert value(sink, "up") == 1


async def test_it_counts_each_result_once_late_ones_too(sink: PrometheusSink) -> None:
    results = [make(2), make(3, verdict=Verdict.PORTAL_FAULT), make(1)]
    await sink.write(results)
    await sink.write(results)
    counts = {verdict: value(sink, "results_total", verdict=verdict) for verdict in Verdict}
    assert counts == {**dict.fromkeys(Verdict, 0), Verdict.PASS: 2, Verdict.PORTAL_FAULT: 1}


async def test_it_drops_what_a_hung_check_left(sink: PrometheusSink, hands: Hands) -> None:
    """Two intervals after the slot, and the run's own time, its figures are no longer the present."""
    await sink.write([make(0, duration_s=10.0)])
    hands.at = NOON + timedelta(seconds=130)
    assert value(sink, "up") == 1
    hands.at += timedelta(seconds=1)
    assert value(sink, "up") is None
    assert value(sink, "verdict", verdict="pass") is None
    assert value(sink, "results_total", verdict="pass") == 1


async def test_it_shows_no_backlog_as_current(sink: PrometheusSink, hands: Hands) -> None:
    hands.at = NOON + timedelta(hours=3)
    await sink.write([make(number) for number in range(170)])
    assert value(sink, "up") is None
    await sink.write([make(number) for number in range(170, 180)])
    assert value(sink, "slot_timestamp_seconds") == NOON.timestamp() + 179 * 60


def test_it_restores_only_what_is_younger_than_two_intervals(sink: PrometheusSink, hands: Hands) -> None:
    old, young = make(0, portal="old"), make(0, portal="young", interval_s=61.0)
    hands.at = NOON + timedelta(seconds=120)
    assert sink.restore([old, young], hands.at) == 1
    shown = {dict(labels)["portal"] for name, labels in scrape(sink) if name == "portalwatch_up"}
    assert shown == {"young"}
    assert value(sink, "results_total", verdict="pass") is None


async def test_it_does_not_restore_over_something_newer(sink: PrometheusSink) -> None:
    await sink.write([make(1, verdict=Verdict.PORTAL_FAULT)])
    sink.restore([make(0)], NOON)
    assert value(sink, "up") == 0


async def test_it_shows_no_run_by_hand(sink: PrometheusSink) -> None:
    await sink.write([make(interval_s=0.0)])
    assert scrape(sink) == {}


async def test_it_forgets_checks_that_are_gone(sink: PrometheusSink) -> None:
    await sink.write([make(), make(portal="moh"), make(journey="tls")])
    sink.forget({"hue/http"})
    shown = {(dict(labels)["portal"], dict(labels)["journey"]) for _, labels in scrape(sink)}
    assert shown == {("moh", "http"), ("hue", "tls")}


async def test_it_leaves_out_what_is_no_finite_number_or_not_listed(sink: PrometheusSink) -> None:
    await sink.write([make(metrics={"total_s": math.nan, "dns_s": math.inf, "teapots": 1.0, "cls": 0.1})])
    assert value(sink, "http_total_seconds") is None
    assert value(sink, "http_dns_seconds") is None
    assert value(sink, "cls") == 0.1
    assert not [name for name, _ in scrape(sink) if "teapots" in name]


def test_it_shows_what_the_parts_tell_about_themselves(hands: Hands) -> None:
    first = Part(Sample(name="portalwatch_queue_length", value=3, labels={"lane": "net"}))
    sink = PrometheusSink(sources=[first], clock=hands.clock())
    sink.add_source(Part(Sample(name="portalwatch_schedule_emitted_total", value=7)))
    assert scrape(sink) == {
        ("portalwatch_queue_length", frozenset({("lane", "net")})): 3,
        ("portalwatch_schedule_emitted_total", frozenset()): 7,
    }
    assert "# TYPE portalwatch_schedule_emitted_total counter" in sink.exposition().decode()


def test_it_leaves_out_self_figures_that_the_catalogue_does_not_list(sink: PrometheusSink) -> None:
    sink.add_source(
        Part(
            Sample(name="portalwatch_teapots", value=1),
            Sample(name="portalwatch_queue_length", value=1),
            Sample(name="portalwatch_journal_bytes", value=1),
        )
    )
    assert list(scrape(sink)) == [("portalwatch_journal_bytes", frozenset())]


async def test_it_shows_the_portals_when_a_part_can_not_report(sink: PrometheusSink) -> None:
    sink.add_source(BrokenPart())
    await sink.write([make()])
    assert value(sink, "up") == 1
    assert not [name for name, _ in scrape(sink) if "expired" in name]


async def test_it_puts_no_run_id_message_or_url_in_a_label(sink: PrometheusSink) -> None:
    await sink.write([make(run_id="run-id-here", detail="message https://hue.localhost/ here")])
    text = sink.exposition().decode()
    assert "run-id-here" not in text
    assert "https://" not in text
    names = {label for family in catalogue.FAMILIES.values() for label in family.labels}
    assert names == {
        "portal", "kind", "platform", "journey", "location", "verdict", "flag", "step", "requirement", "version",
        "lane", "control", "service", "sink", "reason", "account",
    }  # fmt: skip


def full() -> Result:
    """A result with a value for every figure there is."""
    return make(metrics={name: float(number) for number, name in enumerate(catalogue.FIGURES, start=1)})


async def test_it_shows_every_family_of_the_catalogue_and_no_other(sink: PrometheusSink) -> None:
    await sink.write([full()])
    sink.add_source(
        Part(
            *(
                Sample(name=family.name, value=1, labels=dict.fromkeys(family.labels, "x"))
                for family in catalogue.SELF_FAMILIES
            )
        )
    )
    assert {name for name, _ in scrape(sink)} == set(catalogue.FAMILIES)

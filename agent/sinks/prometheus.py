"""The Prometheus sink: the newest result of each check, shown as gauges while it is current."""

import asyncio
from collections import Counter, deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.error import HTTPError

import structlog
from prometheus_client import CollectorRegistry, generate_latest, push_to_gateway
from prometheus_client.registry import Collector

from agent.clock import EPOCH, Clock
from agent.errors import Delivery, DeliveryError
from agent.model import Flag, Requirement, Result, Sample, Verdict
from agent.ports import SelfReport
from agent.sinks import catalogue
from agent.sinks.exposition import Exposed, Page

log = structlog.get_logger(__name__)

PUSH_TIMEOUT_S = 5.0

REMEMBERED = 64
"""Results of a check that a second delivery is still recognised among."""

_UP = {Verdict.PASS: 1.0, Verdict.PORTAL_FAULT: 0.0}

Key = tuple[str, str, str]


@dataclass(slots=True)
class _Known:
    """What is known of one check: its newest result, and how many results of each verdict there were."""

    newest: Result
    counts: Counter[Verdict] = field(default_factory=Counter)
    counted: deque[tuple[str, bool]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def take(self, result: Result) -> None:
        """Count a result once and keep it if it is newer, or measured where the newest is missed."""
        mark = (result.run_id, result.measured)
        if mark not in self.counted:
            self.counted.append(mark)
            self.counts[result.verdict] += 1
        self.offer(result)

    def offer(self, result: Result) -> None:
        """Keep a result if it is newer, or measured where the newest is missed."""
        if _rank(result) > _rank(self.newest):
            self.newest = result


class PrometheusSink(Collector):
    """Holds in memory what a scrape shows; ``sources`` tell the agent's own figures.

    A gauge held by the worker that ran a check would stand still once the check moves, so this sink,
    which sees every result, shows them all. Runs by hand have no interval and are not shown.
    """

    name = "prometheus"

    def __init__(self, *, sources: Sequence[SelfReport] = (), clock: Clock | None = None) -> None:
        self._clock = clock or Clock()
        self._sources = list(sources)
        self._known: dict[Key, _Known] = {}
        self._noted: set[str] = set()
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def add_source(self, source: SelfReport) -> None:
        """Show the figures of one more part."""
        self._sources.append(source)

    def restore(self, results: Iterable[Result], now: datetime) -> int:
        """Take each check's newest result after a restart, if still current; returns how many were.

        Counters start at zero all the same: they count since the start.
        """
        current = [result for result in results if _is_current(result, now)]
        for result in current:
            self._known.setdefault(_key(result), _Known(newest=result)).offer(result)
        return len(current)

    async def write(self, results: Sequence[Result]) -> None:
        """Take a batch; nothing in memory can refuse it."""
        for result in results:
            if result.interval_s > 0:
                self._known.setdefault(_key(result), _Known(newest=result)).take(result)

    def forget(self, check_ids: Collection[str]) -> None:
        """Show the checks with these ids no more."""
        gone = [key for key in self._known if f"{key[0]}/{key[1]}" in check_ids]
        for key in gone:
            del self._known[key]

    def exposition(self) -> bytes:
        """All families in the Prometheus text format 0.0.4."""
        return generate_latest(self._registry)

    async def push(self, url: str, job: str, timeout: float = PUSH_TIMEOUT_S) -> None:  # noqa: ASYNC109 - the gateway's
        """Replace what a Pushgateway holds for ``job``; raises DeliveryError."""
        await asyncio.to_thread(self._push, url, job, timeout)

    def collect(self) -> Iterable[Exposed]:
        """The families now; called by the client library at each scrape."""
        page = Page()
        now = self._clock.now()
        for known in list(self._known.values()):
            _show(page, known, now)
        for source in self._sources:
            self._show_source(page, source)
        return page.families()

    def _push(self, url: str, job: str, timeout: float) -> None:
        try:
            push_to_gateway(url, job=job, registry=self._registry, timeout=timeout)
        except HTTPError as error:
            error.close()
            message = f"pushgateway answered {error.code}"
            raise DeliveryError(Delivery.RETRY, message) from error
        except (OSError, ValueError) as error:
            message = f"pushgateway can't be reached: {error}"
            raise DeliveryError(Delivery.RETRY, message) from error

    def _show_source(self, page: Page, source: SelfReport) -> None:
        try:
            samples = list(source.samples())
        except Exception:
            # One part that can't report must not hide the portals.
            log.exception("part can't report", part=type(source).__name__)
            return
        for sample in samples:
            self._show_sample(page, sample)

    def _show_sample(self, page: Page, sample: Sample) -> None:
        family = catalogue.FAMILIES.get(sample.name)
        if family is not None and set(family.labels) == set(sample.labels):
            page.add(family, sample.labels, sample.value)
        elif sample.name not in self._noted:
            self._noted.add(sample.name)
            log.warning("figure left out", sink=self.name, figure=sample.name, rule="in the catalogue, with its labels")


def _key(result: Result) -> Key:
    return result.portal, result.journey, result.location


def _rank(result: Result) -> tuple[datetime, bool]:
    return result.slot, result.measured


def _is_current(result: Result, now: datetime) -> bool:
    return now - result.slot < timedelta(seconds=2 * result.interval_s)


def _is_shown(result: Result, now: datetime) -> bool:
    # The next slot's result comes a run later than its slot: without that allowance a check that
    # missed a single slot would blink.
    return now - result.slot <= timedelta(seconds=2 * result.interval_s + result.duration_s)


def _show(page: Page, known: _Known, now: datetime) -> None:
    labels = catalogue.labels_of(known.newest)
    for verdict in Verdict:
        # Zeros too: a rate over a counter misses the step by which it appears.
        page.add(catalogue.RESULTS, {**labels, "verdict": verdict.value}, known.counts[verdict])
    if _is_shown(known.newest, now):
        _show_result(page, known.newest, labels)


def _show_result(page: Page, result: Result, labels: dict[str, str]) -> None:
    page.add(catalogue.SLOT_TIMESTAMP, labels, (result.slot - EPOCH).total_seconds())
    for verdict in Verdict:
        page.add(catalogue.VERDICT, {**labels, "verdict": verdict.value}, float(verdict is result.verdict))
    for flag in Flag:
        page.add(catalogue.FLAG, {**labels, "flag": flag.value}, float(flag in result.flags))
    if result.measured:
        page.add(catalogue.RUN_DURATION, labels, result.duration_s)
    if result.verdict in _UP:
        page.add(catalogue.UP, labels, _UP[result.verdict])
    _show_parts(page, result, labels)


def _show_parts(page: Page, result: Result, labels: dict[str, str]) -> None:
    for step in result.steps:
        page.add(catalogue.STEP_DURATION, {**labels, "step": step.name}, step.duration_s)
    for name, state in result.requirements.items():
        if state is not Requirement.UNMEASURED:
            fulfilled = float(state is Requirement.FULFILLED)
            page.add(catalogue.REQUIREMENT, {**labels, "requirement": name}, fulfilled)
    for name, value in result.metrics.items():
        figure = catalogue.FIGURES.get(name)
        if figure is not None:
            page.add(figure.family, labels, value * figure.scale)

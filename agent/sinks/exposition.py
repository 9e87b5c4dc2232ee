"""Families of the catalogue being filled for one scrape."""

import math
from collections.abc import Iterable, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from agent.sinks.catalogue import FAMILIES, Family, Type

Exposed = GaugeMetricFamily | CounterMetricFamily


class Page:
    """Collects values by family and labels; of two values for the same labels the last stands."""

    def __init__(self) -> None:
        self._values: dict[str, dict[tuple[str, ...], float]] = {name: {} for name in FAMILIES}

    def add(self, family: Family, labels: Mapping[str, str], value: float) -> None:
        """Put down a value; one that is no finite number is left out."""
        if math.isfinite(value):
            self._values[family.name][tuple(labels[name] for name in family.labels)] = value

    def families(self) -> Iterable[Exposed]:
        """The families that hold anything, in the catalogue's order."""
        for name, values in self._values.items():
            if values:
                yield _exposed(FAMILIES[name], values)


def _exposed(family: Family, values: Mapping[tuple[str, ...], float]) -> Exposed:
    kind = CounterMetricFamily if family.type is Type.COUNTER else GaugeMetricFamily
    exposed: Exposed = kind(family.name, family.help, labels=family.labels)
    for labels, value in values.items():
        exposed.add_metric(labels, value)
    return exposed

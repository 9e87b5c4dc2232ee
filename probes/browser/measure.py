"""Reads Web Vitals and the browser's own request timings from a page."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Error, Page

from agent.model import RequestTiming

READ_WITHIN_S = 2.0

# Observers start before the page's own scripts. A document's figures are read at the end of each step
# and before it is left; a layout shift counts by session windows as CLS is defined, an interaction by its
# longest event.
OBSERVE = """
(() => {
  const vitals = { lcp: null, fcp: null, cls: null, inp: null };
  const watch = (type, seen, more) => {
    try { new PerformanceObserver(list => list.getEntries().forEach(seen)).observe({ type, buffered: true, ...more }); }
    catch { /* this browser does not know the type: the figure stays null */ }
  };
  let sum = 0, first = 0, last = 0;
  watch('paint', e => { if (e.name === 'first-contentful-paint') { vitals.fcp = e.startTime; vitals.cls ??= 0; } });
  watch('largest-contentful-paint', e => { vitals.lcp = e.startTime; });
  watch('layout-shift', e => {
    if (e.hadRecentInput) return;
    const joins = sum && e.startTime - last < 1000 && e.startTime - first < 5000;
    if (!joins) { sum = 0; first = e.startTime; }
    sum += e.value; last = e.startTime;
    vitals.cls = Math.max(vitals.cls ?? 0, sum);
  });
  const interaction = e => { if (e.interactionId) vitals.inp = Math.max(vitals.inp ?? 0, e.duration); };
  watch('event', interaction, { durationThreshold: 16 });
  performance.setResourceTimingBufferSize(2000);
  Object.defineProperty(window, Symbol.for('vitals'), { value: vitals });
})();
"""

READ = """
() => {
  const phases = e => ({
    url: e.name, type: e.initiatorType, start: e.startTime, size: e.transferSize, status: e.responseStatus ?? 0,
    dns: [e.domainLookupStart, e.domainLookupEnd], connect: [e.connectStart, e.connectEnd],
    tls: [e.secureConnectionStart, e.connectEnd], first: [e.requestStart, e.responseStart],
    transfer: [e.responseStart, e.responseEnd],
  });
  const nav = performance.getEntriesByType('navigation')[0];
  return {
    origin: performance.timeOrigin,
    vitals: { ...window[Symbol.for('vitals')], ttfb: nav && nav.responseStart > 0 ? nav.responseStart : null },
    entries: [...(nav ? [nav] : []), ...performance.getEntriesByType('resource')].map(phases),
  };
}
"""


@dataclass(slots=True)
class Measurements:
    """Collects the readings of every document an attempt visits.

    ``started`` is the wall clock at the attempt's start, in milliseconds.
    """

    started: float
    _vitals: dict[float, Mapping[str, float | None]] = field(default_factory=dict)
    _timings: dict[tuple[float, float, str], RequestTiming] = field(default_factory=dict)

    async def read(self, page: Page, step: str) -> None:
        """Take the current document's figures; a busy or leaving page just gives none."""
        with suppress(Error, TimeoutError, KeyError, TypeError):
            reading = await asyncio.wait_for(page.evaluate(READ), READ_WITHIN_S)
            self._take(reading, step)

    def metrics(self) -> dict[str, float]:
        """The worst of all documents for each vital (``cls`` has no unit), and the transferred bytes."""
        figures = {
            name + unit: max(values) / scale
            for name, unit, scale in (
                ("lcp", "_s", 1e3),
                ("fcp", "_s", 1e3),
                ("inp", "_s", 1e3),
                ("ttfb", "_s", 1e3),
                ("cls", "", 1),
            )
            if (values := list(_known(vitals.get(name) for vitals in self._vitals.values())))
        }
        weight = sum(timing.size or 0 for timing in self._timings.values())
        return {**figures, "page_weight_bytes": float(weight), "requests": float(len(self._timings))}

    def timings(self) -> list[RequestTiming]:
        """Every request seen, by start."""
        return sorted(self._timings.values(), key=lambda timing: timing.start)

    def _take(self, reading: Mapping[str, Any], step: str) -> None:
        origin = float(reading["origin"])
        self._vitals[origin] = {name: value for name, value in reading["vitals"].items() if _is_number(value)}
        for entry in reading["entries"]:
            key = (origin, float(entry["start"]), str(entry["url"]))
            if key not in self._timings:
                self._timings[key] = self._timing(origin, entry, step)

    def _timing(self, origin: float, entry: Mapping[str, Any], step: str) -> RequestTiming:
        status = int(entry["status"]) or None
        return RequestTiming(
            url=str(entry["url"]).split("?", maxsplit=1)[0][:500],
            type=str(entry["type"]),
            step=step,
            start=(origin + float(entry["start"]) - self.started) / 1e3,
            dns=_span(entry["dns"]),
            connect=_span(entry["connect"]),
            tls=_span(entry["tls"]),
            first_byte=_span(entry["first"]),
            transfer=_span(entry["transfer"]),
            size=int(entry["size"]) if status else None,
            status=status,
            failed=status is not None and status >= 400,  # noqa: PLR2004 - where HTTP's errors begin
        )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value and abs(value) < 1e9  # noqa: PLR0124, PLR2004


def _known(values: Iterable[float | None]) -> Iterable[float]:
    return (value for value in values if value is not None)


def _span(ends: tuple[float, float]) -> float | None:
    start, end = float(ends[0]), float(ends[1])
    return (end - start) / 1e3 if start > 0 and end >= start else None

"""The http probe: one page by libcurl, its phases timed, its answer judged."""

import asyncio
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

import pycurl

from agent.clock import Clock
from agent.model import Attempt, Cause, Check, Evidence, Failure, Step
from agent.ports import Safeguards
from probes.findings import keep
from probes.net.causes import of_trouble
from probes.net.expectation import OPTIONS, STEP, Expectation, expectation, judge
from probes.net.failures import broken
from probes.net.hardening import HTTP_PORT, KIND, Hardening, in_full, of_headers, on_http
from probes.net.headers import REQUIREMENT
from probes.net.phases import steps
from probes.net.scarcity import out_of_files
from probes.net.transfer import PHASES, Exchange, Terms, Trouble, exchange
from probes.net.trust import bundle
from probes.net.visit import Visit, visit
from probes.net.workers import Workers

__all__ = ["OPTIONS", "REQUIREMENTS", "HttpProber"]

REQUIREMENTS = (REQUIREMENT,)

_SERVER_ERROR = 500
_PLAIN_S, _PLAIN_BODY = 3.0, 64 * 1024
_REDIRECTS = frozenset(range(300, 400))
_FIGURES = {
    "resolve": "dns_s",
    "connect": "connect_s",
    "tls": "tls_s",
    "first_byte": "first_byte_s",
    "transfer": "transfer_s",
}


class HttpProber:
    """Looks at one page of a portal; see :class:`agent.ports.Prober`.

    A check's options: ``path`` (default ``/``), ``status`` (comma list, default ``200``), ``contains`` and ``absent``
    (texts), ``security`` (``yes`` also looks at versions told and at plain http, on ``http_port``, by default 80, and
    keeps what it noticed as evidence of the kind ``security``).

    Steps: resolve, connect, tls, first_byte, transfer (of the last exchange; a step ``redirect`` stands before them
    when there were any) and assert. Metrics: dns_s, connect_s, tls_s, first_byte_s, transfer_s (seconds, only phases
    that ended), total_s, redirects, redirect_s, size_bytes (on the wire), speed_bytes_per_s, status, http_version,
    hsts_s, headers_lacking; with ``security`` versions_leaked and https_redirect. Requirement SEC-4 (see
    :mod:`probes.net.headers`) is measured on the page that was asked for, not on an error that stands in its place.

    ``workers`` bounds how many exchanges run at once. Environment proxies are not used: their phases are not the
    portal's. At most 2 MiB of a body are read.

    Raises:
        PortalwatchError: the trust store can't be read.
    """

    def __init__(
        self, *, trust_store: Path | None, user_agent: str, workers: int = 8, clock: Clock | None = None
    ) -> None:
        self._roots = str(bundle(trust_store))
        self._user_agent = user_agent
        self._workers = Workers(workers, "http-probe")
        self._clock = clock or Clock()

    def close(self) -> None:
        """Take no more work."""
        self._workers.close()

    async def attempt(
        self,
        check: Check,
        *,
        folder: Path,
        traced: bool,  # noqa: ARG002 - and nothing to trace
        safeguards: Safeguards,  # noqa: ARG002 - a look harms nothing
    ) -> Attempt:
        """One visit within ``check.timeouts.journey``; ``step`` bounds connecting, and the first byte's wait."""
        started, began = self._clock.now(), self._clock.monotonic()
        wanted = expectation(check.options)
        url = check.portal.base_url + check.options.get("path", "/")
        terms = self._terms(step=check.timeouts.step, total=check.timeouts.journey)
        seen, failure = await self._look(url, terms, wanted)
        left = check.timeouts.journey - (self._clock.monotonic() - began)
        hard, kept = await self._hardening(check, seen, failure, replace(terms, total=left), folder)
        return Attempt(
            started=started,
            duration_s=self._clock.monotonic() - began,
            steps=_steps(seen, failure),
            failure=failure,
            metrics={**_metrics(seen), **hard.figures},
            requirements={REQUIREMENT: hard.sec_4},
            evidence=kept,
        )

    async def _hardening(
        self, check: Check, seen: Visit | None, failure: Failure | None, terms: Terms, folder: Path
    ) -> tuple[Hardening, tuple[Evidence, ...]]:
        if seen is None or failure is not None or not seen.last.url.startswith("https:"):
            return Hardening(), ()
        if check.options.get("security") != "yes" or terms.total <= 0:
            return of_headers(seen.last), ()
        plain = on_http(check.portal.base_url, check.options.get("http_port", HTTP_PORT))
        try:
            hard = await self._workers.run(partial(_look_at_plain, seen.last, plain, terms))
        except (MemoryError, RuntimeError, pycurl.error):
            return of_headers(seen.last), ()
        return hard, await asyncio.to_thread(keep, folder, KIND, hard.findings)

    async def probe_url(self, url: str, *, timeout: float) -> Failure | None:  # noqa: ASYNC109 - libcurl keeps it
        """None when ``url`` gives any answer below 500 over trusted TLS (or plain HTTP) within ``timeout`` seconds."""
        terms = self._terms(step=timeout, total=timeout)
        seen, failure = await self._look(url, terms, None)
        if failure or seen is None or seen.last.status < _SERVER_ERROR:
            return failure
        return Failure(cause=Cause.HTTP_STATUS, step=STEP, detail=f"status {seen.last.status}, expected below 500")

    def _terms(self, *, step: float, total: float) -> Terms:
        return Terms(roots=self._roots, user_agent=self._user_agent, step=step, total=total)

    async def _look(self, url: str, terms: Terms, wanted: Expectation | None) -> tuple[Visit | None, Failure | None]:
        try:
            return await self._workers.run(partial(_visit_and_judge, url, terms, wanted))
        except (MemoryError, RuntimeError, pycurl.error) as error:
            return None, broken(Cause.RESOURCES_SHORT, "connect", url, str(error))


def _look_at_plain(answer: Exchange, plain: str, terms: Terms, stop: threading.Event) -> Hardening:
    # A firewall that drops what knocks at the port must not make a good portal slow.
    brief = replace(terms, step=_PLAIN_S, total=min(terms.total, _PLAIN_S), max_body=_PLAIN_BODY)
    return in_full(answer, exchange(plain, brief, stop))


def _visit_and_judge(
    url: str, terms: Terms, wanted: Expectation | None, stop: threading.Event
) -> tuple[Visit, Failure | None]:
    # A page that is only asked whether it answers is not followed either: a redirect is an answer.
    seen = visit(url, terms, stop, wanted=wanted.statuses if wanted else _REDIRECTS)
    if seen.last.trouble:
        return seen, _why(seen.last, seen.last.trouble)
    return seen, judge(wanted, seen) if wanted else None


def _why(last: Exchange, trouble: Trouble) -> Failure:
    cause = of_trouble(trouble)
    if cause is not Cause.TIMEOUT and out_of_files():
        cause = Cause.RESOURCES_SHORT
    return broken(cause, trouble.phase, last.url, trouble.message)


def _steps(seen: Visit | None, failure: Failure | None) -> tuple[Step, ...]:
    failing = failure.step if failure else ""
    if seen is None:
        return steps((*PHASES, STEP), {}, failing)
    secure = seen.last.url.startswith("https:")
    names = [name for name in (*PHASES, STEP) if secure or name != "tls"]
    if seen.hops:
        names.insert(0, "redirect")
    judged = {} if seen.last.trouble else {STEP: 0.0}
    return steps(names, {**seen.last.phases, **judged, "redirect": seen.redirect_s}, failing)


def _metrics(seen: Visit | None) -> dict[str, float]:
    if seen is None:
        return {}
    last = seen.last
    unended = last.trouble.phase if last.trouble else ""
    figures = {_FIGURES[phase]: seconds for phase, seconds in last.phases.items() if phase != unended}
    figures |= {"total_s": seen.redirect_s + last.total, "redirects": float(seen.hops), "redirect_s": seen.redirect_s}
    if last.status:
        figures |= {"status": float(last.status), "http_version": last.version}
        figures |= {"size_bytes": last.size, "speed_bytes_per_s": last.speed}
    return figures

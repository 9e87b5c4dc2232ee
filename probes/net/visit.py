"""A page visited: redirects followed as far as we may. Blocking: call it on a thread."""

import threading
import time
from dataclasses import dataclass, replace

from probes.net.transfer import Exchange, Terms, exchange
from probes.net.urls import downgrades, redacted, same_site

MAX_REDIRECTS = 5
_REDIRECTS = range(300, 400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The last exchange; ``hops`` redirects were followed before it, in ``redirect_s`` seconds.

    ``refused`` says why the redirect it ends on was not followed.
    """

    last: Exchange
    hops: int
    redirect_s: float
    refused: str = ""


def _refusal(here: str, there: str, hops: int) -> str:
    if hops >= MAX_REDIRECTS:
        return f"more than {MAX_REDIRECTS} redirects"
    if downgrades(here, there):
        return f"redirect away from https to {redacted(there)}"
    if not same_site(here, there):
        return f"redirect to another site {redacted(there)}"
    return ""


def visit(url: str, terms: Terms, stop: threading.Event, *, wanted: frozenset[int] = frozenset()) -> Visit:
    """Go to ``url`` and follow redirects within its site, never away from TLS, five at most.

    A redirect whose status is ``wanted`` is where the visit ends. Every exchange has a connection of its own, so its
    phases are whole. ``terms.total`` bounds all of them together.
    """
    began = time.monotonic()
    hops, before = 0, 0.0
    while True:
        left = terms.total - (time.monotonic() - began)
        last = exchange(url, replace(terms, total=left), stop)
        leads_on = not last.trouble and last.location and last.status in _REDIRECTS and last.status not in wanted
        refused = _refusal(url, last.location, hops) if leads_on else ""
        if not leads_on or refused:
            return Visit(last=last, hops=hops, redirect_s=before, refused=refused)
        hops, before, url = hops + 1, time.monotonic() - began, last.location

"""SEC-4: the security headers of a portal's answer. Pure."""

import re
from collections.abc import Mapping

from agent.model import Requirement

# Half a year; this project's default, set by no law.
MIN_HSTS_S = 15_768_000
_MAX_AGE = re.compile(r"(?:^|;)\s*max-age\s*=\s*\"?(\d{1,18})\"?\s*(?:;|$)", re.IGNORECASE)


def hsts_seconds(value: str) -> int:
    """The ``max-age`` of a Strict-Transport-Security header, 0 when it has none."""
    found = _MAX_AGE.search(value)
    return int(found[1]) if found else 0


def sec_4(headers: Mapping[str, str]) -> Requirement:
    """Fulfilled with HSTS for at least half a year and ``X-Content-Type-Options: nosniff``: our default rule."""
    strict = hsts_seconds(headers.get("strict-transport-security", "")) >= MIN_HSTS_S
    nosniff = headers.get("x-content-type-options", "").strip().lower() == "nosniff"
    return Requirement.FULFILLED if strict and nosniff else Requirement.UNFULFILLED

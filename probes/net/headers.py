"""SEC-4: the security headers of a portal's answer. Pure."""

import re
from collections.abc import Iterator, Mapping

from agent.model import Finding, Requirement
from probes.net.text import one_line

REQUIREMENT = "SEC-4"
# Half a year; this project's default, set by no law.
MIN_HSTS_S = 15_768_000
_MAX_AGE = re.compile(r"(?:^|;)\s*max-age\s*=\s*\"?(\d{1,18})\"?\s*(?:;|$)", re.IGNORECASE)
_REFERRERS = frozenset(
    {
        "no-referrer",
        "no-referrer-when-downgrade",
        "origin",
        "origin-when-cross-origin",
        "same-origin",
        "strict-origin",
        "strict-origin-when-cross-origin",
    }
)
_ANYWHERE = frozenset({"*", "http:", "https:", "data:", "http://*", "https://*"})
_VOUCHED = re.compile(r"'(nonce-|sha(256|384|512)-|strict-dynamic')", re.IGNORECASE)


def hsts_seconds(value: str) -> int:
    """The ``max-age`` of a Strict-Transport-Security header, 0 when it has none."""
    found = _MAX_AGE.search(value)
    return int(found[1]) if found else 0


def judge(headers: Mapping[str, str]) -> list[Finding]:
    """What the headers lack (``unmet``), and what a policy allows that takes most of its use (``noted``)."""
    policy = directives(headers.get("content-security-policy", ""))
    unmet = [_finding(rule, "unmet", text) for rule, text in _lacking(headers, policy)]
    return [*unmet, *(_finding(rule, "noted", text) for rule, text in _loose(policy))]


def sec_4(found: list[Finding]) -> Requirement:
    """Fulfilled when the headers lack nothing; what is noted doesn't count: our default rule."""
    lacking = any(one.weight == "unmet" for one in found)
    return Requirement.of(not lacking)


def directives(policy: str) -> Mapping[str, tuple[str, ...]]:
    """The directives of a content security policy with their sources; of one that is there twice the first counts."""
    parsed: dict[str, tuple[str, ...]] = {}
    for part in policy.split(";"):
        name, *sources = part.split()[:200] or [""]
        if name:
            parsed.setdefault(name.lower(), tuple(sources))
    return parsed


def _lacking(headers: Mapping[str, str], policy: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    hsts = headers.get("strict-transport-security", "")
    if hsts_seconds(hsts) < MIN_HSTS_S:
        yield "hsts", f"max-age {hsts_seconds(hsts)}, at least {MIN_HSTS_S} wanted" if hsts else "no HSTS"
    if headers.get("x-content-type-options", "").strip().lower() != "nosniff":
        yield "content-type-options", "X-Content-Type-Options is not nosniff"
    if not policy:
        yield "csp", "no Content-Security-Policy"
    if not _framing_limited(headers, policy):
        yield "frame", "any site may frame the page: neither frame-ancestors nor X-Frame-Options limits it"
    # Of a list the last that a browser knows counts.
    referrers = [each.strip().lower() for each in headers.get("referrer-policy", "").split(",")]
    known = [each for each in referrers if each in _REFERRERS or each == "unsafe-url"]
    if not known or known[-1] == "unsafe-url":
        yield "referrer", f"Referrer-Policy is {known[-1] if known else 'not set'}"


def _framing_limited(headers: Mapping[str, str], policy: Mapping[str, tuple[str, ...]]) -> bool:
    if "frame-ancestors" in policy:
        return _ANYWHERE.isdisjoint(policy["frame-ancestors"])
    return headers.get("x-frame-options", "").strip().upper() in {"DENY", "SAMEORIGIN"}


def _loose(policy: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    if not policy:
        return
    scripts = policy.get("script-src", policy.get("default-src"))
    if scripts is None:
        yield "csp-scripts", "the policy does not limit scripts"
        return
    anywhere = [one_line(each, 40) for each in scripts if each.lower() in _ANYWHERE]
    if anywhere:
        yield "csp-wildcard", f"scripts may come from {' '.join(anywhere)}"
    if "'unsafe-inline'" in scripts and not any(_VOUCHED.match(each) for each in scripts):
        yield "csp-inline", "inline scripts are allowed"


def _finding(rule: str, weight: str, text: str) -> Finding:
    return Finding(requirement=REQUIREMENT, rule=rule, weight=weight, text=text, place="headers")

"""What a plain visitor can tell of a portal's hardening, beside whether it works."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from agent.model import Finding, Requirement
from probes.net import headers, leaks, redirect
from probes.net.text import decode
from probes.net.transfer import Exchange

KIND = "security"
HTTP_PORT = "80"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardening:
    """What was seen: the state of SEC-4, findings, and figures by name."""

    sec_4: Requirement = Requirement.UNMEASURED
    findings: tuple[Finding, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)


def of_headers(answer: Exchange) -> Hardening:
    """What the headers of an answer over https say: ``hsts_s`` and ``headers_lacking``."""
    found = headers.judge(answer.headers)
    lacking = sum(one.weight == "unmet" for one in found)
    seconds = headers.hsts_seconds(answer.headers.get("strict-transport-security", ""))
    figures = {"hsts_s": float(seconds), "headers_lacking": float(lacking)}
    return Hardening(sec_4=headers.sec_4(found), findings=tuple(found), figures=figures)


def in_full(answer: Exchange, plain: Exchange) -> Hardening:
    """The same, with ``versions_leaked`` and, where http answers at all, ``https_redirect`` (1 when it leads to https).

    ``plain`` is what the portal answered on http.
    """
    seen = of_headers(answer)
    told = leaks.judge(answer.headers, decode(answer.body, answer.headers.get("content-type", "")))
    leads, odd = redirect.judge(plain, answer.url)
    figures = {**seen.figures, "versions_leaked": float(len(told))}
    if leads is not None:
        figures["https_redirect"] = float(leads)
    return Hardening(sec_4=seen.sec_4, findings=(*seen.findings, *told, *([odd] if odd else [])), figures=figures)


def on_http(url: str, port: str) -> str:
    """Where ``url`` would be on plain http."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    return f"http://{host}:{port}{parts.path or '/'}"

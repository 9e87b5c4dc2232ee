"""Versions that a portal tells to anyone who asks. Noted, since no requirement of ours forbids them. Pure."""

import re
from collections.abc import Iterator, Mapping

from agent.model import Finding
from probes.net.text import one_line

_VERSION = re.compile(r"\d+\.\d+")
_HEADERS = ("server", "x-powered-by", "x-generator", "x-aspnet-version", "x-aspnetmvc-version")
# Tags longer than this are no generator's; a bound keeps hostile pages from costing time.
_META = re.compile(r"<meta\b([^<>]{0,400})>", re.IGNORECASE)
_GENERATOR = re.compile(r"name\s*=\s*[\"']?generator\b", re.IGNORECASE)
_CONTENT = re.compile(r"content\s*=\s*[\"']([^\"']{1,200})[\"']", re.IGNORECASE)
_LIBRARY = re.compile(
    r"\b((?:jquery|bootstrap|angular|vue|react|lodash|moment|dojo|yui)(?:[.-][a-z]{1,12}){0,3}[.-]v?\d+\.\d+(?:\.\d+)?)"
    r"(?:\.[a-z]{1,8}){0,3}\.js\b",
    re.IGNORECASE,
)
_READ, _MOST = 300_000, 20


def judge(headers: Mapping[str, str], page: str) -> list[Finding]:
    """What the headers and the source of a page give away, at most 20 findings."""
    return list(dict.fromkeys([*_in_headers(headers), *_in_page(page[:_READ])]))[:_MOST]


def _in_headers(headers: Mapping[str, str]) -> Iterator[Finding]:
    for name in _HEADERS:
        if _VERSION.search(headers.get(name, "")):
            yield _finding("version-header", f"{name}: {headers[name]}", "headers")


def _in_page(page: str) -> Iterator[Finding]:
    for tag in _META.findall(page):
        content = _CONTENT.search(tag)
        if _GENERATOR.search(tag) and content and _VERSION.search(content[1]):
            yield _finding("version-generator", f"generator: {content[1]}", "page")
    for name in _LIBRARY.findall(page):
        yield _finding("version-script", name, "page")


def _finding(rule: str, text: str, place: str) -> Finding:
    return Finding(requirement="", rule=rule, weight="noted", text=one_line(text, 120), place=place)

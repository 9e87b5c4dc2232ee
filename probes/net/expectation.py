"""What an http check asks of the answer, and whether it got it. Pure but for reading the body's text."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.model import Cause, Failure, OptionRule
from probes.net.pages import classify
from probes.net.text import decode, holds, one_line
from probes.net.visit import Visit

OPTIONS = {
    "path": OptionRule(pattern=r"/\S*", rule="must begin with /"),
    "status": OptionRule(pattern=r"\d{3}(,\d{3})*", rule="must be a comma list of statuses, like 200,301"),
    "contains": OptionRule(),
    "absent": OptionRule(),
    "security": OptionRule(pattern="yes|no", rule="must be yes or no"),
    "http_port": OptionRule(pattern=r"[1-9]\d{0,4}", rule="must be a port"),
}
STEP = "assert"
_ERRORS = 400
_EXPLAINED = frozenset({Cause.MAINTENANCE_PAGE, Cause.CAPTCHA, Cause.WAF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """The accepted statuses, a text that must stand in the body, and one that must not; empty asks nothing."""

    statuses: frozenset[int]
    contains: str = ""
    absent: str = ""


def expectation(options: Mapping[str, str]) -> Expectation:
    """From a check's options: ``status`` is a comma list, 200 by default; ``contains``, ``absent`` are texts.

    Raises ValueError when ``status`` is no such list.
    """
    listed = options.get("status", "200")
    try:
        statuses = frozenset(int(each) for each in listed.split(","))
    except ValueError:
        raise ValueError(f"option status {listed!r} must be a comma list of numbers") from None
    return Expectation(statuses=statuses, contains=options.get("contains", ""), absent=options.get("absent", ""))


def _fail(cause: Cause, detail: str, *, requests_failed: bool = False) -> Failure:
    return Failure(cause=cause, step=STEP, detail=one_line(detail), requests_failed=requests_failed)


def _page_text(seen: Visit) -> str:
    kind = seen.last.headers.get("content-type", "")
    return decode(seen.last.body, kind)


def _is_page(seen: Visit) -> bool:
    kind = seen.last.headers.get("content-type", "text/html").lower()
    return any(word in kind for word in ("html", "text/plain", "xml"))


def _status_failure(wanted: Expectation, seen: Visit, instead: Cause | None) -> Failure:
    listed = ", ".join(map(str, sorted(wanted.statuses)))
    why = f"; {seen.refused}" if seen.refused else ""
    cause = instead if instead in _EXPLAINED else Cause.HTTP_STATUS
    detail = f"status {seen.last.status}, expected {listed}{why}"
    return _fail(cause or Cause.HTTP_STATUS, detail, requests_failed=seen.last.status >= _ERRORS)


def judge(wanted: Expectation, seen: Visit) -> Failure | None:
    """Why a complete answer is not what was asked for, or None when it is."""
    text = _page_text(seen)
    instead = classify(seen.last.status, text) if _is_page(seen) else None
    if seen.last.status not in wanted.statuses:
        return _status_failure(wanted, seen, instead)
    if instead and instead is not Cause.HTTP_STATUS:
        return _fail(instead, f"{instead.value.replace('_', ' ')} with status {seen.last.status}")
    if wanted.contains and not holds(text, wanted.contains):
        return _fail(Cause.CONTENT_MISSING, f"text {wanted.contains!r} is not in the body")
    if wanted.absent and holds(text, wanted.absent):
        return _fail(Cause.WRONG_PAGE, f"text {wanted.absent!r} is in the body and must not be")
    return None

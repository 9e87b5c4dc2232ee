"""SEC-5: the flags of a portal's cookies. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agent.model import Finding
from probes.net.text import one_line

REQUIREMENT = "SEC-5"
# Names that frameworks give to what logs a visitor in. A token against forgery is read by scripts on purpose.
_SESSION = re.compile(r"sess|(^|[-_.])s?sid$|auth|token|jwt|login|\.aspx", re.IGNORECASE)
_FOR_SCRIPTS = re.compile(r"csrf|xsrf|forgery", re.IGNORECASE)
_SAME_SITE = frozenset({"strict", "lax", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """A cookie's flags; ``same_site`` is as it was set, empty when it was not. Its value is nobody's business."""

    name: str
    domain: str
    secure: bool
    http_only: bool
    same_site: str = ""


def carries_session(name: str) -> bool:
    """Whether a cookie of this name seems to log a visitor in."""
    return bool(_SESSION.search(name)) and not _FOR_SCRIPTS.search(name)


def flaws(cookie: Cookie) -> Iterator[str]:
    """What a cookie lacks."""
    if not cookie.secure:
        yield "cookie-secure"
    if not cookie.http_only and carries_session(cookie.name):
        yield "cookie-httponly"
    if cookie.same_site.lower() not in _SAME_SITE:
        yield "cookie-samesite"


def judge(cookies: Iterable[Cookie]) -> list[Finding]:
    """A finding for each flag that a cookie lacks."""
    return [_finding(cookie, flaw) for cookie in cookies for flaw in flaws(cookie)]


def _finding(cookie: Cookie, flaw: str) -> Finding:
    lacks = {"cookie-secure": "Secure", "cookie-httponly": "HttpOnly", "cookie-samesite": "SameSite"}[flaw]
    text = f"cookie {one_line(cookie.name, 60)} has no {lacks}"
    return Finding(requirement=REQUIREMENT, rule=flaw, weight="unmet", text=text, place=one_line(cookie.domain, 100))

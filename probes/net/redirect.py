"""What a portal answers on plain http: a way to https, or more than that. Pure."""

from urllib.parse import urlsplit

from agent.model import Finding
from probes.net.transfer import Exchange
from probes.net.urls import redacted, same_site

_REDIRECTS = range(300, 400)


def judge(plain: Exchange, portal: str) -> tuple[bool | None, Finding | None]:
    """Whether ``plain`` leads to the https site of ``portal`` at once, and what is to be said of it.

    None when nothing answered: a closed port is as good as a redirect, but it isn't one.
    """
    if plain.trouble:
        return None, _finding("http-closed", "noted", f"nothing answers on http: {plain.trouble.message}", plain.url)
    if plain.status not in _REDIRECTS or not plain.location:
        return False, _finding("http-served", "unmet", f"http answers {plain.status}, no redirect", plain.url)
    there = redacted(plain.location)
    if not same_site(portal, plain.location):
        return False, _finding("http-elsewhere", "unmet", f"http leads to another site, {there}", plain.url)
    if urlsplit(plain.location).scheme != "https":
        return False, _finding("http-stays", "unmet", f"http leads to {there}, not to https", plain.url)
    return True, None


def _finding(rule: str, weight: str, text: str, url: str) -> Finding:
    return Finding(requirement="", rule=rule, weight=weight, text=text[:200], place=redacted(url))

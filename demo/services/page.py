"""How a shared service draws a page: plain, with a house style that no portal has."""

from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates" / "services"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}


def page(template: str, *, status: int = 200, **context: object) -> web.Response:
    """A page of a shared service."""
    text = _PAGES.get_template(template).render(context)
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8", headers=HEADERS)


def refusal(heading: str, text: str, status: int = 400) -> web.Response:
    """A page that says why not."""
    return page("refusal.html", status=status, heading=heading, text=text)

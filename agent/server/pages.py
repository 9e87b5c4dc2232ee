"""The HTML pages. Whatever came from a portal is escaped text, never markup."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from agent.board import Overview, PortalView, State
from agent.model import Kind, Verdict
from agent.server import drawing
from agent.server.evidence import evidence_route
from agent.server.findings import findings
from agent.server.site import Site
from agent.server.texts import LANGUAGES, texts

HERE = Path(__file__).parent
CHANGES_SHOWN = 50
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
COOKIE = "lang"
A_YEAR_S = 31_536_000
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
SIGNS = {State.UP: "✓", State.DOWN: "✗", State.UNSURE: "!", State.UNKNOWN: "?"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the reader asked to see; empty asks for all. ``verdict`` is that of any check's newest slot, if current."""

    kind: str = ""
    platform: str = ""
    state: str = ""
    verdict: str = ""
    q: str = ""

    def keep(self, view: PortalView) -> bool:
        """Whether a portal is asked for; names are compared without case."""
        words = f"{view.portal.id} {view.portal.name_vi} {view.portal.name_en}".casefold()
        return (
            self.kind in {"", view.kind.value}
            and self.platform in {"", view.portal.platform}
            and self.state in {"", view.state.value}
            and (
                not self.verdict
                or any(check.verdict == self.verdict and not check.stale for check in view.checks.values())
            )
            and self.q.casefold() in words
        )


class Pages:
    """The routes of the status page."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {"clock": _clock, "moment": _moment, "percent": _percent, "took": _took}
        # Compiled now, so that the first reader doesn't wait for it.
        for name in self._templates.list_templates():
            self._templates.get_template(name)

    def routes(self) -> list[BaseRoute]:
        """Overview, portal, run, evidence, static files."""
        return [
            Route("/", self._overview),
            Route("/portals/{portal}", self._portal),
            Route("/runs/{run_id}", self._run),
            evidence_route(self._site),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]

    async def _overview(self, request: Request) -> Response:
        overview = self._site.board.overview()
        filters = Filters(**{name: request.query_params.get(name, "")[:100] for name in Filters.__slots__})
        shown = [view for view in overview.portals if filters.keep(view)]
        return self._page(
            request,
            "overview.html",
            overview=overview,
            filters=filters,
            shown=shown,
            changes=overview.changes[:CHANGES_SHOWN],
            **_choices(overview),
        )

    async def _portal(self, request: Request) -> Response:
        view = self._site.board.portal(request.path_params["portal"])
        return self._page(request, "portal.html", view=view) if view else self._missing(request)

    async def _run(self, request: Request) -> Response:
        run_id = request.path_params["run_id"]
        result = await run_in_threadpool(self._site.archive.get, run_id, with_details=True)
        if result is None:
            return self._missing(request)
        noticed = await run_in_threadpool(findings, result, self._site.evidence)
        return self._page(
            request,
            "run.html",
            result=result,
            findings=noticed,
            rows=drawing.waterfall(result),
            phases=drawing.PHASES,
        )

    def _missing(self, request: Request) -> Response:
        return self._page(request, "missing.html", status=404)

    def _page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> Response:  # noqa: ANN401
        language = _language(request)
        common = {
            "t": texts(language),
            "lang": language,
            "other": next(one for one in LANGUAGES if one != language),
            "here": request.url.include_query_params(lang=next(one for one in LANGUAGES if one != language)).query,
            "path": request.url.path,
            "bars": drawing.bars,
            "signs": SIGNS,
            "problems": self._site.problems(),
            "locks": self._site.locks(),
            "debts": [debt for debt in self._site.debts() if debt.items],
            "wording": self._site.wording(language),
        }
        # A portal may send half of a surrogate pair, which is no text in UTF-8.
        body = self._templates.get_template(template).render(**common, **values).encode(errors="replace")
        return _tagged(request, body, status, language)


def _tagged(request: Request, body: bytes, status: int, language: str) -> Response:
    """With an entity tag, so that a page that asks again learns cheaply that nothing changed."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Content-Security-Policy": POLICY, "Vary": "Cookie"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    response = HTMLResponse(body, status_code=status, headers=headers)
    if request.query_params.get(COOKIE) == language:
        response.set_cookie(COOKIE, language, max_age=A_YEAR_S, httponly=True, samesite="strict")
    return response


def _language(request: Request) -> str:
    asked = request.query_params.get(COOKIE) or request.cookies.get(COOKIE)
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _choices(overview: Overview) -> Mapping[str, Any]:
    return {
        "kinds": [kind.value for kind in Kind],
        "platforms": sorted({view.portal.platform for view in overview.portals}),
        "states": [state.value for state in State],
        "verdicts": [verdict.value for verdict in Verdict],
    }


def _clock(moment: datetime) -> str:
    return moment.astimezone(ZONE).strftime("%H:%M:%S")


def _moment(moment: datetime) -> str:
    return moment.astimezone(ZONE).strftime("%d/%m/%Y %H:%M:%S")


def _percent(share: float | None) -> str:
    # Never rounded up to a hundred: that figure is for slots without an exception.
    return "–" if share is None else f"{int(share * 10_000) / 100:g} %"


def _took(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"

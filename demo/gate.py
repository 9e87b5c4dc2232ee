"""Stands before a portal's pages: waiting times, status codes, headers, and what of a fault shows there."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum, auto

from aiohttp import web

from demo.common import BEACON_PATH, FAVICON_PATH, PICTURE_PATH, reply
from demo.faults import Fault
from demo.stage import Stage
from demo.texts import TROUBLES, under_works

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
SLOW_S = 5.0
NEAR_SLOW_S = 1.5
NEAR_HANG_S = 20.0
REARM_S = 30.0
RETRY_AFTER_S = 3600
_COMPRESSED_FROM = 1024
_SESSION_COOKIE = "JSESSIONID"
_HEADERS = {
    "Server": "nginx",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'self'"
    ),
}
_HSTS = "max-age=31536000; includeSubDomains"
_HALF_A_YEAR = "max-age=15768000"


class Sort(Enum):
    """What a request is for."""

    DOCUMENT = auto()
    DATA = auto()
    DECORATION = auto()
    """Something nobody would miss."""
    ASSET = auto()


class Gate:
    """The middleware of one portal. ``error_in_data``: its script can show errors that come as data."""

    def __init__(self, stage: Stage, *, error_in_data: bool) -> None:
        self._stage = stage
        self._error_in_data = error_in_data
        self._armed_at = 0.0

    def rearm(self) -> None:
        """Let what fails once fail at the next occasion."""
        self._armed_at = 0.0

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer in place of the page, or let the page answer; then dress the answer."""
        sort = sort_of(request.path)
        play = _PLAYS.get(self._stage.fault) if self._stage.fault else None
        if sort in (Sort.DOCUMENT, Sort.DATA):
            await asyncio.sleep(self._stage.rng.uniform(*self._stage.style.lag))
        response = await play(self, request, sort) if play else None
        if response is None:
            response = await self._page(request, handler, sort)
        self._dress(request, response, sort)
        return response

    async def _page(self, request: web.Request, handler: Handler, sort: Sort) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPNotFound:
            return self._missing(sort)
        except web.HTTPException as refusal:
            return web.Response(status=refusal.status, text=refusal.reason, headers=_allowed(refusal))

    def _missing(self, sort: Sort) -> web.Response:
        if sort is Sort.DOCUMENT:
            return self._stage.document("notfound.html", status=404)
        return reply({"status": 404, "error": "Not Found"}, 404)

    def _dress(self, request: web.Request, response: web.StreamResponse, sort: Sort) -> None:
        response.headers.update(_HEADERS)
        if self._stage.fault is not Fault.NO_HSTS:
            near = self._stage.fault is Fault.NEAR_NO_HSTS
            response.headers["Strict-Transport-Security"] = _HALF_A_YEAR if near else _HSTS
        if sort in (Sort.DOCUMENT, Sort.DATA):
            response.headers.setdefault("Cache-Control", "no-store")
        if sort is Sort.DOCUMENT and _SESSION_COOKIE not in request.cookies:
            response.set_cookie(_SESSION_COOKIE, secrets.token_hex(16), secure=True, httponly=True, samesite="Lax")
        if _worth_packing(response):
            response.enable_compression()

    async def _http500(self, _: web.Request, sort: Sort) -> web.Response | None:
        return self._broken(sort, status=500)

    async def _near_http500(self, request: web.Request, _: Sort) -> web.Response | None:
        return web.Response(status=500) if self._is_fragile(request) else None

    async def _hang(self, _: web.Request, __: Sort) -> web.Response | None:
        await asyncio.Event().wait()  # ends when the connection does
        return None

    async def _near_hang(self, request: web.Request, _: Sort) -> web.Response | None:
        if self._is_fragile(request):
            await asyncio.sleep(NEAR_HANG_S)
        return None

    async def _error_page_200(self, _: web.Request, sort: Sort) -> web.Response | None:
        in_data = self._error_in_data and self._stage.style.broken_shape % 2 == 0
        return None if in_data and sort is Sort.DOCUMENT else self._broken(sort, status=200)

    async def _slow(self, _: web.Request, sort: Sort) -> web.Response | None:
        if sort in (Sort.DOCUMENT, Sort.DATA):
            await asyncio.sleep(SLOW_S)
        return None

    async def _near_slow(self, _: web.Request, sort: Sort) -> web.Response | None:
        if sort in (Sort.DOCUMENT, Sort.DATA):
            await asyncio.sleep(NEAR_SLOW_S)
        return None

    async def _maintenance(self, _: web.Request, sort: Sort) -> web.Response | None:
        if sort not in (Sort.DOCUMENT, Sort.DATA):
            return None
        notice = under_works(self._stage.clock.now())
        if sort is Sort.DATA:
            response = reply({"status": 503, "error": "Service Unavailable", "message": notice.title}, 503)
        else:
            response = self._stage.document("maintenance.html", status=503, notice=notice)
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
        return response

    async def _flicker(self, _: web.Request, sort: Sort) -> web.Response | None:
        return self._bad_gateway() if sort is Sort.DOCUMENT and self._fires() else None

    async def _near_flicker(self, _: web.Request, sort: Sort) -> web.Response | None:
        return self._bad_gateway() if sort is Sort.DECORATION and self._fires() else None

    def _bad_gateway(self) -> web.Response:
        return self._stage.document("gateway.html", status=502)

    def _fires(self) -> bool:
        now = self._stage.clock.monotonic()
        if now < self._armed_at:
            return False
        self._armed_at = now + REARM_S
        return True

    def _is_fragile(self, request: web.Request) -> bool:
        wanted = BEACON_PATH if self._stage.style.fragile == "beacon" else PICTURE_PATH
        return request.path == wanted

    def _broken(self, sort: Sort, *, status: int) -> web.Response | None:
        if sort is Sort.DOCUMENT:
            return self._stage.document("broken.html", status=status)
        if sort is not Sort.DATA:
            return None
        said = TROUBLES[self._stage.style.broken_shape]
        return reply({"status": 500, "error": "Internal Server Error", "message": said}, status)


_Play = Callable[[Gate, web.Request, Sort], Awaitable[web.Response | None]]
_PLAYS: Mapping[Fault, _Play] = {
    Fault.HTTP500: Gate._http500,  # noqa: SLF001 - the table belongs to the class
    Fault.NEAR_HTTP500: Gate._near_http500,  # noqa: SLF001
    Fault.HANG: Gate._hang,  # noqa: SLF001
    Fault.NEAR_HANG: Gate._near_hang,  # noqa: SLF001
    Fault.ERROR_PAGE_200: Gate._error_page_200,  # noqa: SLF001
    Fault.SLOW: Gate._slow,  # noqa: SLF001
    Fault.NEAR_SLOW: Gate._near_slow,  # noqa: SLF001
    Fault.MAINTENANCE: Gate._maintenance,  # noqa: SLF001
    Fault.FLICKER: Gate._flicker,  # noqa: SLF001
    Fault.NEAR_FLICKER: Gate._near_flicker,  # noqa: SLF001
}


def sort_of(path: str) -> Sort:
    """What a request for ``path`` is for."""
    if path in (BEACON_PATH, PICTURE_PATH, FAVICON_PATH):
        return Sort.DECORATION
    if path.startswith("/api/"):
        return Sort.DATA
    if path.startswith(("/assets/", "/xac-nhan/anh/", "/main.")) or path == "/robots.txt":
        return Sort.ASSET
    return Sort.DOCUMENT


def _allowed(refusal: web.HTTPException) -> dict[str, str]:
    allow = refusal.headers.get("Allow")
    return {"Allow": allow} if allow else {}


def _worth_packing(response: web.StreamResponse) -> bool:
    text = response.content_type.startswith("text/") or response.content_type == "application/json"
    return text and isinstance(response, web.Response) and (response.body is not None) and _size(response) > _COMPRESSED_FROM


def _size(response: web.Response) -> int:
    return len(response.body) if isinstance(response.body, bytes | bytearray) else 0

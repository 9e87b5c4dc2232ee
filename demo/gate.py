"""Stands before a portal's pages: plays its fault, waits as long as such portals take, dresses the answer."""

import asyncio
import secrets

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from demo.common import reply
from demo.faults import Fault
from demo.plays import PAGES, Scene, Sort, Tripwire, play
from demo.stage import Stage

_COMPRESSED_FROM = 1024
_SESSION_COOKIE = "JSESSIONID"
_PREFERENCE_COOKIE = "co-chu"
_HEADERS = {
    "Server": "nginx",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
_POLICY = (
    "default-src 'self'; connect-src 'self' wss://127.0.0.1:8987; "
    "img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
_LOOSE_POLICY = "default-src 'self' http:; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
_HSTS = "max-age=31536000; includeSubDomains"
_HALF_A_YEAR = "max-age=15768000"


def make_gate(stage: Stage, tripwire: Tripwire, *, error_in_data: bool) -> Middleware:
    """The middleware of one portal."""

    @web.middleware
    async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
        scene = Scene(stage, tripwire, request.path, error_in_data=error_in_data)
        if scene.sort in PAGES:
            await asyncio.sleep(stage.rng.uniform(*stage.style.lag))
        response = await play(scene) or await _page(scene, request, handler)
        _dress(scene, request, response)
        return response

    return gate


async def _page(scene: Scene, request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return _missing(scene)
    except web.HTTPException as refusal:
        allow = refusal.headers.get("Allow")
        return web.Response(status=refusal.status, text=refusal.reason, headers={"Allow": allow} if allow else None)


def _missing(scene: Scene) -> web.Response:
    if scene.sort is Sort.DOCUMENT:
        return scene.stage.document("notfound.html", status=404)
    return reply({"status": 404, "error": "Not Found"}, 404)


def _dress(scene: Scene, request: web.Request, response: web.StreamResponse) -> None:
    fault = scene.stage.fault
    response.headers.update(_HEADERS)
    response.headers["Content-Security-Policy"] = _LOOSE_POLICY if fault is Fault.MIXED_CONTENT else _POLICY
    hsts = _hsts(fault)
    if hsts:
        response.headers["Strict-Transport-Security"] = hsts
    if scene.sort in PAGES:
        response.headers.setdefault("Cache-Control", "no-store")
    if scene.sort is Sort.DOCUMENT and _SESSION_COOKIE not in request.cookies:
        safe = fault is not Fault.INSECURE_COOKIE
        response.set_cookie(_SESSION_COOKIE, secrets.token_hex(16), secure=safe, httponly=safe, samesite="Lax")
    if fault is Fault.NEAR_INSECURE_COOKIE:
        response.set_cookie(_PREFERENCE_COOKIE, "14", secure=True, samesite="Lax")
    if _worth_packing(response):
        response.headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.enable_compression(web.ContentCoding.gzip)


def _hsts(fault: Fault | None) -> str:
    if fault is Fault.NO_HSTS:
        return ""
    return _HALF_A_YEAR if fault is Fault.NEAR_NO_HSTS else _HSTS


def _worth_packing(response: web.StreamResponse) -> bool:
    body = response.body if isinstance(response, web.Response) else None
    if not isinstance(body, bytes | bytearray) or len(body) < _COMPRESSED_FROM:
        return False
    return response.content_type.startswith("text/") or response.content_type == "application/json"

"""The pages: ``/metrics``, ``/healthz``, ``/readyz``; anything else is not found."""

from collections.abc import Callable, Mapping

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.server.headers import SafeHeaders

# The classic text format: every Prometheus reads it, and it needs no negotiation.
EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"


def create_app(*, metrics: Callable[[], bytes], ready: Callable[[], Mapping[str, bool]]) -> Starlette:
    """The application. Both callables run on the event loop at each request and should be quick.

    ``metrics`` gives the exposition in Prometheus's text format 0.0.4; ``ready`` names each part and whether it is
    ready: ``/readyz`` answers 200 when all are, else 503, with ``{"ready": bool, "parts": {name: bool}}``.
    """

    async def exposition(_: Request) -> Response:
        return Response(metrics(), media_type=EXPOSITION)

    async def alive(_: Request) -> Response:
        return JSONResponse({"alive": True})

    async def readiness(_: Request) -> Response:
        parts = dict(ready())
        fit = all(parts.values())
        return JSONResponse({"ready": fit, "parts": parts}, status_code=200 if fit else 503)

    routes = [Route("/metrics", exposition), Route("/healthz", alive), Route("/readyz", readiness)]
    app = Starlette(routes=routes, middleware=[Middleware(SafeHeaders)])
    app.router.redirect_slashes = False
    return app

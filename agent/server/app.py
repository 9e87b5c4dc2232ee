"""Everything the agent serves: figures, health, the status page and its API."""

from collections.abc import Callable, Mapping

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from agent.server import api
from agent.server.access import OPEN, Access, Key
from agent.server.headers import SafeHeaders
from agent.server.pages import Pages
from agent.server.site import Site

# The classic text format: every Prometheus reads it, and it needs no negotiation.
EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"


def create_app(
    *,
    metrics: Callable[[], bytes],
    ready: Callable[[], Mapping[str, bool]],
    site: Site | None = None,
    key: Key | None = None,
) -> Starlette:
    """The application. The callables run on the event loop at each request and should be quick.

    ``metrics`` gives the exposition in Prometheus's text format 0.0.4; ``ready`` names each part and whether it is
    ready: ``/readyz`` answers 200 when all are, else 503, with ``{"ready": bool, "parts": {name: bool}}``.
    ``site`` adds the status page and the API; ``key`` is asked for everywhere but at ``/healthz``.
    """

    async def exposition(_: Request) -> Response:
        return Response(metrics(), media_type=EXPOSITION)

    async def alive(_: Request) -> Response:
        return JSONResponse({"alive": True})

    async def readiness(_: Request) -> Response:
        parts = dict(ready())
        fit = all(parts.values())
        return JSONResponse({"ready": fit, "parts": parts}, status_code=200 if fit else 503)

    routes: list[BaseRoute] = [Route("/metrics", exposition), Route(OPEN, alive), Route("/readyz", readiness)]
    if site is not None:
        routes += [*Pages(site).routes(), *api.routes(site)]
    guards = [Middleware(Access, key=key)] if key is not None else []
    app = Starlette(routes=routes, middleware=[Middleware(SafeHeaders), *guards])
    app.router.redirect_slashes = False
    return app

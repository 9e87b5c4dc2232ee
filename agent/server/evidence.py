"""Serves the files of a run's evidence: only those its result names, and only from the evidence folder."""

from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from agent.server.site import Site

PICTURE = "screenshot"


def evidence_route(site: Site) -> Route:
    """``/runs/{run_id}/evidence/{number}``: the file at that place of the result's list.

    A picture is shown, anything else is a download: a trace or a HAR holds what a portal sent.
    """

    async def serve(request: Request) -> Response:
        path, kind = await run_in_threadpool(_find, site, request.path_params["run_id"], request.path_params["number"])
        if kind == PICTURE:
            return FileResponse(path, media_type="image/png")
        return FileResponse(path, media_type="application/octet-stream", filename=path.name)

    return Route("/runs/{run_id}/evidence/{number:int}", serve)


def _find(site: Site, run_id: str, number: int) -> tuple[Path, str]:
    result = site.archive.get(run_id)
    if result is None or number >= len(result.evidence):
        raise HTTPException(404)
    item, root = result.evidence[number], site.evidence.resolve()
    path = (root / item.path).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise HTTPException(404)
    return path, item.kind

"""The JSON API: what the pages show, for programs. Documented in docs/api.md."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.board import Change, CheckView, PortalView, Run
from agent.clock import iso
from agent.server.site import Site

PREFIX = "/api/v1"


def routes(site: Site) -> list[Route]:
    """Overview, portal, run, changes."""

    async def overview(_: Request) -> Response:
        seen = site.board.overview()
        counts = {state.value: count for state, count in seen.counts.items()}
        portals = [_portal(view) for view in seen.portals]
        said = {"at": iso(seen.at), "counts": counts, "completeness": seen.completeness, "portals": portals}
        return JSONResponse(said)

    async def portal(request: Request) -> Response:
        view = site.board.portal(request.path_params["portal"])
        return _missing("portal") if view is None else JSONResponse(_portal(view))

    async def run(request: Request) -> Response:
        result = await run_in_threadpool(site.archive.get, request.path_params["run_id"])
        return _missing("run") if result is None else JSONResponse(site.public(result))

    async def changes(_: Request) -> Response:
        return JSONResponse({"changes": [_change(change) for change in site.board.overview().changes]})

    return [
        Route(f"{PREFIX}/overview", overview),
        Route(f"{PREFIX}/portals/{{portal}}", portal),
        Route(f"{PREFIX}/runs/{{run_id}}", run),
        Route(f"{PREFIX}/changes", changes),
    ]


def _missing(what: str) -> Response:
    return JSONResponse({"error": f"no such {what}"}, status_code=404)


def _portal(view: PortalView) -> Mapping[str, Any]:
    portal = view.portal
    return {
        "id": portal.id,
        "kind": portal.kind.value,
        "platform": portal.platform,
        "name_vi": portal.name_vi,
        "name_en": portal.name_en,
        "state": view.state.value,
        "checks": [_check(check) for check in view.checks.values()],
    }


def _check(check: CheckView) -> Mapping[str, Any]:
    return {
        "journey": check.journey,
        "state": check.state.value,
        "verdict": check.verdict and check.verdict.value,
        "since": _maybe(check.since),
        "since_exact": check.since_exact,
        "ended_24h": check.ended,
        "measured_24h": check.measured,
        "availability_24h": check.availability,
        "completeness_24h": check.completeness,
        "requirements": {name: state.value for name, state in check.requirements.items()},
        "runs": [_run(run) for run in check.runs],
    }


def _run(run: Run) -> Mapping[str, Any]:
    return {
        "run_id": run.run_id,
        "slot": iso(run.slot),
        "verdict": run.verdict.value,
        "cause": run.cause and run.cause.value,
        "flags": sorted(run.flags),
        "duration_s": run.duration_s,
    }


def _change(change: Change) -> Mapping[str, Any]:
    return {
        "at": iso(change.at),
        "portal": change.portal,
        "journey": change.journey,
        "before": change.before.value,
        "after": change.after.value,
        "run_id": change.run_id,
    }


def _maybe(moment: datetime | None) -> str | None:
    return None if moment is None else iso(moment)

"""The demo's control API: what is planted, and faults put and taken away while it runs."""

from collections.abc import Mapping

from aiohttp import web

from agent.errors import PortalwatchError
from demo.common import reply
from demo.estate import Estate
from demo.flow.office import Office
from demo.procedures import Procedure
from demo.stage import Stage


def control_app(estate: Estate) -> web.Application:
    """``GET /state``; ``PUT`` and ``DELETE /faults/{target}``; ``DELETE /faults``."""
    control = _Control(estate)
    app = web.Application()
    app.add_routes(
        [
            web.get("/state", control.state),
            web.put("/faults/{target}", control.put),
            web.delete("/faults/{target}", control.clear),
            web.delete("/faults", control.clear_all),
        ]
    )
    return app


class _Control:
    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    async def state(self, _: web.Request) -> web.Response:
        board = self._estate.board
        return reply(
            {
                "seed": self._estate.seed,
                "network": "down" if board.network_down else None,
                "portals": [_portal(site.office) for site in self._estate.sites],
            }
        )

    async def put(self, request: web.Request) -> web.Response:
        fault = await _wanted(request)
        if fault is None:
            return reply({"error": 'body must be a JSON object such as {"fault": "down"}'}, 400)
        try:
            self._estate.board.put(request.match_info["target"], fault)
        except PortalwatchError as error:
            return reply({"error": str(error)}, 400)
        return await self._applied()

    async def clear(self, request: web.Request) -> web.Response:
        try:
            self._estate.board.clear(request.match_info["target"])
        except PortalwatchError as error:
            return reply({"error": str(error)}, 400)
        return await self._applied()

    async def clear_all(self, _: web.Request) -> web.Response:
        self._estate.board.clear_all()
        return await self._applied()

    async def _applied(self) -> web.Response:
        await self._estate.apply()
        board = self._estate.board
        faults = {portal: placed.fault.value for portal, placed in board.placed.items()}
        return reply({"network": "down" if board.network_down else None, "faults": faults})


async def _wanted(request: web.Request) -> str | None:
    try:
        body = await request.json()
    except ValueError:
        return None
    fault = body.get("fault") if isinstance(body, Mapping) else None
    return fault if isinstance(fault, str) else None


def _portal(office: Office) -> dict[str, object]:
    """What is planted, and what is held for people: how many, and how often each dossier's content was handed in."""
    stage, portal = office.stage, office.stage.portal
    return {
        "id": portal.id,
        "kind": portal.kind.value,
        "platform": portal.platform,
        "base_url": portal.base_url,
        "title": stage.style.portal_title,
        "fault": stage.fault.value if stage.fault else None,
        "signing": [way.value for way in office.desk.ways] if stage.offers_signing else [],
        "procedures": [_procedure(stage, one) for one in stage.procedures],
        "documents": len(office.store),
        "dossiers": len(office.dossiers),
        "submissions": dict(office.dossiers.received),
    }


def _procedure(stage: Stage, one: Procedure) -> dict[str, str]:
    return {
        "code": one.code,
        "title": one.title,
        "agency": one.agency,
        "fee": one.fee,
        "time_limit": one.time_limit,
        "level": one.level.value,
        "level_text": stage.style.levels[one.level],
        "path": stage.detail_path(one),
    }

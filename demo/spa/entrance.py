"""Logging in and out of portals drawn in the browser, and the guard before what only visitors may do."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlencode

from aiohttp import web

from demo.challenge import local_path
from demo.common import reply
from demo.faults import Fault
from demo.flow.office import LATE_S, Office
from demo.flow.pages import see
from demo.flow.sessions import COOKIE, LoginError, Visit
from demo.people import Citizen

SSO = "/oauth2/authorization/vneid"

Handler = Callable[[web.Request, Visit, Citizen], Awaitable[web.Response]]


class Entrance:
    """One portal's door."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._links = office.stage.links

    def routes(self) -> list[web.RouteDef]:
        """Its addresses."""
        return [
            web.get(SSO, self.leave_for_provider),
            web.get(self._links.callback, self.come_back),
            web.get("/api/session", self.session),
            web.post("/api/logout", self.log_out),
            web.get(self._links.logout, self.leave),
        ]

    def inside(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
        """JSON for those who are logged in; anybody else is told to."""

        async def guarded(request: web.Request) -> web.Response:
            visit = self._visit(request)
            if visit is None or visit.citizen is None:
                return problem(401, "Phiên làm việc đã hết hạn, vui lòng đăng nhập.")
            return await handler(request, visit, visit.citizen)

        return guarded

    async def leave_for_provider(self, request: web.Request) -> web.Response:
        """Send the visitor to the identity provider; ``next`` is the path to come back to."""
        visit = self._visit(request) or self._office.sessions.open()
        response = see(self._office.login.begin(visit, local_path(request.query.get("next", self._links.home))))
        response.set_cookie(COOKIE, visit.id, secure=True, httponly=True, samesite="Lax", path="/")
        return response

    async def come_back(self, request: web.Request) -> web.Response:
        """Take up a visitor who was at the identity provider."""
        visit = self._visit(request)
        if visit is None:
            return see(self._links.login)
        fault = self._office.stage.fault
        await asyncio.sleep(LATE_S if fault is Fault.NEAR_LOGIN_BROKEN else 0)
        try:
            return see(self._office.login.finish(visit, request.query, fault))
        except LoginError:
            return see(f"{self._links.login}?{urlencode({'error': 'sso'})}")

    async def session(self, request: web.Request) -> web.Response:
        """Who is looking."""
        visit = self._visit(request)
        citizen = visit.citizen if visit else None
        return reply({"user": {"name": citizen.name, "type": citizen.holder.value} if citizen else None})

    async def log_out(self, request: web.Request) -> web.Response:
        """End the visit."""
        visit = self._visit(request)
        if visit:
            self._office.sessions.close(visit)
        return reply({"user": None})

    async def leave(self, request: web.Request) -> web.Response:
        """End the visit, for pages that are drawn on the server."""
        await self.log_out(request)
        return see(self._links.home)

    def _visit(self, request: web.Request) -> Visit | None:
        return self._office.sessions.find(request.cookies.get(COOKIE))


def problem(status: int, message: str, **errors: str) -> web.Response:
    """A refusal; ``errors`` go by field."""
    return reply({"status": status, "message": message, "errors": errors}, status)


def invalid(errors: Mapping[str, str]) -> web.Response:
    """What is wrong with what was handed over, by field."""
    return problem(422, "Hồ sơ còn thiếu hoặc sai thông tin.", **errors)

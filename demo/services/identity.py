"""The identity provider: OpenID Connect, authorization code flow with state, nonce and PKCE."""

import base64
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from agent.clock import Clock
from demo.faults import Fault
from demo.people import Citizen, by_number
from demo.services.page import page, refusal

CODE_VALID_S = 60.0
_KEPT = 1000
_REQUIRED = ("client_id", "redirect_uri", "state", "nonce", "code_challenge")


class IdentityError(Exception):
    """A code or a request that the provider does not accept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a portal asked for; what comes back goes to ``redirect_uri``."""

    client_id: str
    redirect_uri: str
    state: str
    nonce: str
    challenge: str


@dataclass(frozen=True, slots=True)
class _Grant:
    request: Request
    citizen: Citizen
    until: float


class Identity:
    """Who may log in where. ``clients`` maps a portal's id to its origin; ``mood`` tells a portal's fault."""

    def __init__(
        self,
        people: Sequence[Citizen],
        clients: Mapping[str, str],
        *,
        mood: Callable[[str], Fault | None],
        clock: Clock,
    ) -> None:
        self._people = people
        self._clients = clients
        self._mood = mood
        self._clock = clock
        self._requests: OrderedDict[str, Request] = OrderedDict()
        self._grants: OrderedDict[str, _Grant] = OrderedDict()

    def ask(self, query: Mapping[str, str]) -> str:
        """Take an authorization request; returns its ticket. Raises :class:`IdentityError`."""
        request = self._checked(query)
        ticket = secrets.token_urlsafe(18)
        self._requests[ticket] = request
        _trim(self._requests)
        return ticket

    def request(self, ticket: str) -> Request:
        """The request behind a ticket. Raises :class:`IdentityError`."""
        found = self._requests.get(ticket)
        if found is None:
            raise IdentityError("Phiên đăng nhập đã hết hạn. Vui lòng quay lại cổng dịch vụ công và đăng nhập lại.")
        return found

    def mood(self, request: Request) -> Fault | None:
        """What the portal that asks suffers from."""
        return self._mood(request.client_id)

    def log_in(self, ticket: str, number: str, password: str) -> str | None:
        """Where to send whoever gave the right password; None for anybody else."""
        request = self.request(ticket)
        citizen = by_number(self._people, number)
        right = citizen is not None and secrets.compare_digest(citizen.password.encode(), password.encode())
        if citizen is None or not right or self.mood(request) is Fault.BAD_PASSWORD:
            return None
        del self._requests[ticket]
        code = secrets.token_urlsafe(24)
        self._grants[code] = _Grant(request, citizen, self._clock.monotonic() + CODE_VALID_S)
        _trim(self._grants)
        return f"{request.redirect_uri}?{urlencode({'code': code, 'state': request.state})}"

    def redeem(self, code: str, *, client_id: str, redirect_uri: str, verifier: str) -> tuple[Citizen, str]:
        """Who a code stands for, and the nonce that was asked with; serves once. Raises :class:`IdentityError`."""
        grant = self._grants.pop(code, None)
        if grant is None or grant.until < self._clock.monotonic():
            raise IdentityError("invalid_grant")
        asked = grant.request
        if (asked.client_id, asked.redirect_uri, asked.challenge) != (client_id, redirect_uri, challenge_of(verifier)):
            raise IdentityError("invalid_grant")
        return grant.citizen, asked.nonce

    def _checked(self, query: Mapping[str, str]) -> Request:
        missing = [name for name in _REQUIRED if not query.get(name, "").strip()]
        if query.get("response_type") != "code" or "openid" not in query.get("scope", "").split():
            raise IdentityError("Yêu cầu đăng nhập không hợp lệ: response_type hoặc scope.")
        if missing or query.get("code_challenge_method") != "S256":
            raise IdentityError(f"Yêu cầu đăng nhập thiếu tham số: {', '.join(missing) or 'code_challenge_method'}.")
        if _origin(query["redirect_uri"]) != self._clients.get(query["client_id"]):
            raise IdentityError("Địa chỉ quay lại không thuộc cổng dịch vụ công đã đăng ký.")
        return Request(
            client_id=query["client_id"],
            redirect_uri=query["redirect_uri"],
            state=query["state"],
            nonce=query["nonce"],
            challenge=query["code_challenge"],
        )


def challenge_of(verifier: str) -> str:
    """The PKCE challenge of a verifier, method S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def identity_app(identity: Identity) -> web.Application:
    """Its pages: ``/authorize``, ``/login``, ``/health``, and the discovery document."""
    pages = _Pages(identity)
    app = web.Application()
    app.add_routes(
        [
            web.get("/authorize", pages.authorize),
            web.post("/login", pages.log_in),
            web.get("/health", pages.health),
            web.get("/.well-known/openid-configuration", pages.discovery),
        ]
    )
    return app


class _Pages:
    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    async def authorize(self, request: web.Request) -> web.Response:
        try:
            ticket = self._identity.ask(request.query)
            return self._form(ticket)
        except IdentityError as error:
            return refusal("Yêu cầu không hợp lệ", str(error))

    async def log_in(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        ticket = form.get("phien", "")
        try:
            target = self._identity.log_in(ticket, form.get("so_dinh_danh", ""), form.get("mat_khau", ""))
            if target is None:
                return self._form(ticket, form.get("so_dinh_danh", ""), refused=True)
        except IdentityError as error:
            return refusal("Phiên đăng nhập không còn hiệu lực", str(error))
        return web.Response(status=303, headers={"Location": target, "Cache-Control": "no-store"})

    async def health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "UP"})

    async def discovery(self, request: web.Request) -> web.Response:
        origin = f"https://{request.host}"
        return web.json_response(
            {
                "issuer": origin,
                "authorization_endpoint": f"{origin}/authorize",
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
                "scopes_supported": ["openid", "profile"],
            }
        )

    def _form(self, ticket: str, number: str = "", *, refused: bool = False) -> web.Response:
        mood = self._identity.mood(self._identity.request(ticket))
        if mood is Fault.QR:
            return page("qr.html", code=secrets.token_hex(8).upper())
        if mood is Fault.OTP:
            return page("otp.html", ticket=ticket)
        return page("login.html", ticket=ticket, number=number, refused=refused, mood=mood.value if mood else "")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _trim(kept: OrderedDict[str, Request] | OrderedDict[str, _Grant]) -> None:
    while len(kept) > _KEPT:
        kept.popitem(last=False)

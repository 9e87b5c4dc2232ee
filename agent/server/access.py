"""Who may read: a token, or a name and a password; compared in constant time."""

import base64
import binascii
import hmac
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

OPEN = "/healthz"
"""Asked by health checks that hold no secret; it tells nothing but that the agent lives."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Key:
    """``username`` None is a token: as ``Bearer``, or as the password of any name, which browsers can send."""

    secret: str
    username: str | None = None

    def opens(self, authorization: str) -> bool:
        """Whether an ``Authorization`` header is right."""
        scheme, _, value = authorization.partition(" ")
        if scheme.lower() == "bearer":
            return self.username is None and _same(value.strip(), self.secret)
        if scheme.lower() != "basic":
            return False
        name, _, password = _decoded(value).partition(":")
        right_name = self.username is None or _same(name, self.username)
        return _same(password, self.secret) and right_name


class Access:
    """ASGI middleware that answers 401 to whoever has no key."""

    def __init__(self, app: ASGIApp, key: Key) -> None:
        self._app = app
        self._key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request of the application inside, or refuse it."""
        if scope["type"] != "http" or scope["path"] == OPEN or self._opens(scope):
            await self._app(scope, receive, send)
            return
        headers = {"WWW-Authenticate": 'Basic realm="portalwatch", charset="UTF-8"'}
        refusal = PlainTextResponse("a token or a password is needed\n", status_code=401, headers=headers)
        await refusal(scope, receive, send)

    def _opens(self, scope: Scope) -> bool:
        return self._key.opens(Headers(scope=scope).get("authorization", ""))


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""

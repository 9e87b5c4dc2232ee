"""Visits by cookie, and logging in through the identity provider."""

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from demo.faults import Fault
from demo.flow.dossiers import Draft
from demo.people import Citizen
from demo.services.identity import Identity, IdentityError, challenge_of

COOKIE = "dvc_phien"
_KEPT = 500


class LoginError(Exception):
    """A log-in that came back in a way that the portal can't accept; its text is for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pending:
    state: str
    nonce: str
    verifier: str
    after: str


@dataclass(slots=True)
class Visit:
    """Somebody's session: who they are once logged in, and the dossier they are filling in."""

    id: str
    citizen: Citizen | None = None
    pending: _Pending | None = None
    draft: Draft | None = None


class Sessions:
    """The visits of one portal; the oldest are forgotten."""

    def __init__(self) -> None:
        self._visits: OrderedDict[str, Visit] = OrderedDict()

    def find(self, cookie: str | None) -> Visit | None:
        """The visit of a cookie."""
        return self._visits.get(cookie or "")

    def open(self) -> Visit:
        """A new visit."""
        visit = Visit(secrets.token_urlsafe(18))
        self._visits[visit.id] = visit
        while len(self._visits) > _KEPT:
            self._visits.popitem(last=False)
        return visit

    def close(self, visit: Visit) -> None:
        """Log out."""
        self._visits.pop(visit.id, None)


class Login:
    """One portal as a client of the identity provider. ``origin`` is the provider's."""

    def __init__(self, identity: Identity, *, origin: str, client_id: str, redirect_uri: str) -> None:
        self._identity = identity
        self._origin = origin
        self._client = client_id
        self._redirect = redirect_uri

    def begin(self, visit: Visit, after: str) -> str:
        """Where to send the visitor to; ``after`` is the path to come back to."""
        verifier = secrets.token_urlsafe(40)
        state, nonce = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        visit.pending = _Pending(state=state, nonce=nonce, verifier=verifier, after=after)
        query = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": self._redirect,
            "scope": "openid profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._origin}/authorize?{urlencode(query)}"

    def finish(self, visit: Visit, query: Mapping[str, str], fault: Fault | None) -> str:
        """Take what came back from the provider; returns the path to go on to. Raises :class:`LoginError`."""
        pending, visit.pending = visit.pending, None
        if pending is None or not secrets.compare_digest(pending.state, query.get("state", "")):
            raise LoginError("Phiên đăng nhập không hợp lệ, vui lòng thử lại.")
        try:
            citizen, nonce = self._identity.redeem(
                query.get("code", ""), client_id=self._client, redirect_uri=self._redirect, verifier=pending.verifier
            )
        except IdentityError:
            raise LoginError("Không xác thực được tài khoản, vui lòng thử lại.") from None
        if nonce != pending.nonce:
            raise LoginError("Phiên đăng nhập không hợp lệ, vui lòng thử lại.")
        if fault is not Fault.LOGIN_BROKEN:
            visit.citizen = citizen
        return pending.after

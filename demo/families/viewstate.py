"""View states: what a page of post-backs remembers in its own form, signed and bound to the page and the visitor."""

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from agent.clock import Clock

VIEWSTATE, VALIDATION, TARGET, ARGUMENT = "__VIEWSTATE", "__EVENTVALIDATION", "__EVENTTARGET", "__EVENTARGUMENT"
VALID_S = 1200.0
_MAC = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class FormState:
    """The hidden fields of a page's form."""

    view: str
    validation: str
    generator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostBack:
    """What a page's form sent: ``given`` goes by the controls' ids, ``kept`` is what the page had remembered."""

    target: str
    argument: str
    given: Mapping[str, object]
    kept: Mapping[str, str]

    def raised(self, control: str) -> bool:
        """Whether this control sent the form."""
        return self.target == control or (not self.target and control in self.given)

    def text(self, control: str) -> str:
        """What was written into a control."""
        value = self.given.get(control)
        return value if isinstance(value, str) else ""


class ViewStates:
    """Issues view states and reads them back; one from another page, another visitor or long ago is stale."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)

    def issue(self, page: str, user: str, kept: Mapping[str, str]) -> FormState:
        """The state of a page that is drawn now."""
        body = json.dumps({"p": page, "u": user, "t": self._clock.monotonic(), "k": dict(kept)}).encode()
        view = base64.b64encode(self._mac(body) + body).decode()
        return FormState(view=view, validation=self._validation(view), generator=f"{_short(page):08X}")

    def read(self, page: str, user: str, form: Mapping[str, object]) -> PostBack | None:
        """What came back; None when its state is stale."""
        view = str(form.get(VIEWSTATE, ""))
        kept = self._kept(page, user, view)
        if kept is None or not hmac.compare_digest(self._validation(view), str(form.get(VALIDATION, ""))):
            return None
        return PostBack(
            target=_control(str(form.get(TARGET, ""))),
            argument=str(form.get(ARGUMENT, "")),
            given={_control(name): value for name, value in form.items()},
            kept=kept,
        )

    def _kept(self, page: str, user: str, view: str) -> Mapping[str, str] | None:
        try:
            whole = base64.b64decode(view, validate=True)
        except ValueError:
            return None
        mac, body = whole[:_MAC], whole[_MAC:]
        if not hmac.compare_digest(mac, self._mac(body)):
            return None
        state = json.loads(body)
        fresh = self._clock.monotonic() - state["t"] <= VALID_S
        kept: Mapping[str, str] = state["k"]
        return kept if fresh and (state["p"], state["u"]) == (page, user) else None

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")

    def _validation(self, view: str) -> str:
        return base64.b64encode(self._mac(b"events" + view.encode(errors="replace"))).decode()


def _control(name: str) -> str:
    """The id of a control, by the name it sends its value under."""
    return name.replace("$", "_")


def _short(page: str) -> int:
    return int.from_bytes(sha256(page.encode()).digest()[:4])

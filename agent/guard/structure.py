"""Redacts parsed JSON of a browser: a HAR, or an event of a Playwright trace."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from agent.guard.redaction import MASK
from agent.guard.tokens import CREDENTIALS, HEADERS, LOGIN, PARAMETERS

Text = Callable[[str], str]

NAMED = HEADERS | PARAMETERS
TELLING = re.compile(
    rb"(?i)\"(?:postdata|cookies|password|%b)\""
    % "|".join(sorted(HEADERS | PARAMETERS, key=len, reverse=True)).encode()
)
"""JSON that lacks all of these words holds nothing that is secret by its name alone."""

VALUES = frozenset({"value", "__playwright_value_"})
"""Where a name-value pair, or a snapshot's input, holds its value."""


def cleaned(value: Any, text: Text) -> Any:  # noqa: ANN401 - JSON
    """The value with each text redacted by ``text``, and what is secret by its name masked."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return [cleaned(item, text) for item in value]
    if isinstance(value, Mapping):
        return _mapping(value, text)
    if isinstance(value, bool) or value is None:
        return value
    return value if text(str(value)) == str(value) else MASK


def bodies(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body of a HAR's request; empty when there is none."""
    body = request.get("postData")
    return body if isinstance(body, Mapping) else {}


def enters(request: Mapping[str, Any], body: bytes) -> bool:
    """Whether a HAR's request with this body carries credentials."""
    params = bodies(request).get("params")
    names = [str(item.get("name", "")).lower() for item in params or () if isinstance(item, Mapping)]
    told = any(name in PARAMETERS for name in names) or CREDENTIALS.search(body) is not None
    return told or LOGIN.search(str(request.get("url", ""))) is not None


def _mapping(value: Mapping[str, Any], text: Text) -> Mapping[str, Any]:
    secret = _is_secret(value)
    clean = {text(key): MASK if secret and key in VALUES else _item(key, item, text) for key, item in value.items()}
    body = bodies(value)
    if body and enters(value, str(body.get("text", "")).encode(errors="surrogatepass")):
        clean["postData"] = {"mimeType": cleaned(body.get("mimeType", ""), text), "params": [], "text": MASK}
    return clean


def _is_secret(value: Mapping[str, Any]) -> bool:
    name, kind = value.get("name"), value.get("type")
    named = isinstance(name, str) and name.lower() in NAMED
    return named or (isinstance(kind, str) and kind.lower() == "password")


def _item(key: str, item: Any, text: Text) -> Any:  # noqa: ANN401 - JSON
    name = key.lower()
    if name in HEADERS and isinstance(item, str):
        return MASK
    if name == "cookies" and isinstance(item, list):
        return [_cookie(cookie, text) for cookie in item]
    return cleaned(item, text)


def _cookie(cookie: Any, text: Text) -> Any:  # noqa: ANN401 - JSON
    clean = cleaned(cookie, text)
    return {**clean, "value": MASK} if isinstance(clean, Mapping) else clean

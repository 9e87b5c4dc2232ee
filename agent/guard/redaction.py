"""Keeps known secrets out of what the agent writes. One place, used by logs first."""

import base64
import json
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "[redacted]"
SHORTEST = 4
"""Shorter values would mask half of every text; config refuses none, so they are left alone."""


class Redactor:
    """Replaces each secret in its raw, URL-encoded, base64 and JSON-escaped form."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets if len(secret) >= SHORTEST for form in _forms(secret)}
        self._forms = sorted(forms, key=len, reverse=True)

    def text(self, text: str) -> str:
        """The text without secrets."""
        for form in self._forms:
            text = text.replace(form, MASK)
        return text

    def value(self, value: object) -> object:
        """The value without secrets, containers included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.value(item) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.value(item) for item in value]
        return value if isinstance(value, int | float | bool | None) else self.text(str(value))

    def __call__(self, _: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401 - structlog's processor
        """Redact a log event."""
        return {key: self.value(item) for key, item in event.items()}


def _forms(secret: str) -> Iterable[str]:
    yield secret
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield base64.b64encode(secret.encode()).decode()

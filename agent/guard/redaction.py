"""Keeps known secrets, and what is secret by its name, out of all that the agent writes."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from agent.guard.forms import utf8
from agent.guard.needles import Needles, Span, needles_of
from agent.guard.tokens import TEXTS

MASK = "[redacted]"


class Redactor:
    """Replaces each secret in every form that :mod:`agent.guard.forms` knows."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._needles: Needles = needles_of(frozenset(secrets))

    def text(self, text: str) -> str:
        """The text without secrets, addresses without the values that carry a log-in."""
        data = utf8(text)
        clean = self.data(data)
        return text if clean == data else clean.decode(errors="surrogatepass")

    def data(self, data: bytes) -> bytes:
        """The same for text as bytes, such as a page."""
        for pattern in TEXTS:
            data = pattern.sub(rb"\1" + MASK.encode(), data)
        return _masked(data, self._needles.spans(data))

    def stream(self, source: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
        """Bytes of any kind without known secrets, piece by piece, and whether each was changed."""
        for piece, spans in self._needles.pieces(source):
            yield _masked(piece, spans), bool(spans)

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


def _masked(data: bytes, spans: list[Span]) -> bytes:
    if not spans:
        return data
    edges = [0, *(edge for span in spans for edge in span), len(data)]
    return MASK.encode().join(data[low:high] for low, high in zip(edges[::2], edges[1::2], strict=True))

"""Keeps known secrets, and what is secret by its name, out of all that the agent writes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from agent.guard.archives import PIECE
from agent.guard.forms import utf8
from agent.guard.needles import Needles, Span, needles_of
from agent.guard.tokens import TEXTS

MASK = "[redacted]"
MOST_PASSES = 4


def _go_on() -> None:
    """There is time."""


class Redactor:
    """Replaces each secret in every form that :mod:`agent.guard.forms` knows.

    ``check`` is called for each piece of text and may end the work with an exception of its own.
    """

    def __init__(self, secrets: Iterable[str], check: Callable[[], None] = _go_on) -> None:
        self._check = check
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
        # A mask may complete another secret with what stands beside it.
        for _ in range(MOST_PASSES):
            parts = list(self.stream(_cut(data)))
            data = b"".join(piece for piece, _ in parts)
            if not any(changed for _, changed in parts):
                break
        return data

    def stream(self, source: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
        """Bytes of any kind without known secrets, piece by piece, and whether each was changed."""
        for piece, spans in self._needles.pieces(source):
            self._check()
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


def _cut(data: bytes) -> Iterator[bytes]:
    return (data[at : at + PIECE] for at in range(0, len(data), PIECE))


def _masked(data: bytes, spans: list[Span]) -> bytes:
    if not spans:
        return data
    edges = [0, *(edge for span in spans for edge in span), len(data)]
    return MASK.encode().join(data[low:high] for low, high in zip(edges[::2], edges[1::2], strict=True))

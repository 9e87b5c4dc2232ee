import json
from collections.abc import Mapping

import pytest
from starlette.types import ASGIApp, Message

from agent.server import create_app
from agent.server.headers import SAFE

FIGURES = b"# TYPE portalwatch_up gauge\nportalwatch_up 1\n"


async def ask(app: ASGIApp, path: str, method: str = "GET") -> tuple[int, Mapping[str, str], bytes]:
    """One request straight to the application, as a server would hand it over."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b"", "root_path": ""}
    await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


def app(**parts: bool) -> ASGIApp:
    return create_app(metrics=lambda: FIGURES, ready=lambda: parts)


async def test_it_exposes_the_figures_in_the_text_format() -> None:
    status, headers, body = await ask(app(), "/metrics")
    assert (status, body) == (200, FIGURES)
    assert headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"


async def test_it_is_alive_also_when_it_is_not_ready() -> None:
    status, _, body = await ask(app(journal=False), "/healthz")
    assert (status, json.loads(body)) == (200, {"alive": True})


@pytest.mark.parametrize(
    ("parts", "expected"), [({"journal": True, "scheduler": True}, 200), ({"journal": True, "scheduler": False}, 503)]
)
async def test_it_is_ready_when_every_part_is(parts: dict[str, bool], expected: int) -> None:
    status, _, body = await ask(app(**parts), "/readyz")
    assert (status, json.loads(body)) == (expected, {"ready": expected == 200, "parts": parts})


@pytest.mark.parametrize("path", ["/", "/metrics/", "/docs", "/openapi.json", "/../etc/passwd"])
async def test_it_serves_nothing_else(path: str) -> None:
    status, _, _ = await ask(app(), path)
    assert status == 404


async def test_it_takes_nothing_in() -> None:
    status, _, _ = await ask(app(), "/metrics", method="POST")
    assert status == 405


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz", "/nothing"])
async def test_it_sends_safe_headers_with_every_answer(path: str) -> None:
    _, headers, _ = await ask(app(), path)
    assert {name.lower(): value for name, value in SAFE.items()}.items() <= headers.items()

"""The JSON behind portals drawn in the browser: who may ask, what is refused, and how."""

from collections.abc import AsyncIterator, Callable
from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer

from agent.clock import Clock
from agent.model import Holder, Kind
from demo.common import routes
from demo.families import FAMILIES
from demo.flow.office import Office
from demo.flow.sessions import COOKIE, Visit
from demo.flow.store import LARGEST
from demo.gate import make_gate
from demo.people import Citizen
from demo.plays import Tripwire
from demo.site import LARGEST_POST
from demo.stage import Stage
from tests.unit.demo.conftest import make_portal

Caller = TestClient[web.Request, web.Application]
STEPS = ({"phone": "0912345678", "content": "kiểm thử"}, {}, {"delivery": "post", "agree": "1"})


@pytest.fixture
def stage() -> Stage:
    portal = make_portal("angiang", Kind.PROVINCE, "formio")
    return Stage(portal, FAMILIES["formio"].links, seed=5, rank=1, clock=Clock())


@pytest.fixture
async def caller(office: Office) -> AsyncIterator[Caller]:
    gate = make_gate(office.stage, Tripwire(Clock()), error_in_data=True)
    app = web.Application(middlewares=[gate], client_max_size=LARGEST_POST)
    app.add_routes([*routes(office.stage), *FAMILIES["formio"].routes(office)])
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
def visit(office: Office, caller: Caller) -> Callable[..., Visit]:
    """Logs somebody in; their cookie goes with every later call."""

    def log_in(number: str = "079012345678", *, test_mode: bool = True) -> Visit:
        opened = office.sessions.open()
        opened.citizen = Citizen(
            holder=Holder.PERSON,
            number=number,
            name="Lê An",
            born="01/01/1990",
            address="Số 1",
            phone="0912345678",
            password="",
            pin="",
            test_mode=test_mode,
        )
        caller.session.headers["Cookie"] = f"{COOKIE}={opened.id}"
        return opened

    return log_in


def base(office: Office) -> str:
    return f"/api/applications/{office.stage.procedures[0].hex_id}"


async def call(caller: Caller, method: str, path: str, **options: Any) -> tuple[int, dict[str, Any]]:
    async with caller.request(method, path, **options) as answer:
        return answer.status, await answer.json()


def paper(data: bytes = b"%PDF-1.7", name: str = "tờ khai.pdf") -> FormData:
    form = FormData()
    form.add_field("file", BytesIO(data), filename=name, content_type="application/pdf")
    return form


async def filled(caller: Caller, office: Office) -> dict[str, Any]:
    """A draft of which only the last step is missing; what the form says of itself then."""
    await call(caller, "GET", base(office))
    await call(caller, "POST", f"{base(office)}/steps/0", json=STEPS[0])
    await call(caller, "POST", f"{base(office)}/files", data=paper())
    status, reply = await call(caller, "POST", f"{base(office)}/steps/1", json=STEPS[1])
    assert (status, reply) == (200, {"step": 2})
    return (await call(caller, "GET", base(office)))[1]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/documents"),
        ("POST", "/api/documents"),
        ("GET", "/api/my-dossiers"),
        ("DELETE", "/api/my-dossiers/1"),
    ],
)
async def test_it_tells_strangers_to_log_in(caller: Caller, method: str, path: str) -> None:
    status, reply = await call(caller, method, path)
    assert (status, reply["status"]) == (401, 401)
    assert "đăng nhập" in reply["message"]


async def test_it_hands_in_a_test_accounts_dossier_without_a_code(
    caller: Caller, office: Office, visit: Callable[..., Visit]
) -> None:
    visit()
    opened = await filled(caller, office)
    assert opened["captcha"] == {"required": False, "ticket": ""}
    assert {one["key"]: one.get("defaultValue") for one in opened["form"]["components"]}["fullName"] == "Lê An"
    status, reply = await call(caller, "POST", f"{base(office)}/steps/2", json=STEPS[2])
    assert status == 200
    assert (await call(caller, "GET", f"/api/dossiers?code={reply['code']}"))[1]["content"][0]["applicant"] == "Lê An"
    again, _ = await call(caller, "POST", f"{base(office)}/steps/2", json=STEPS[2])
    assert again == 409


async def test_it_asks_anybody_else_to_read_a_picture(
    caller: Caller, office: Office, visit: Callable[..., Visit]
) -> None:
    visit(test_mode=False)
    ticket = (await filled(caller, office))["captcha"]["ticket"]
    async with caller.get(f"/xac-nhan/anh/{ticket}.png") as picture:
        assert (await picture.read()).startswith(b"\x89PNG")
    code = office.stage.desk._codes[ticket]
    last = f"{base(office)}/steps/2"
    for given in ({}, {"ticket": "x", "code": code}):
        status, reply = await call(caller, "POST", last, json=STEPS[2] | given)
        assert (status, list(reply["errors"])) == (422, ["captcha"])
    status, reply = await call(caller, "POST", last, json=STEPS[2] | {"ticket": ticket, "code": code})
    assert (status, "code" in reply) == (200, True)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"phone": 7}', b"[" * 100_000, b"\xff"])
async def test_it_says_what_is_missing_whatever_is_sent(
    caller: Caller, office: Office, visit: Callable[..., Visit], body: bytes
) -> None:
    visit()
    await call(caller, "GET", base(office))
    status, reply = await call(caller, "POST", f"{base(office)}/steps/0", data=body)
    assert (status, set(reply["errors"])) == (422, {"phone", "content"})


async def test_it_lets_no_step_be_left_out(caller: Caller, office: Office, visit: Callable[..., Visit]) -> None:
    visit()
    assert (await call(caller, "POST", f"{base(office)}/steps/0", json=STEPS[0]))[0] == 409
    await call(caller, "GET", base(office))
    for place in (1, 2, 9):
        assert (await call(caller, "POST", f"{base(office)}/steps/{place}", json=STEPS[2]))[0] == 409


@pytest.mark.parametrize("size", [None, 0, LARGEST + 1])
async def test_it_keeps_no_file_that_is_none(caller: Caller, visit: Callable[..., Visit], size: int | None) -> None:
    visit()
    form = FormData({"file": "text"}) if size is None else paper(bytes(size))
    status, reply = await call(caller, "POST", "/api/documents", data=form)
    assert (status, list(reply["errors"])) == (422, ["file"])


async def test_it_keeps_everybodys_documents_and_dossiers_apart(
    caller: Caller, office: Office, visit: Callable[..., Visit]
) -> None:
    visit()
    document = (await call(caller, "POST", "/api/documents", data=paper()))[1]["id"]
    await filled(caller, office)
    code = (await call(caller, "POST", f"{base(office)}/steps/2", json=STEPS[2]))[1]["code"]
    visit("0312345678")
    for method, path in (
        ("GET", f"/api/documents/{document}/content"),
        ("DELETE", f"/api/documents/{document}"),
        ("DELETE", f"/api/my-dossiers/{code}"),
    ):
        assert (await call(caller, method, path))[0] == 404
    await call(caller, "GET", base(office))
    assert (await call(caller, "POST", f"{base(office)}/stored", json={"id": document}))[0] == 422


async def test_it_finds_no_dossier_under_a_bogus_code(caller: Caller) -> None:
    assert await call(caller, "GET", "/api/dossiers?code=000.18.29.H51-000000-0000") == (200, {"content": []})


async def test_it_takes_no_answer_of_the_provider_that_it_did_not_ask_for(
    caller: Caller, office: Office, visit: Callable[..., Visit]
) -> None:
    visit().citizen = None
    async with caller.get("/dang-nhap/quay-lai?code=x&state=y", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/vi/login?error=sso")
    assert (await call(caller, "GET", "/api/session"))[1] == {"user": None}


async def test_it_sends_nobody_to_another_site_after_logging_in(caller: Caller, office: Office) -> None:
    async with caller.get("/oauth2/authorization/vneid?next=//evil.example", allow_redirects=False) as answer:
        started = office.sessions.find(answer.cookies[COOKIE].value)
    assert started
    assert started.pending
    assert started.pending.after == "/"

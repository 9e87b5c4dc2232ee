"""The identity provider, and a portal as its client: who gets in, and who doesn't."""

from collections.abc import AsyncIterator, Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from agent.clock import Clock
from demo.faults import Fault
from demo.flow.sessions import Login, LoginError, Sessions, Visit
from demo.people import Citizen
from demo.services.identity import CODE_VALID_S, Identity, IdentityError, challenge_of, identity_app

PORTAL, CALLBACK = "hue", "https://hue.localhost:1/quay-lai"
VERIFIER = "v" * 50
QUERY = {
    "response_type": "code",
    "client_id": PORTAL,
    "redirect_uri": CALLBACK,
    "scope": "openid profile",
    "state": "a-state",
    "nonce": "a-nonce",
    "code_challenge": challenge_of(VERIFIER),
    "code_challenge_method": "S256",
}


class World:
    """A provider whose clock and whose portal's fault can be set."""

    def __init__(self, people: tuple[Citizen, ...]) -> None:
        self.now = 100.0
        self.fault: Fault | None = None
        self.citizen = people[0]
        clients = {PORTAL: "https://hue.localhost:1", "other": "https://other.localhost:1"}
        clock = Clock(monotonic=lambda: self.now)
        self.identity = Identity(people, clients, mood=lambda _: self.fault, clock=clock)

    def log_in(self, query: dict[str, str]) -> str | None:
        return self.identity.log_in(self.identity.ask(query), self.citizen.number, self.citizen.password)

    def code(self) -> str:
        target = self.log_in(QUERY)
        assert target
        return parse_qs(urlsplit(target).query)["code"][0]

    def redeem(self, code: str, **other: str) -> tuple[Citizen, str]:
        asked = {"client_id": PORTAL, "redirect_uri": CALLBACK, "verifier": VERIFIER, **other}
        return self.identity.redeem(code, **asked)


@pytest.fixture
def world(people: tuple[Citizen, ...]) -> World:
    return World(people)


def test_it_takes_a_code_once(world: World) -> None:
    code = world.code()
    assert world.redeem(code) == (world.citizen, "a-nonce")
    with pytest.raises(IdentityError):
        world.redeem(code)


def test_it_takes_a_code_in_time(world: World) -> None:
    code, late = world.code(), world.code()
    world.now += CODE_VALID_S
    assert world.redeem(code)
    world.now += 0.1
    with pytest.raises(IdentityError):
        world.redeem(late)


@pytest.mark.parametrize(
    "other",
    [
        {"client_id": "other"},
        {"redirect_uri": "https://hue.localhost:1/elsewhere"},
        {"verifier": "w" * 50},
        {"verifier": ""},
    ],
)
def test_it_takes_a_code_from_nobody_else(world: World, other: dict[str, str]) -> None:
    code = world.code()
    with pytest.raises(IdentityError):
        world.redeem(code, **other)
    with pytest.raises(IdentityError):
        world.redeem(code)


@pytest.mark.parametrize(
    "wrong",
    [
        {"response_type": "token"},
        {"scope": "profile"},
        {"state": ""},
        {"nonce": " "},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"client_id": "unheard-of"},
        {"redirect_uri": "https://evil.localhost:1/quay-lai"},
        {"redirect_uri": "https://hue.localhost:1@evil.localhost/"},
        {"redirect_uri": "//hue.localhost:1/"},
    ],
)
def test_it_refuses_a_request_that_is_not_whole(world: World, wrong: dict[str, str]) -> None:
    with pytest.raises(IdentityError):
        world.identity.ask({**QUERY, **wrong})


def test_it_forgets_the_oldest_requests(world: World) -> None:
    first = world.identity.ask(QUERY)
    for _ in range(1000):
        world.identity.ask(QUERY)
    with pytest.raises(IdentityError):
        world.identity.request(first)


@pytest.mark.parametrize(("number", "password"), [("", ""), ("0", "x"), (None, "ố"), (None, "")])
def test_it_lets_nobody_in_with_another_password(world: World, number: str | None, password: str) -> None:
    ticket = world.identity.ask(QUERY)
    assert world.identity.log_in(ticket, world.citizen.number if number is None else number, password) is None
    assert world.identity.log_in(ticket, world.citizen.number, world.citizen.password)


def test_it_refuses_the_right_password_under_the_fault(world: World) -> None:
    world.fault = Fault.BAD_PASSWORD
    assert world.log_in(QUERY) is None
    world.fault = Fault.NEAR_BAD_PASSWORD
    assert (world.log_in(QUERY) or "").startswith(f"{CALLBACK}?code=")


@pytest.fixture
async def caller(world: World) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    async with TestClient(TestServer(identity_app(world.identity))) as client:
        yield client


async def text(caller: TestClient[web.Request, web.Application], query: dict[str, str]) -> tuple[int, str]:
    async with caller.get("/authorize", params=query) as answer:
        return answer.status, await answer.text()


@pytest.mark.parametrize(
    ("fault", "shown", "asks_password"),
    [
        (None, "Đăng nhập", True),
        (Fault.QR, "Quét mã QR", False),
        (Fault.OTP, "Nhập mã OTP", False),
        (Fault.NEAR_QR, "Đăng nhập bằng mã QR", True),
        (Fault.NEAR_OTP, "mã OTP sẽ được gửi", True),
        (Fault.NEAR_BAD_PASSWORD, "nhập sai mật khẩu quá 5 lần", True),
    ],
)
async def test_it_shows_what_the_portal_suffers_from(
    world: World,
    caller: TestClient[web.Request, web.Application],
    fault: Fault | None,
    shown: str,
    asks_password: bool,
) -> None:
    world.fault = fault
    status, page = await text(caller, QUERY)
    assert (status, shown in page, 'type="password"' in page) == (200, True, asks_password)


async def test_it_answers_a_bad_request_and_a_stale_form_with_a_sentence(
    caller: TestClient[web.Request, web.Application],
) -> None:
    status, page = await text(caller, {**QUERY, "redirect_uri": "https://evil.localhost/"})
    assert (status, "evil" in page) == (400, False)
    async with caller.post("/login", data={"phien": "stale"}, allow_redirects=False) as answer:
        assert answer.status == 400


async def test_it_sends_back_who_gave_the_right_password_only(
    world: World, caller: TestClient[web.Request, web.Application]
) -> None:
    form = {"phien": world.identity.ask(QUERY), "so_dinh_danh": world.citizen.number, "mat_khau": "<wrong>"}
    async with caller.post("/login", data=form, allow_redirects=False) as answer:
        page = await answer.text()
        assert (answer.status, "không đúng" in page, "wrong" in page) == (200, True, False)
    async with caller.post("/login", data=form | {"mat_khau": world.citizen.password}, allow_redirects=False) as answer:
        assert answer.status == 303
        assert answer.headers["Location"].startswith(f"{CALLBACK}?code=")


Begin = Callable[[], tuple[Visit, str, dict[str, str]]]


@pytest.fixture
def login(world: World) -> Login:
    return Login(world.identity, origin="https://vneid.localhost", client_id=PORTAL, redirect_uri=CALLBACK)


@pytest.fixture
def begun(world: World, login: Login) -> Begin:
    """A visit that went to the provider and comes back with these parameters."""

    def begin() -> tuple[Visit, str, dict[str, str]]:
        visit = Sessions().open()
        asked = {name: one[0] for name, one in parse_qs(urlsplit(login.begin(visit, "/sau")).query).items()}
        target = world.log_in(asked)
        assert target
        return visit, target, {name: one[0] for name, one in parse_qs(urlsplit(target).query).items()}

    return begin


def test_a_portal_takes_up_who_comes_back(world: World, login: Login, begun: Begin) -> None:
    visit, _, query = begun()
    assert login.finish(visit, query, None) == "/sau"
    assert visit.citizen == world.citizen
    with pytest.raises(LoginError):
        login.finish(visit, query, None)


@pytest.mark.parametrize("wrong", [{"state": "other"}, {"state": ""}, {"code": "made-up"}, {"code": ""}])
def test_a_portal_takes_nothing_that_it_did_not_ask_for(login: Login, begun: Begin, wrong: dict[str, str]) -> None:
    visit, _, query = begun()
    with pytest.raises(LoginError):
        login.finish(visit, {**query, **wrong}, None)
    assert visit.citizen is None


def test_a_portal_takes_nobody_elses_answer(login: Login, begun: Begin) -> None:
    (_, _, mine), (visit, _, theirs) = begun(), begun()
    with pytest.raises(LoginError):
        login.finish(visit, {**theirs, "code": mine["code"]}, None)


@pytest.mark.parametrize(("fault", "inside"), [(Fault.LOGIN_BROKEN, False), (Fault.NEAR_LOGIN_BROKEN, True)])
def test_a_portal_gives_no_session_under_the_fault(login: Login, begun: Begin, fault: Fault, inside: bool) -> None:
    visit, _, query = begun()
    assert login.finish(visit, query, fault) == "/sau"
    assert (visit.citizen is not None) is inside


def test_a_portal_knows_visits_by_cookie_until_they_leave() -> None:
    sessions = Sessions()
    visit, other = sessions.open(), sessions.open()
    assert sessions.find(visit.id) is visit
    sessions.close(visit)
    assert sessions.find(visit.id) is None
    assert sessions.find(other.id) is other
    assert sessions.find(None) is None
    for _ in range(500):
        sessions.open()
    assert sessions.find(other.id) is None

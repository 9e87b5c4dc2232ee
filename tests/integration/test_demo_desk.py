"""The signing desk with a real time stamping authority: what it takes, whose jobs are whose, how it fails."""

from collections.abc import AsyncIterator, Callable
from io import BytesIO

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer
from pyhanko.pdf_utils.reader import PdfFileReader

from agent.clock import Clock
from demo.board import Placed
from demo.faults import Fault
from demo.flow.office import Office
from demo.flow.sessions import COOKIE
from demo.flow.signing import Job, SigningDesk, State, Way
from demo.flow.signing_pages import SigningPages
from demo.flow.store import Document
from demo.people import Citizen, accounts
from demo.services.signing import SigningError
from demo.signing import Level, Signer, SigningPki, make_pdf
from demo.signing.check import intact
from demo.signing.tamper import Tampering, tamper
from tests.integration.pki_lab import serving
from tests.unit.demo.conftest import make_office, make_stage

Caller = TestClient[web.Request, web.Application]
PDF = make_pdf("Đơn đề nghị", ["Kính gửi"])


@pytest.fixture
async def pki() -> AsyncIterator[SigningPki]:
    async with serving() as made:
        yield made


@pytest.fixture
def people() -> tuple[Citizen, ...]:
    return accounts(5)


@pytest.fixture
def office(people: tuple[Citizen, ...], pki: SigningPki) -> Office:
    return make_office(make_stage("plain"), people, pki)


def paper(data: bytes = PDF) -> Document:
    return Document(name="đơn.pdf", type="application/pdf", data=data, at=Clock().now())


async def begun(office: Office, citizen: Citizen, way: Way = Way.PLUGIN, data: bytes = PDF) -> Job:
    return await office.desk.begin(citizen, paper(data), way)


async def test_it_reserves_a_place_for_the_signature_and_tells_the_digest(
    office: Office, people: tuple[Citizen, ...]
) -> None:
    job = await begun(office, people[0])
    assert (job.state, job.url) == (State.OPEN, "")
    assert job.reserved
    assert len(job.reserved.digest) == 32


@pytest.mark.parametrize("data", [b"", b"no pdf at all", b"%PDF-1.7\ntrailer", b"\x00" * 5000])
async def test_it_fails_on_what_is_no_pdf(office: Office, people: tuple[Citizen, ...], data: bytes) -> None:
    job = await begun(office, people[0], data=data)
    assert (job.state, "PDF" in job.problem) == (State.FAILED, True)


async def test_it_shows_nobody_elses_jobs(office: Office, people: tuple[Citizen, ...]) -> None:
    job = await begun(office, people[0])
    assert office.desk.find(people[0], job.id) is job
    assert office.desk.find(people[1], job.id) is None
    assert office.desk.find(people[0], "made-up") is None


async def test_it_sends_a_remote_signer_to_the_service_and_takes_up_a_code_once(
    office: Office, people: tuple[Citizen, ...]
) -> None:
    job = await begun(office, people[0], Way.REMOTE)
    assert "/sign?ticket=" in job.url
    with pytest.raises(SigningError):
        office.desk.redeem(job, {"code": "made-up"})
    assert job.state is State.OPEN


async def test_it_fails_without_a_time_stamp(people: tuple[Citizen, ...]) -> None:
    unserved = SigningPki.make(now=Clock().now(), base_url="http://127.0.0.1:1")
    job = await begun(make_office(make_stage("plain"), people, unserved), people[0])
    assert (job.state, "dấu thời gian" in job.problem) == (State.FAILED, True)


@pytest.mark.parametrize(
    ("fault", "comes_to"),
    [
        (None, (True, 1)),
        (Fault.SIGN_TAMPERED, (False, 1)),
        (Fault.NEAR_SIGN_TAMPERED, (True, 2)),
        (Fault.SIGN_EXPIRED, (True, 1)),
        (Fault.NEAR_SIGN_EXPIRED, (True, 1)),
        (Fault.SIGN_UNKNOWN_CA, (True, 1)),
        (Fault.NEAR_SIGN_UNKNOWN_CA, (True, 1)),
    ],
)
async def test_it_gives_a_signed_file_back_as_the_fault_has_it(
    office: Office, people: tuple[Citizen, ...], pki: SigningPki, fault: Fault | None, comes_to: tuple[bool, int]
) -> None:
    office.stage.become(Placed(fault, 1) if fault else None)
    job = await begun(office, people[0])
    assert job.reserved
    await office.desk.complete(job, pki.sign_digest(job.reserved.digest, Signer.PERSON))
    assert job.state is State.SIGNED
    signatures = PdfFileReader(BytesIO(job.result)).embedded_regular_signatures
    assert (await office.desk.accepts(job.result), len(signatures)) == comes_to


@pytest.mark.parametrize("signature", [None, b"\x00" * 64, b"0"])
async def test_it_fails_with_a_signature_that_is_none(
    office: Office, people: tuple[Citizen, ...], signature: bytes | None
) -> None:
    job = await begun(office, people[0])
    await office.desk.complete(job, signature)
    assert (job.state, job.result, bool(job.problem)) == (State.FAILED, b"", True)


async def test_it_takes_no_signature_of_another_person(
    office: Office, people: tuple[Citizen, ...], pki: SigningPki
) -> None:
    job = await begun(office, people[0])
    assert job.reserved
    await office.desk.complete(job, pki.sign_digest(job.reserved.digest, Signer.ORGANISATION))
    assert (job.state, job.problem) == (State.FAILED, "Chữ ký trả về không hợp lệ.")


def test_it_offers_one_way_at_least_and_only_one_in_the_near_miss(office: Office) -> None:
    desk: SigningDesk = office.desk
    assert desk.ways
    office.stage.become(Placed(Fault.NEAR_SIGN_ABSENT, 1))
    assert len(desk.ways) == 1


async def test_it_tells_a_file_that_was_changed_from_one_that_was_not(pki: SigningPki) -> None:
    signed = await pki.sign(PDF, signer=Signer.PERSON, level=Level.B_B)
    assert await intact(signed)
    assert not await intact(tamper(signed, Tampering.TEXT))
    assert await intact(await pki.sign(PDF, signer=Signer.EXPIRED, level=Level.B_B))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", PDF, b"\xff" * 100])
async def test_it_takes_nothing_without_a_signature_for_intact(data: bytes) -> None:
    assert not await intact(data)


@pytest.fixture
async def caller(office: Office) -> AsyncIterator[Caller]:
    app = web.Application()
    app.add_routes(SigningPages(office, office.desk).routes())
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
def enter(office: Office, caller: Caller, people: tuple[Citizen, ...]) -> Callable[..., Citizen]:
    """Logs somebody in; their cookie goes with every later call."""

    def log_in(number: int = 0) -> Citizen:
        visit = office.sessions.open()
        visit.citizen = people[number]
        caller.session.headers["Cookie"] = f"{COOKIE}={visit.id}"
        return people[number]

    return log_in


def form(field: str, data: bytes | None, **more: str) -> FormData:
    made = FormData(more)
    if data is not None:
        made.add_field(field, BytesIO(data), filename="đơn.pdf", content_type="application/pdf")
    return made


async def test_it_asks_strangers_to_log_in(office: Office, caller: Caller) -> None:
    for path in ("/ky-so", "/ky-so/0123456789abcdef", "/ky-so/0123456789abcdef/tep"):
        async with caller.get(path, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, office.stage.links.login)


@pytest.mark.parametrize("fault", [Fault.SIGN_GONE, Fault.SIGN_ABSENT])
async def test_it_is_not_there_without_the_function(
    office: Office, caller: Caller, enter: Callable[..., Citizen], fault: Fault
) -> None:
    enter()
    office.stage.become(Placed(fault, 1))
    async with caller.get("/ky-so") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("fields", "data", "said"),
    [({"cach": "remote"}, None, "chọn tệp PDF"), ({"cach": "by-hand"}, PDF, "chọn cách ký"), ({}, PDF, "chọn cách ký")],
)
async def test_it_says_what_is_missing(
    caller: Caller,
    enter: Callable[..., Citizen],
    fields: dict[str, str],
    data: bytes | None,
    said: str,
) -> None:
    enter()
    async with caller.post("/ky-so", data=form("tep", data, **fields)) as answer:
        assert (answer.status, said in await answer.text()) == (200, True)


async def test_it_shows_a_job_to_its_owner_alone_and_no_file_before_it_is_signed(
    office: Office, caller: Caller, enter: Callable[..., Citizen]
) -> None:
    job = await begun(office, enter())
    enter(1)
    async with caller.get(f"/ky-so/{job.id}") as answer:
        assert answer.status == 404
    enter()
    async with caller.get(f"/ky-so/{job.id}") as answer:
        assert job.reserved
        assert job.reserved.digest.hex() in await answer.text()
    async with caller.get(f"/ky-so/{job.id}/tep") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(("body", "status"), [("not hex", 400), ("", 200), ("00", 200)])
async def test_it_bears_any_signature_that_a_page_sends(
    office: Office,
    caller: Caller,
    enter: Callable[..., Citizen],
    body: str,
    status: int,
) -> None:
    job = await begun(office, enter())
    async with caller.post(f"/ky-so/{job.id}/chu-ky", data=body) as answer:
        assert answer.status == status
    assert job.state is (State.OPEN if status == 400 else State.FAILED)


async def test_it_tells_a_late_code_and_a_foreign_one(
    office: Office, caller: Caller, enter: Callable[..., Citizen]
) -> None:
    job = await begun(office, enter(), Way.REMOTE)
    enter()
    async with caller.get("/ky-so/quay-lai", params={"state": "0123456789abcdef", "code": "x"}) as answer:
        assert answer.status == 404
    async with caller.get("/ky-so/quay-lai", params={"state": job.id, "code": "late"}) as answer:
        assert "Mã xác nhận đã hết hạn" in await answer.text()


async def test_it_judges_a_file_that_is_handed_in(
    caller: Caller, enter: Callable[..., Citizen], pki: SigningPki
) -> None:
    enter()
    signed = await pki.sign(PDF, signer=Signer.PERSON, level=Level.B_B)
    for data, said in (
        (signed, "còn nguyên vẹn"),
        (tamper(signed, Tampering.TEXT), "không hợp lệ"),
        (PDF, "không hợp lệ"),
        (None, "chọn tệp cần kiểm tra"),
    ):
        async with caller.post("/ky-so/kiem-tra", data=form("tep_da_ky", data)) as answer:
            assert said in await answer.text()

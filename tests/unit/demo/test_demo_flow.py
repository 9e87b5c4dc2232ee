"""Drafts, dossiers, shelves and screens, and what a portal's fault makes of them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from agent.clock import Clock
from demo.board import Placed
from demo.faults import Fault
from demo.flow.dossiers import Dossier, Dossiers, Draft
from demo.flow.office import LATE_S, Office
from demo.flow.screens import Screen, Section, faults_in
from demo.flow.store import Document, Store
from demo.flow.wording import Named
from demo.people import Citizen
from demo.procedures import Procedure

DOSSIER_CODE = re.compile(r"(000\.\d\d\.\d\d\.H12|G\d\d\.99\.\d\d)-261103-\d{4}")
NOON = datetime(2026, 11, 3, 5, tzinfo=UTC)
ONWARD = Named("onward", "Tiếp tục")


@pytest.fixture
def procedure(office: Office) -> Procedure:
    return office.stage.procedures[0]


def document(name: str = "a.pdf", data: bytes = b"a" * 99) -> Document:
    return Document(name=name, type="application/pdf", data=data, at=NOON)


def handed_in(dossiers: Dossiers, procedure: Procedure, owner: str = "1") -> Dossier:
    draft = Draft(procedure, values={"content": "xin"}, attached=[document()])
    return dossiers.hand_in(draft, owner=owner, name="An", at=NOON)


@pytest.mark.parametrize("linked", [False, True])
def test_it_gives_dossiers_codes_in_their_well_known_form(procedure: Procedure, linked: bool) -> None:
    code = handed_in(Dossiers("H12", linked=linked), procedure).code
    assert DOSSIER_CODE.fullmatch(code)
    assert code.startswith("G") is linked


def test_it_finds_a_dossier_by_its_code_until_its_owner_withdraws_it(procedure: Procedure) -> None:
    dossiers = Dossiers("H12")
    mine, theirs = handed_in(dossiers, procedure), handed_in(dossiers, procedure, owner="2")
    assert dossiers.find(f" {mine.code} ") == mine
    assert dossiers.of("1") == [mine]
    assert not dossiers.withdraw(theirs.code, "1")
    assert dossiers.withdraw(mine.code, "1")
    assert not dossiers.withdraw(mine.code, "1")
    assert (dossiers.find(mine.code), dossiers.of("2")) == (None, [theirs])


def test_it_shows_the_newest_dossier_first(procedure: Procedure) -> None:
    dossiers = Dossiers("H12")
    assert dossiers.of("1") == []
    made = [handed_in(dossiers, procedure) for _ in range(3)]
    assert dossiers.of("1") == made[::-1]


def test_it_keeps_shelves_apart() -> None:
    store, mine, theirs = Store(), document(), document("b.pdf")
    store.put("1", mine)
    store.put("2", theirs)
    assert (store.of("1"), store.of("3")) == ([mine], [])
    assert store.find("1", theirs.id) is None
    assert not store.remove("1", theirs.id)
    assert store.remove("2", theirs.id)
    assert not store.remove("2", theirs.id)


def test_it_forgets_the_oldest_of_somebodys_too_many_documents() -> None:
    store, mine = Store(), document()
    store.put("1", mine)
    for _ in range(200):
        store.put("2", document())
    assert store.of("1") == [mine]
    for _ in range(200):
        store.put("1", document())
    assert store.find("1", mine.id) is None


def screen(*sections: Section) -> Screen:
    return Screen(title="Hồ sơ", sections=sections, onward=ONWARD)


@pytest.mark.parametrize(
    ("section", "given", "missing"),
    [
        (Section.IDENTITY, {}, {"phone", "content"}),
        (Section.IDENTITY, {"phone": "091234567", "content": "    xin"}, {"phone", "content"}),
        (Section.IDENTITY, {"phone": " 0912345678", "content": "xin cấp"}, set()),
        (Section.ATTACHMENTS, {}, {"file"}),
        (Section.FEE, {"delivery": "elsewhere"}, {"delivery"}),
        (Section.FEE, {"delivery": "post"}, set()),
        (Section.CONFIRM, {"agree": "yes"}, {"agree"}),
        (Section.CONFIRM, {"agree": "1"}, set()),
    ],
)
def test_it_says_what_is_missing_on_a_screen(
    procedure: Procedure, section: Section, given: dict[str, str], missing: set[str]
) -> None:
    found = faults_in(Draft(procedure), screen(section), given)
    assert set(found) == missing
    assert all(found.values())


def test_it_keeps_what_was_given_also_beside_what_is_wrong(procedure: Procedure) -> None:
    draft = Draft(procedure, attached=[document()])
    given = {"phone": "no", "content": "x" * 900, "delivery": "counter"}
    assert set(faults_in(draft, screen(*Section), given)) == {"phone", "agree"}
    assert (draft.values["content"], draft.delivery) == ("x" * 500, "counter")


def suffering(office: Office, fault: Fault, now: datetime = NOON) -> Office:
    office.stage.clock = Clock(now=lambda: now)
    office.stage.become(Placed(fault, 1))
    return office


def test_it_lists_nothing_when_the_store_loses_files(office: Office, people: tuple[Citizen, ...]) -> None:
    office.store.put(people[0].number, document())
    assert suffering(office, Fault.STORE_LOST).documents(people[0]) == []


def test_it_lists_a_file_a_second_late_in_the_near_miss(office: Office, people: tuple[Citizen, ...]) -> None:
    office.store.put(people[0].number, document())
    almost, late = timedelta(seconds=LATE_S, milliseconds=-1), timedelta(seconds=LATE_S)
    assert suffering(office, Fault.NEAR_STORE_LOST, NOON + almost).documents(people[0]) == []
    assert len(suffering(office, Fault.NEAR_STORE_LOST, NOON + late).documents(people[0])) == 1


def test_it_gives_back_what_was_stored_unless_the_store_corrupts(office: Office) -> None:
    stored = document()
    assert office.content(stored) == stored.data
    corrupted = suffering(office, Fault.STORE_CORRUPT).content(stored)
    assert (corrupted != stored.data, len(corrupted)) == (True, stored.size)
    assert suffering(office, Fault.NEAR_STORE_CORRUPT).content(stored) == stored.data


def test_it_asks_the_gateway_for_what_a_dossier_costs(office: Office, procedure: Procedure) -> None:
    draft = Draft(procedure)
    order = office._payment.find({"order": office.payment_url(draft, "/le-phi").rpartition("=")[2]})
    assert order
    assert (order.amount, order.back) == (office.fee(draft), f"{office.stage.portal.base_url}/le-phi")
    others = {office.fee(Draft(replace(procedure, number=number))) for number in range(4)}
    assert len(others) == 4
    assert office.fee(draft) in others


def test_it_sends_people_back_to_itself_after_logging_in(office: Office) -> None:
    visit = office.sessions.open()
    query = urlsplit(office.login.begin(visit, "/")).query
    assert f"client_id={office.stage.portal.id}" in query


def test_it_hands_a_draft_in_once(office: Office, people: tuple[Citizen, ...], procedure: Procedure) -> None:
    visit = office.sessions.open()
    visit.draft = Draft(procedure)
    dossier = office.hand_in(visit, people[0], visit.draft)
    assert visit.draft is None
    assert office.dossiers.of(people[0].number) == [dossier]

import re

import pytest

from agent.model import Holder
from demo.people import accounts, by_number

PERSON_NUMBER = re.compile(r"0\d{2}[01]\d{2}\d{6}")
TAX_NUMBER = re.compile(r"0\d{9}")


@pytest.mark.parametrize("seed", [0, 7, 2**32])
def test_it_draws_one_person_and_one_organisation(seed: int) -> None:
    person, company = accounts(seed)
    assert (person.holder, company.holder) == (Holder.PERSON, Holder.ORGANISATION)
    assert PERSON_NUMBER.fullmatch(person.number)
    assert TAX_NUMBER.fullmatch(company.number)
    assert company.name.startswith("Công ty")


def test_it_draws_the_same_people_again_but_never_their_secrets() -> None:
    first, again = accounts(3)[0], accounts(3)[0]
    assert (first.number, first.name, first.born) == (again.number, again.name, again.born)
    assert first.password != again.password
    assert first.pin != again.pin
    assert accounts(3)[0].number != accounts(4)[0].number


def test_it_shows_no_secret() -> None:
    assert not any(secret in repr(one) for one in accounts(1) for secret in (one.password, one.pin))


def test_it_knows_people_by_number() -> None:
    people = accounts(1)
    assert by_number(people, f" {people[1].number} ") is people[1]
    assert by_number(people, "") is None

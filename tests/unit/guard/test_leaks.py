"""The leak gate: every form, every depth; what can't be read is not clean."""

import gzip
import io
import zipfile

import pytest
from hypothesis import given, settings, strategies as st

from agent.guard import leaks
from agent.guard.archives import MOST_BYTES, MOST_MEMBERS, Deadline, WithheldError
from agent.guard.leaks import LeakGate
from tests.unit.guard.spelling import SPELLINGS

SECRET = "Mật-khẩu#2026"  # noqa: S105 - planted
LOGO = bytes(range(256)) * 40


def zipped(*, compression=zipfile.ZIP_DEFLATED, **members):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return held.getvalue()


def refused(path, *secrets):
    """Why the gate withholds a file; empty when it lets it pass."""
    try:
        LeakGate(secrets or [SECRET], Deadline(60)).require_clean(path)
    except WithheldError as error:
        return error.reason
    return ""


@pytest.fixture
def file(tmp_path):
    def write(data):
        path = tmp_path / "artefact"
        path.write_bytes(data)
        return path

    return write


@pytest.mark.parametrize("form", SPELLINGS)
@settings(deadline=None, max_examples=10)
@given(secret=st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=8, max_size=16), before=st.binary())
def test_it_finds_every_form(form, secret, before, tmp_path_factory):
    path = tmp_path_factory.mktemp("gate") / "artefact"
    written = before + b" " + SPELLINGS[form](secret).encode() + b" "
    path.write_bytes(written)
    assert refused(path, secret) == "secret"
    path.write_bytes(zipped(a=b"x", b=gzip.compress(zipped(c=written))))
    assert refused(path, secret) == "secret"


def test_it_lets_pass_what_holds_none(file):
    harmless = "Mật khẩu của bạn".encode()
    for data in (harmless, LOGO, b"", zipped(page=harmless, logo=LOGO, inner=zipped(a=gzip.compress(LOGO)))):
        assert refused(file(data)) == ""


def test_it_finds_a_secret_in_the_name_of_a_member_and_across_pieces(file):
    assert refused(file(zipped(**{SECRET: b"x"}))) == "secret"
    assert refused(file(b"." * (2**20 - 5) + SECRET.encode() + b"." * 2**20)) == "secret"


def test_it_finds_a_zip_that_something_stands_before(file):
    assert refused(file(b"#!/bin/sh\n" + zipped(a=SECRET))) == "secret"


@pytest.mark.parametrize(
    "data",
    [
        zipped(a=LOGO)[:-30],
        zipped(a=LOGO)[:60] + b"\xff" * 40 + zipped(a=LOGO)[100:],
        gzip.compress(LOGO)[:-9],
        zipped(inner=zipped(a=LOGO)[:-30]),
    ],
    ids=["cut", "damaged", "gzip-cut", "nested-cut"],
)
def test_it_does_not_trust_what_it_cannot_read(file, data):
    assert refused(file(data)) == "unreadable"


def test_it_does_not_trust_a_file_that_is_not_there_or_not_a_file(tmp_path):
    assert refused(tmp_path / "none") == "unreadable"
    assert refused(tmp_path) == "unreadable"


def test_it_does_not_trust_an_encrypted_member(file):
    data = bytearray(zipped(a=LOGO))
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refused(file(data)) == "unreadable"


def test_it_unpacks_no_bomb(file):
    bomb = zipped(a=bytes(2**20))
    for _ in range(leaks.DEEPEST + 1):
        bomb = zipped(a=bomb)
    assert refused(file(bomb)) == "too_large"
    assert refused(file(zipped(**{f"m{number}": b"" for number in range(MOST_MEMBERS + 1)}))) == "too_large"


def test_it_ends_at_its_budget_whatever_is_declared(file, monkeypatch):
    monkeypatch.setattr(leaks, "MOST_BYTES", 2**20)
    assert refused(file(gzip.compress(bytes(2**22)))) == "too_large"
    assert refused(file(zipped(a=gzip.compress(bytes(2**22))))) == "too_large"
    monkeypatch.undo()
    assert MOST_BYTES > 2**22
    assert refused(file(gzip.compress(bytes(2**22)))) == ""

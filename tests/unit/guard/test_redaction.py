"""Secrets leave in no form that a browser, a server or our writers use."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings, strategies as st

from agent.guard.needles import needles_of
from agent.guard.redaction import MASK, Redactor
from tests.unit.guard.spelling import SPELLINGS

PASSWORD = 'Mật-khẩu "9" & \\/+<b>%'  # noqa: S105 - planted
MARKS = '"""""""" %%%%%%%%'

PRINTABLE = st.characters(categories=["L", "N", "P", "S"])
secrets = st.text(PRINTABLE, min_size=8, max_size=24).filter(lambda text: text not in MASK)
around = st.text(max_size=20)


def hits(secret, text):
    return needles_of(frozenset([secret])).spans(text.encode(errors="surrogatepass"))


@pytest.mark.parametrize("form", SPELLINGS)
@settings(deadline=None, max_examples=25)
@given(secret=secrets, before=around, behind=around)
@example(secret=PASSWORD, before="a=", behind="&b=1")
@example(secret="\\" * 8, before="\\", behind="\\")
@example(secret="]" * 8, before="]" * 7, behind="]" * 7)
@example(secret=MARKS, before="%25", behind="%2525")
def test_it_masks_every_form_wherever_it_stands(form, secret, before, behind):
    written = f"{before}{SPELLINGS[form](secret)}{behind}"
    clean = Redactor([secret]).text(written)
    assert SPELLINGS[form](secret) not in clean
    assert hits(secret, clean) == []
    assert hits(secret, written) != []


@settings(deadline=None)
@given(secret=secrets, cuts=st.lists(st.integers(0, 300), max_size=8), before=st.integers(0, 200))
def test_it_finds_a_secret_that_pieces_cut_through(secret, cuts, before):
    data = b"." * before + secret.encode() + b"." * 40 + secret.encode()
    edges = [0, *sorted(cuts), len(data)]
    parts = [data[low:high] for low, high in pairwise(edges)]
    assert b"".join(piece for piece, _ in Redactor([secret]).stream(parts)) == Redactor([secret]).data(data)
    assert secret.encode() not in Redactor([secret]).data(data)


def test_it_masks_secrets_that_overlap_as_one():
    assert Redactor(["abcdefgh", "efghijkl"]).text("<abcdefghijkl>") == f"<{MASK}>"


def test_it_takes_a_short_number_for_a_secret_only_when_it_stands_alone():
    redactor = Redactor(["482913"])
    assert redactor.text("pin=482913, PIN%20482913 {482913}").count(MASK) == 3
    for harmless in ("1482913", "4829130", "482913.75", "0.482913", "1764482913000"):
        assert redactor.text(harmless) == harmless


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("https://p.vn/cb?a=1&code=Ab.c-9&state=x%20y#top", f"https://p.vn/cb?a=1&code={MASK}&state={MASK}#top"),
        ("https://p.vn/#id_token=e30.e30.&lang=vi", f"https://p.vn/#id_token={MASK}&lang=vi"),
        ("to=https%3A%2F%2Fp.vn%3Fticket%3DST-1%26b%3D2", f"to=https%3A%2F%2Fp.vn%3Fticket%3D{MASK}%26b%3D2"),
        ('<a href="/cb?x=1&amp;SAMLResponse=PHN">', f'<a href="/cb?x=1&amp;SAMLResponse={MASK}">'),
        ('{"access_token":"e30","n":1}', f'{{"access_token":"{MASK}","n":1}}'),
        (r'{"b":"{\"id_token\":\"e30\"}"}', rf'{{"b":"{{\"id_token\":\"{MASK}\"}}"}}'),
        ('<input name="SAMLResponse" value="PHN">', f'<input name="SAMLResponse" value="{MASK}">'),
    ],
)  # fmt: skip
def test_it_masks_what_carries_a_log_in(written, clean):
    assert Redactor([]).text(written) == clean
    assert Redactor([]).text(clean) == clean


@pytest.mark.parametrize(
    "harmless",
    ["https://p.vn/thu-tuc?id=1.004946&decode=1&barcode=7", "state of the code", '{"code": 404}', "x?y:code=3"],
)
def test_it_leaves_what_carries_none(harmless):
    assert Redactor(["hunter2secret"]).text(harmless) == harmless


def test_it_masks_within_containers_and_leaves_other_values_as_they_are():
    event = {"event": "run.done", "took": 1.5, "count": 3, "ok": True, "none": None}
    assert Redactor(["hunter2secret"])(None, "info", dict(event)) == event
    deep = {"event": "x", "deep": [{"k": {"hunter2secret"}}]}
    assert Redactor(["hunter2secret"])(None, "info", deep)["deep"] == [{"k": [MASK]}]


def test_it_does_not_mask_half_of_every_text_for_a_short_secret():
    assert Redactor(["ab"]).text("about abacus") == "about abacus"

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from demo.signing import SigningPki, make_pdf
from probes.esignature import PdfVerifier, Reason, TrustStore, from_pem
from probes.esignature.contents import opened
from probes.esignature.coverage import gap_is_the_signature
from probes.esignature.form import misfit
from probes.esignature.trust import named

PDF = make_pdf("Title", ["one line"])
DATA = b"before<0aff>after"


@pytest.fixture(scope="module")
def pki() -> SigningPki:
    return SigningPki.make(now=datetime.now(UTC), base_url="http://127.0.0.1:1")


def signed(*numbers: int, content: bytes = b"\x0a\xff") -> SimpleNamespace:
    return SimpleNamespace(byte_range=list(numbers), pkcs7_content=content)


def test_a_store_holds_every_certificate_of_its_file(pki: SigningPki) -> None:
    store = from_pem("both", pki.national_root + pki.government_root)
    assert len(store.certificates) == 2
    assert from_pem("der", store.certificates[0]).certificates == store.certificates[:1]


@pytest.mark.parametrize("data", [b"", b"nothing", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_store_is_not_made_of_anything_else(data: bytes) -> None:
    with pytest.raises((ValueError, TypeError)):
        from_pem("none", data)


def test_a_root_in_two_stores_is_of_the_first() -> None:
    stores = [TrustStore("one", (b"a",)), TrustStore("two", (b"a", b"b"))]
    assert [named(stores, root) for root in (b"a", b"b", b"c")] == ["one", "two", ""]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"PK\x03\x04", Reason.NOT_A_PDF),
        (bytes(1025) + b"%PDF-1.7", Reason.NOT_A_PDF),
        (b"%PDF-" + bytes(100), Reason.TOO_LARGE),
        (b"%PDF-" + bytes(95), None),
    ],
)
def test_it_sees_what_shows_without_parsing(data: bytes, reason: Reason | None) -> None:
    assert misfit(data, most=100 if len(data) < 1000 else 2000) is reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (PDF[:-40], Reason.TRUNCATED),
        (PDF[:9] + PDF[-30:], Reason.MALFORMED),
        (PDF.replace(b"/Root 1 0 R", b"/Root 9 0 R"), Reason.MALFORMED),
        (PDF, None),
    ],
)
def test_it_opens_whole_files_only(data: bytes, reason: Reason | None) -> None:
    found = opened(data)
    assert (found if isinstance(found, Reason) else None) is reason


def test_it_survives_what_nests_too_deep() -> None:
    deep = PDF.replace(b"<</Type/Catalog/Pages 2 0 R>>", b"[" * 100_000)
    assert opened(deep) is Reason.MALFORMED


@pytest.mark.parametrize(
    ("signature", "fits"),
    [
        (signed(0, 6, 12, 5), True),
        (signed(0, 5, 12, 5), False),
        (signed(0, 6, 11, 6), False),
        (signed(1, 5, 12, 5), False),
        (signed(0, 6, 12, 6), False),
        (signed(0, 6, 12, -5), False),
        (signed(0, 6, 12, 5, 0, 0), False),
        (signed(0, 6, 12, 5, content=b"\x0a\xfe"), False),
        (signed(0, 12, 6, 11), False),
    ],
)
def test_byte_range_leaves_out_the_signature_and_nothing_else(signature: SimpleNamespace, fits: bool) -> None:
    assert gap_is_the_signature(DATA, signature) is fits


async def test_it_refuses_by_size_before_it_reads(pki: SigningPki) -> None:
    verifier = PdfVerifier([from_pem("national", pki.national_root)], fetch=False, most=len(PDF) - 1)
    assert (await verifier.verify(PDF)).reasons == (Reason.TOO_LARGE,)

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates
from cryptography.x509 import load_pem_x509_certificate
from pyhanko.pdf_utils.reader import PdfFileReader

from demo.signing import Level, Signer, SigningPki, make_pdf
from demo.signing.tamper import Tampering, tamper

NOW = datetime.now(UTC)


def test_every_pki_has_keys_of_its_own(pki: SigningPki) -> None:
    again = SigningPki.make(now=NOW, base_url="http://127.0.0.1:1")
    assert pki.national_root != again.national_root
    assert pki.national_root != pki.government_root


def test_its_certificates_point_to_its_services(pki: SigningPki) -> None:
    data = load_pem_x509_certificate(pki.pem("person")).public_bytes(Encoding.DER)
    assert pki.ocsp_url.encode() in data
    assert pki.crl_url.encode() in data


def test_a_pkcs12_opens_with_its_password_only(pki: SigningPki) -> None:
    package = pki.pkcs12(Signer.ORGANISATION, "right")
    _, certificate, above = load_key_and_certificates(package, b"right")
    assert certificate == load_pem_x509_certificate(pki.pem("organisation"))
    assert above
    with pytest.raises(ValueError, match=r"(?i)password"):
        load_key_and_certificates(package, b"wrong")


async def test_it_signs_and_alters_what_it_signed(pki: SigningPki) -> None:
    pdf = make_pdf("Tiêu đề", ["(một)", "hai \\"])
    signed = await pki.sign(pdf, signer=Signer.PERSON, level=Level.B_T, at=NOW - timedelta(days=1))
    assert signed.startswith(pdf)
    assert len(PdfFileReader(BytesIO(signed)).embedded_signatures) == 1
    assert len({signed, *(tamper(signed, how) for how in Tampering)}) == len(Tampering) + 1


@pytest.mark.parametrize("how", [Tampering.BYTE_RANGE, Tampering.SIGNATURE])
def test_what_is_not_signed_can_not_be_altered_so(how: Tampering) -> None:
    with pytest.raises(ValueError, match="not one of our signed PDFs"):
        tamper(make_pdf("", []), how)


def test_a_document_is_a_whole_pdf_of_one_page() -> None:
    reader = PdfFileReader(BytesIO(make_pdf("Đơn đề nghị", ["Kính gửi (ông/bà)"])))
    text = reader.root["/Pages"]["/Kids"][0]["/Contents"].data
    assert b"(Don de nghi) Tj" in text
    assert rb"(Kinh gui \(ong/ba\)) Tj" in text

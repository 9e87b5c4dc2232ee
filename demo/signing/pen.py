"""Signs PDFs, in one go or in the two phases of remote signing."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from aiohttp import ClientSession
from asn1crypto.cms import CMSAttributes
from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import ExternalSigner, PdfCMSSignedAttributes, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession, PdfTBSDocument
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import ValidationError
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from pyhanko_certvalidator.registry import SimpleCertificateStore

from demo.signing.cast import Level, Signer
from demo.signing.stamps import Stamps

HASH = "sha256"
_LONGEST_SIGNATURE = 72
"""Bytes of an ECDSA signature on P-256 in DER."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a signature is made: ``legacy`` is ``adbe.pkcs7.detached``, otherwise PAdES; ``digest`` names the hash."""

    legacy: bool = False
    digest: str = HASH


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """What one signature is made with; ``roots`` are what the signing side itself believes, for B-LT."""

    signer: Signer
    certificate: Certificate
    key: PrivateKeyInfo = field(repr=False)
    above: tuple[Certificate, ...]
    stamps: Stamps
    roots: tuple[Certificate, ...]
    at: datetime

    def store(self) -> SimpleCertificateStore:
        """What goes along with the signature."""
        store: SimpleCertificateStore = SimpleCertificateStore.from_certs((self.certificate, *self.above))
        return store


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """A signature begun: ``digest`` is the SHA-256 of its signed attributes, the rest is needed to complete it."""

    signer: Signer
    digest: bytes
    attributes: bytes = field(repr=False)
    level: Level
    output: bytes = field(repr=False)
    prepared: PreparedByteRangeDigest = field(repr=False)
    after: Any = field(repr=False)


async def sign(pdf: bytes, ink: Ink, *, level: Level, how: Manner) -> bytes:
    """See :meth:`demo.signing.SigningPki.sign`."""
    own = SimpleSigner(signing_cert=ink.certificate, signing_key=ink.key, cert_registry=ink.store())
    async with _signer(pdf, own, ink, level, how) as signer:
        signed = await signer.async_sign_pdf(_writer(pdf))
    return bytes(signed.getvalue())


async def reserve(pdf: bytes, ink: Ink, *, level: Level) -> Reserved:
    """See :meth:`demo.signing.SigningPki.reserve`."""
    outer = _outer(ink, _LONGEST_SIGNATURE)
    async with _signer(pdf, outer, ink, level, Manner()) as signer:
        prepared, document, output = await signer.async_digest_doc_for_signing(_writer(pdf))
    output.seek(0)
    settings = PdfCMSSignedAttributes(signing_time=ink.at)
    attributes = await outer.signed_attrs(prepared.document_digest, HASH, settings, use_pades=True)
    return Reserved(
        signer=ink.signer,
        digest=hashlib.sha256(attributes.dump()).digest(),
        attributes=attributes.dump(),
        level=level,
        output=output.read(),
        prepared=prepared,
        after=document.post_sign_instructions,
    )


def sign_digest(digest: bytes, key: PrivateKeyInfo) -> bytes:
    """The raw signature of a SHA-256."""
    own = load_der_private_key(key.dump(), None)
    if not isinstance(own, ec.EllipticCurvePrivateKey):
        raise TypeError("signers have EC keys")
    return own.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))


async def complete(reserved: Reserved, signature: bytes, ink: Ink) -> bytes:
    """See :meth:`demo.signing.SigningPki.complete`."""
    _check(signature, reserved.digest, ink.certificate)
    cms = await _outer(ink, signature).async_sign_prescribed_attributes(
        HASH, CMSAttributes.load(reserved.attributes), timestamper=_stamper(ink, reserved.level)
    )
    output = BytesIO(reserved.output)
    async with _belief(ink) as context:
        await PdfTBSDocument.async_finish_signing(
            output, reserved.prepared, cms, post_sign_instr=reserved.after, validation_context=context
        )
    return output.getvalue()


def _check(signature: bytes, digest: bytes, certificate: Certificate) -> None:
    public = load_der_public_key(certificate.public_key.dump())
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise TypeError("signers have EC keys")
    try:
        public.verify(signature, digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
    except InvalidSignature as error:
        raise ValueError("the signature is not the signer's over the reserved digest") from error


class _Dated(PdfSigner):
    """A signer that says when it signed."""

    at: datetime

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> PdfSigningSession:  # noqa: ANN401 - theirs
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session


@asynccontextmanager
async def _signer(
    pdf: bytes, own: SimpleSigner | ExternalSigner, ink: Ink, level: Level, how: Manner
) -> AsyncIterator[PdfSigner]:
    lasting = level is Level.B_LT
    async with _belief(ink) as context:
        meta = PdfSignatureMetadata(
            field_name=f"Signature{_count(pdf) + 1}",
            md_algorithm=how.digest,
            subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED if how.legacy else SigSeedSubFilter.PADES,
            embed_validation_info=lasting,
            validation_context=context if lasting else None,
        )
        signer = _Dated(meta, own, timestamper=_stamper(ink, level))
        signer.at = ink.at
        try:
            yield signer
        except (SigningError, ValidationError) as error:
            raise ValueError("what B-LT must prove of the signer's certificate does not hold") from error


def _count(pdf: bytes) -> int:
    return len(PdfFileReader(BytesIO(pdf)).embedded_signatures)


def _writer(pdf: bytes) -> IncrementalPdfFileWriter:
    return IncrementalPdfFileWriter(BytesIO(pdf))


def _outer(ink: Ink, signature: bytes | int) -> ExternalSigner:
    return ExternalSigner(signing_cert=ink.certificate, cert_registry=ink.store(), signature_value=signature)


def _stamper(ink: Ink, level: Level) -> Any:  # noqa: ANN401 - theirs
    return None if level is Level.B_B else ink.stamps.stamper()


@asynccontextmanager
async def _belief(ink: Ink) -> AsyncIterator[ValidationContext]:
    async with ClientSession() as session:
        yield ValidationContext(
            trust_roots=list(ink.roots),
            other_certs=list(ink.above),
            allow_fetching=True,
            fetcher_backend=AIOHttpFetcherBackend(session),
        )

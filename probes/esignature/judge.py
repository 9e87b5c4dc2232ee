"""Judges a PDF. All of it runs in a process of its own: what a portal sends may be made to harm a reader."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from asn1crypto.cms import SignedData
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, TimestampSignatureStatus

from probes.esignature.chain import SIGNING, STAMPING, WEAK_HASHES, Chain, Knowledge, examine
from probes.esignature.contents import SignatureField, embedded_proof, opened, signature_fields
from probes.esignature.coverage import changes, coverage
from probes.esignature.fetching import fetching
from probes.esignature.report import Level, Reason, Report, SignatureReport, ordered, refused, state_of, summed
from probes.esignature.terms import Terms

_PADES = "/ETSI.CAdES.detached"
_LEGACY = "/adbe.pkcs7.detached"
_SHA1_ONLY = frozenset({"/adbe.pkcs7.sha1", "/adbe.x509.rsa_sha1"})
_LEAST_RSA_BITS = 2048
_DAY = timedelta(days=1)


async def judge(data: bytes, terms: Terms) -> Report:
    """The report of a file that is at least called a PDF."""
    reader = opened(data)
    if isinstance(reader, Reason):
        return refused(reader)
    if not terms.fetch_hosts:
        return await _signatures(data, reader, Knowledge(stores=terms.stores), terms.now)
    async with fetching(terms.fetch_hosts) as fetchers:
        return await _signatures(data, reader, Knowledge(stores=terms.stores, fetchers=fetchers), terms.now)


async def _signatures(data: bytes, reader: PdfFileReader, knowledge: Knowledge, now: datetime) -> Report:
    try:
        fields = signature_fields(reader)
        certificates, ocsps, crls = embedded_proof(reader)
    except Exception:  # noqa: BLE001 - a hostile file raises what it likes
        return refused(Reason.MALFORMED)
    known = replace(knowledge, certificates=certificates, ocsps=ocsps, crls=crls)
    return summed([await _signature(data, each, known, now) for each in fields])


async def _signature(data: bytes, field: SignatureField, knowledge: Knowledge, now: datetime) -> SignatureReport:
    if field.subfilter not in {_PADES, _LEGACY}:
        reason = Reason.WEAK_HASH if field.subfilter in _SHA1_ONLY else Reason.SUBFILTER_UNKNOWN
        return SignatureReport(state=state_of([reason]), reasons=(reason,))
    try:
        signature = EmbeddedPdfSignature(field.reader, field.field, field.name)
        return await _examined(data, signature, knowledge, now)
    except SignatureValidationError:
        return SignatureReport(state=state_of([Reason.SIGNATURE_MISMATCH]), reasons=(Reason.SIGNATURE_MISMATCH,))
    except Exception:  # noqa: BLE001 - a hostile file raises what it likes
        return SignatureReport(state=state_of([Reason.MALFORMED]), reasons=(Reason.MALFORMED,))


async def _examined(
    data: bytes, signature: EmbeddedPdfSignature, knowledge: Knowledge, now: datetime
) -> SignatureReport:
    known = replace(knowledge, certificates=[*knowledge.certificates, *_beside(signature)])
    status = await async_validate_pdf_signature(signature, known.unasked(now))
    stamp = status.timestamp_validity
    stamp_reason = await _stamp(stamp, known)
    proven = stamp.timestamp if stamp and stamp_reason in {None, Reason.REVOCATION_UNKNOWN} else None
    chain = await examine(signature.signer_cert, known, proven or now, SIGNING)
    reasons = ordered(
        reason
        for reason in (
            *_bytes_reasons(data, signature, status),
            stamp_reason,
            _of_chain(chain, signature.signer_cert, proven, status.signer_reported_dt),
        )
        if reason
    )
    ends = signature.signer_cert.not_valid_after
    return SignatureReport(
        state=state_of(reasons),
        reasons=reasons,
        trust_store=chain.trust_store,
        subfilter=str(signature.sig_object["/SubFilter"])[1:],
        level=_level(signature, proven, knowledge),
        hash=status.md_algorithm,
        signed_at=_utc(proven or status.signer_reported_dt),
        time_proven=proven is not None,
        not_after=_utc(ends),
        days_left=round((ends - now) / _DAY, 2),
        coverage=coverage(data, signature, status),
    )


def _beside(signature: EmbeddedPdfSignature) -> Sequence[Certificate]:
    stamps: list[SignedData] = list(extract_tst_data_iter(signature.signer_info, signed=False))
    found = [certs for each in stamps for certs in [extract_certs_for_validation(each)]]
    return [
        *signature.other_embedded_certs,
        *(one for certs in found for one in (certs.signer_cert, *certs.other_certs)),
    ]


def _bytes_reasons(data: bytes, signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> list[Reason]:
    reasons = list(changes(data, signature, status))
    if status.md_algorithm.lower() in WEAK_HASHES:
        reasons.append(Reason.WEAK_HASH)
    key = signature.signer_cert.public_key
    if key.algorithm == "rsa" and key.bit_size < _LEAST_RSA_BITS:
        reasons.append(Reason.WEAK_KEY)
    if not status.intact:
        reasons.append(Reason.DIGEST_MISMATCH)
    if not status.valid:
        reasons.append(Reason.SIGNATURE_MISMATCH)
    return reasons


async def _stamp(stamp: TimestampSignatureStatus | None, knowledge: Knowledge) -> Reason | None:
    if stamp is None:
        return None
    if not (stamp.intact and stamp.valid) or stamp.md_algorithm.lower() in WEAK_HASHES:
        return Reason.TIMESTAMP_INVALID
    # The stamp is asked whether its authority was good when it stamped: what expired since proves still.
    chain = await examine(stamp.signing_cert, knowledge, stamp.timestamp, STAMPING)
    return chain.reason if chain.reason in {None, Reason.REVOCATION_UNKNOWN} else Reason.TIMESTAMP_UNTRUSTED


def _of_chain(
    chain: Chain, certificate: Certificate, proven: datetime | None, claimed: datetime | None
) -> Reason | None:
    """Without a time stamp, a claim can make things worse but never better."""
    if proven:
        return chain.reason
    if claimed and claimed < certificate.not_valid_before:
        return Reason.NOT_YET_VALID
    if chain.reason is Reason.EXPIRED_AT_SIGNING and claimed and claimed <= certificate.not_valid_after:
        return Reason.TIMESTAMP_MISSING
    if chain.reason is Reason.REVOKED and claimed and chain.revoked_at and claimed < chain.revoked_at:
        return Reason.REVOKED_SINCE
    return chain.reason


def _utc(moment: datetime | None) -> datetime | None:
    """The moment in UTC; one without an offset is taken for UTC."""
    if moment is None:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _level(signature: EmbeddedPdfSignature, proven: datetime | None, knowledge: Knowledge) -> Level:
    if signature.sig_object["/SubFilter"] != _PADES:
        return Level.LEGACY
    if proven is None:
        return Level.B_B
    return Level.B_LT if _vouched(signature.signer_cert, knowledge) else Level.B_T


def _vouched(certificate: Certificate, knowledge: Knowledge) -> bool:
    """Whether the file brings revocation data on this certificate."""
    serials = {
        one["cert_id"]["serial_number"].native for each in knowledge.ocsps for one in each.response_data["responses"]
    }
    return certificate.serial_number in serials or any(each.issuer == certificate.issuer for each in knowledge.crls)

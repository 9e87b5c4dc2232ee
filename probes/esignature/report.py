"""What is said of a PDF's signatures. Nothing here names the signer: that is personal data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.clock import iso


class State(StrEnum):
    """What a file came to. Only VALID is a pass."""

    VALID = "valid"
    INVALID = "invalid"
    INDETERMINATE = "indeterminate"
    UNSIGNED = "unsigned"


class Reason(StrEnum):
    """Why a file is not valid."""

    EMPTY = "empty"
    NOT_A_PDF = "not_a_pdf"
    TRUNCATED = "truncated"
    BYTE_RANGE = "byte_range"
    DIGEST_MISMATCH = "digest_mismatch"
    SIGNATURE_MISMATCH = "signature_mismatch"
    CHANGED_AFTER_SIGNING = "changed_after_signing"
    WEAK_HASH = "weak_hash"
    WEAK_KEY = "weak_key"
    WRONG_KEY_USAGE = "wrong_key_usage"
    EXPIRED_AT_SIGNING = "expired_at_signing"
    NOT_YET_VALID = "not_yet_valid"
    REVOKED = "revoked"
    TIMESTAMP_INVALID = "timestamp_invalid"

    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    ENCRYPTED = "encrypted"
    MALFORMED = "malformed"
    SUBFILTER_UNKNOWN = "subfilter_unknown"
    UNTRUSTED = "untrusted"
    CHAIN_INVALID = "chain_invalid"
    TIMESTAMP_UNTRUSTED = "timestamp_untrusted"
    TIMESTAMP_MISSING = "timestamp_missing"
    REVOCATION_UNKNOWN = "revocation_unknown"
    REVOKED_SINCE = "revoked_since"

    UNSIGNED = "unsigned"


# What is proven wrong is invalid; what we couldn't prove either way is indeterminate. SHA-1 and MD5 are invalid: where
# two files with one digest can be made, the digest doesn't tie the signature to this one.
_PROVEN = frozenset(
    {
        Reason.EMPTY,
        Reason.NOT_A_PDF,
        Reason.TRUNCATED,
        Reason.BYTE_RANGE,
        Reason.DIGEST_MISMATCH,
        Reason.SIGNATURE_MISMATCH,
        Reason.CHANGED_AFTER_SIGNING,
        Reason.WEAK_HASH,
        Reason.WEAK_KEY,
        Reason.WRONG_KEY_USAGE,
        Reason.EXPIRED_AT_SIGNING,
        Reason.NOT_YET_VALID,
        Reason.REVOKED,
        Reason.TIMESTAMP_INVALID,
    }
)

WORDS: Mapping[Reason, str] = {
    Reason.EMPTY: "the file is empty",
    Reason.NOT_A_PDF: "the file is no PDF",
    Reason.TRUNCATED: "the end of the file is missing",
    Reason.BYTE_RANGE: "ByteRange leaves out more than the signature itself",
    Reason.DIGEST_MISMATCH: "the signed bytes were changed",
    Reason.SIGNATURE_MISMATCH: "the signature was not made with the certificate's key, or was changed",
    Reason.CHANGED_AFTER_SIGNING: "the document was changed after signing",
    Reason.WEAK_HASH: "SHA-1, MD5 or another hash that no longer binds a signature to one file",
    Reason.WEAK_KEY: "the key is too short to be the signer's alone",
    Reason.WRONG_KEY_USAGE: "the certificate is not for signing",
    Reason.EXPIRED_AT_SIGNING: "the certificate had expired when it signed",
    Reason.NOT_YET_VALID: "the certificate was not valid yet when it signed",
    Reason.REVOKED: "the certificate was revoked before it signed",
    Reason.TIMESTAMP_INVALID: "the time stamp is not one of this signature, or was changed",
    Reason.TOO_LARGE: "the file is larger than is looked at",
    Reason.TOO_SLOW: "reading the file took too long",
    Reason.ENCRYPTED: "the file is encrypted",
    Reason.MALFORMED: "the file can't be read by the rules of PDF and CMS",
    Reason.SUBFILTER_UNKNOWN: "the kind of signature (SubFilter) is not known",
    Reason.UNTRUSTED: "the certificate leads to no configured root",
    Reason.CHAIN_INVALID: "a certificate above the signer's is not valid",
    Reason.TIMESTAMP_UNTRUSTED: "the time stamp leads to no configured root, or its certificate is not valid",
    Reason.TIMESTAMP_MISSING: "no time stamp proves that it was signed while the certificate was valid",
    Reason.REVOCATION_UNKNOWN: "nobody could say whether a certificate was revoked",
    Reason.REVOKED_SINCE: "the certificate was revoked, and no time stamp proves that it signed before",
    Reason.UNSIGNED: "the file has no signature",
}


class Level(StrEnum):
    """How much proof a signature carries: PAdES baseline, or the legacy format without it."""

    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"
    LEGACY = "legacy"


class Coverage(StrEnum):
    """What of the file a signature covers."""

    FILE = "file"
    REVISION = "revision"
    """All up to later changes."""
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureReport:
    """One signature. ``signed_at`` is from the time stamp when ``time_proven``, else claimed by the signer.

    ``trust_store`` is the store whose root the certificate leads to, empty when there is none. ``days_left`` counts to
    ``not_after``, the end of the signer's certificate; it is negative afterwards.
    """

    state: State
    reasons: tuple[Reason, ...]
    trust_store: str = ""
    subfilter: str = ""
    level: Level | None = None
    hash: str = ""
    signed_at: datetime | None = None
    time_proven: bool = False
    not_after: datetime | None = None
    days_left: float | None = None
    coverage: Coverage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One file: of several signatures the worst stands, and ``reasons`` are those of all."""

    state: State
    reasons: tuple[Reason, ...] = ()
    signatures: tuple[SignatureReport, ...] = ()


def state_of(reasons: Iterable[Reason]) -> State:
    """What reasons come to; no reason is VALID."""
    told = frozenset(reasons)
    if told & _PROVEN:
        return State.INVALID
    if Reason.UNSIGNED in told:
        return State.UNSIGNED
    return State.INDETERMINATE if told else State.VALID


def ordered(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Each reason once, the worst first."""
    told = frozenset(reasons)
    return tuple(each for each in Reason if each in told)


def refused(reason: Reason) -> Report:
    """The report of a file that was not looked into."""
    return Report(state=state_of([reason]), reasons=(reason,))


def summed(signatures: Iterable[SignatureReport]) -> Report:
    """The report of a file with these signatures."""
    signed = tuple(signatures)
    reasons = ordered(reason for each in signed for reason in each.reasons) if signed else (Reason.UNSIGNED,)
    return Report(state=state_of(reasons), reasons=reasons, signatures=signed)


def to_public(report: Report) -> dict[str, object]:
    """The report as JSON."""
    return {
        "state": report.state.value,
        "reasons": [reason.value for reason in report.reasons],
        "signatures": [_signature(each) for each in report.signatures],
    }


def _signature(one: SignatureReport) -> dict[str, object]:
    return {
        "state": one.state.value,
        "reasons": [reason.value for reason in one.reasons],
        "trust_store": one.trust_store or None,
        "subfilter": one.subfilter or None,
        "level": one.level and one.level.value,
        "hash": one.hash or None,
        "signed_at": one.signed_at and iso(one.signed_at),
        "time_proven": one.time_proven,
        "not_after": one.not_after and iso(one.not_after),
        "days_left": one.days_left,
        "coverage": one.coverage and one.coverage.value,
    }

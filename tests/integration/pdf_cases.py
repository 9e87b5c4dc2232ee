"""The corpus: how each PDF is made with the signing PKI, and what it must come to."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from demo.signing import Level, Manner, Signer, SigningPki, make_pdf
from demo.signing.tamper import Tampering, tamper
from probes.esignature import Reason, State
from probes.esignature.pkcs12 import sign_digest
from probes.esignature.verifier import MIB
from tests.integration.pki_lab import PDF, encrypted, filled, with_form

CONTENTS = re.compile(rb"/Contents <([0-9a-fA-F]+)>")
BEFORE = timedelta(days=30)
Maker = Callable[[SigningPki], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Case:
    """A file, how it is verified, and what it must come to."""

    make: Maker
    state: State
    reasons: tuple[Reason, ...] = ()
    stores: tuple[str, ...] | None = None
    levels: tuple[str, ...] | None = None
    fetch: bool = True


def signed(signer: Signer = Signer.PERSON, level: Level = Level.B_T, *, pdf: bytes = PDF, **more) -> Maker:
    async def make(pki: SigningPki) -> bytes:
        return await pki.sign(pdf, signer=signer, level=level, **more)

    return make


def past(signer: Signer, level: Level) -> Maker:
    async def make(pki: SigningPki) -> bytes:
        return await pki.sign(PDF, signer=signer, level=level, at=datetime.now(UTC) - BEFORE)

    return make


def remote(level: Level) -> Maker:
    async def make(pki: SigningPki) -> bytes:
        reserved = await pki.reserve(PDF, signer=Signer.ORGANISATION, level=level)
        return await pki.complete(reserved, pki.sign_digest(reserved.digest, Signer.ORGANISATION))

    return make


async def plug_in(pki: SigningPki) -> bytes:
    package = pki.pkcs12(Signer.PERSON, "a password")
    reserved = await pki.reserve(PDF, signer=Signer.PERSON)
    return await pki.complete(reserved, sign_digest(reserved.digest, package, "a password"))


def tampered(how: Tampering) -> Maker:
    async def make(pki: SigningPki) -> bytes:
        return tamper(await pki.sign(PDF, signer=Signer.PERSON), how)

    return make


def twice(first: Signer, second: Signer) -> Maker:
    async def make(pki: SigningPki) -> bytes:
        return await pki.sign(await pki.sign(PDF, signer=first), signer=second)

    return make


async def form_filled_later(pki: SigningPki) -> bytes:
    return filled(await pki.sign(with_form(PDF), signer=Signer.PERSON), "hoàn tất")


async def transplanted(pki: SigningPki) -> bytes:
    """The signature of one file in another."""
    donor = CONTENTS.search(await pki.sign(PDF, signer=Signer.PERSON))
    data = await pki.sign(make_pdf("Another", ["file"]), signer=Signer.PERSON)
    target = CONTENTS.search(data)
    assert donor
    assert target
    value = donor[1].rstrip(b"0").ljust(len(target[1]), b"0")
    return data[: target.start(1)] + value + data[target.end(1) :]


def renamed(subfilter: bytes) -> Maker:
    """A signature that calls itself something else; what follows is not looked at."""

    async def make(pki: SigningPki) -> bytes:
        data = await pki.sign(PDF, signer=Signer.PERSON)
        return data.replace(b"/ETSI.CAdES.detached", subfilter.ljust(20))

    return make


async def second_renamed(pki: SigningPki) -> bytes:
    """A good signature, and another that no reader of ours understands."""
    once = await pki.sign(PDF, signer=Signer.PERSON)
    twice = await pki.sign(once, signer=Signer.OFFICIAL)
    return once + twice[len(once) :].replace(b"/ETSI.CAdES.detached", b"/Own.format".ljust(20))


async def truncated(pki: SigningPki) -> bytes:
    return (await pki.sign(PDF, signer=Signer.PERSON))[:-3000]


async def locked(pki: SigningPki) -> bytes:
    return encrypted(PDF)


def plain(data: bytes) -> Maker:
    async def make(pki: SigningPki) -> bytes:
        return data

    return make


VALID, INVALID, UNCLEAR = State.VALID, State.INVALID, State.INDETERMINATE
CASES: Mapping[str, Case] = {
    "B-B": Case(signed(level=Level.B_B), VALID, stores=("national",), levels=("B-B",)),
    "B-T": Case(signed(level=Level.B_T), VALID, stores=("national",), levels=("B-T",)),
    "B-LT": Case(signed(level=Level.B_LT), VALID, stores=("national",), levels=("B-LT",)),
    "B-LT, offline": Case(signed(level=Level.B_LT), VALID, levels=("B-LT",), fetch=False),
    "B-T, offline": Case(signed(), UNCLEAR, (Reason.REVOCATION_UNKNOWN,), fetch=False),
    "organisation": Case(signed(Signer.ORGANISATION), VALID, stores=("national",)),
    "official": Case(signed(Signer.OFFICIAL), VALID, stores=("government",)),
    "remote, B-B": Case(remote(Level.B_B), VALID, levels=("B-B",)),
    "remote, B-T": Case(remote(Level.B_T), VALID, levels=("B-T",)),
    "remote, B-LT": Case(remote(Level.B_LT), VALID, levels=("B-LT",)),
    "plug-in with PKCS #12": Case(plug_in, VALID, levels=("B-T",)),
    "legacy adbe.pkcs7.detached": Case(signed(how=Manner(legacy=True)), VALID, levels=("legacy",)),
    "tampered: text": Case(tampered(Tampering.TEXT), INVALID, (Reason.DIGEST_MISMATCH,)),
    "tampered: page": Case(tampered(Tampering.PAGE), INVALID, (Reason.CHANGED_AFTER_SIGNING,)),
    "tampered: trailing bytes": Case(tampered(Tampering.TRAILING), INVALID, (Reason.CHANGED_AFTER_SIGNING,)),
    "tampered: ByteRange": Case(tampered(Tampering.BYTE_RANGE), INVALID, (Reason.BYTE_RANGE, Reason.DIGEST_MISMATCH)),
    "tampered: signature value": Case(
        tampered(Tampering.SIGNATURE), INVALID, (Reason.SIGNATURE_MISMATCH, Reason.TIMESTAMP_INVALID)
    ),
    "tampered: signed attribute": Case(
        tampered(Tampering.ATTRIBUTE), INVALID, (Reason.DIGEST_MISMATCH, Reason.SIGNATURE_MISMATCH)
    ),
    "tampered: another's signature": Case(transplanted, INVALID, (Reason.DIGEST_MISMATCH,)),
    "expired": Case(signed(Signer.EXPIRED), INVALID, (Reason.EXPIRED_AT_SIGNING,)),
    "expired, claims to be older": Case(past(Signer.EXPIRED, Level.B_B), UNCLEAR, (Reason.TIMESTAMP_MISSING,)),
    "expired after the time stamp": Case(past(Signer.EXPIRED, Level.B_T), VALID),
    "revoked": Case(signed(Signer.REVOKED, Level.B_B), INVALID, (Reason.REVOKED,)),
    "revoked before the time stamp": Case(signed(Signer.REVOKED), INVALID, (Reason.REVOKED,)),
    "revoked after the time stamp": Case(past(Signer.REVOKED, Level.B_T), VALID),
    "revoked, claims to be older": Case(past(Signer.REVOKED, Level.B_B), UNCLEAR, (Reason.REVOKED_SINCE,)),
    "unknown CA": Case(signed(Signer.UNKNOWN), UNCLEAR, (Reason.UNTRUSTED,), stores=("",)),
    "wrong key usage": Case(signed(Signer.WRONG_KEY_USAGE), INVALID, (Reason.WRONG_KEY_USAGE,)),
    "adbe.pkcs7.sha1": Case(renamed(b"/adbe.pkcs7.sha1"), INVALID, (Reason.WEAK_HASH,)),
    "unknown SubFilter": Case(renamed(b"/Own.format"), UNCLEAR, (Reason.SUBFILTER_UNKNOWN,)),
    "two signatures, one of unknown SubFilter": Case(second_renamed, UNCLEAR, (Reason.SUBFILTER_UNKNOWN,)),
    "SHA-1": Case(signed(how=Manner(digest="sha1")), INVALID, (Reason.WEAK_HASH,)),
    "two signatures": Case(twice(Signer.PERSON, Signer.OFFICIAL), VALID, stores=("national", "government")),
    "two signatures, one bad": Case(twice(Signer.PERSON, Signer.REVOKED), INVALID, (Reason.REVOKED,)),
    "form filled later": Case(form_filled_later, VALID),
    "unsigned": Case(plain(PDF), State.UNSIGNED, (Reason.UNSIGNED,)),
    "encrypted": Case(locked, UNCLEAR, (Reason.ENCRYPTED,)),
    "truncated": Case(truncated, INVALID, (Reason.TRUNCATED,)),
    "no PDF": Case(plain(b"<html>404</html>"), INVALID, (Reason.NOT_A_PDF,)),
    "0 bytes": Case(plain(b""), INVALID, (Reason.EMPTY,)),
    "50 MB": Case(plain(PDF + bytes(50 * MIB)), UNCLEAR, (Reason.TOO_LARGE,)),
    "garbage behind a PDF's first line": Case(
        plain(b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\nstartxref\n9\n%%EOF\n"), UNCLEAR, (Reason.MALFORMED,)
    ),
}

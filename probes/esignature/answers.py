"""What an OCSP answer must say to count: about what was asked, signed by whom it may be, fresh."""

from datetime import datetime, timedelta

from asn1crypto.ocsp import BasicOCSPResponse, OCSPResponse
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.x509 import Certificate, ExtendedKeyUsage, ExtensionNotFound, load_der_x509_certificate
from cryptography.x509.oid import ExtendedKeyUsageOID

from probes.esignature.asking import wrong

SKEW = timedelta(minutes=5)
_HASHES: dict[str, HashAlgorithm] = {"sha256": SHA256(), "sha384": SHA384(), "sha512": SHA512()}


def check_ocsp(
    answer: OCSPResponse, asked: Certificate, issuer: Certificate, nonce: bytes
) -> tuple[datetime, datetime | None]:
    """When the answer was issued and when the next one is due.

    Raises:
        ServiceError: it is no answer to what was asked.
    """
    if answer["response_status"].native != "successful":
        raise wrong(f"response status {answer['response_status'].native}")
    basic = answer.basic_ocsp_response
    single = basic["tbs_response_data"]["responses"][0]
    if single["cert_id"]["serial_number"].native != asked.serial_number:
        raise wrong("the answer is about another certificate")
    if single["cert_status"].name == "unknown":
        raise wrong("the responder does not know the certificate")
    # A responder may answer from store, without a nonce.
    if answer.nonce_value is not None and answer.nonce_value.native != nonce:
        raise wrong("the answer carries another nonce")
    if not _signed(basic, issuer):
        raise wrong("the answer is not signed for the issuer")
    return single["this_update"].native, single["next_update"].native


def check_fresh(issued: datetime, next_issue: datetime | None, now: datetime) -> None:
    """Raise ServiceError unless ``now`` lies between the two, give or take :data:`SKEW`."""
    if issued > now + SKEW:
        raise wrong(f"the answer is from the future ({issued:%Y-%m-%dT%H:%MZ})")
    if next_issue is not None and next_issue < now - SKEW:
        raise wrong(f"the answer is stale since {next_issue:%Y-%m-%dT%H:%MZ}")


def _signed(basic: BasicOCSPResponse, issuer: Certificate) -> bool:
    brought = [load_der_x509_certificate(each.dump()) for each in basic["certs"]]
    return any(_verifies(basic, signer) for signer in (issuer, *brought) if _may_answer(signer, issuer))


def _may_answer(signer: Certificate, issuer: Certificate) -> bool:
    if signer == issuer:
        return True
    try:
        signer.verify_directly_issued_by(issuer)
        usage = signer.extensions.get_extension_for_class(ExtendedKeyUsage).value
    except (InvalidSignature, ValueError, TypeError, ExtensionNotFound):
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in usage


def _verifies(basic: BasicOCSPResponse, signer: Certificate) -> bool:
    key, digest = signer.public_key(), _HASHES.get(basic["signature_algorithm"].hash_algo)
    signature, signed = basic["signature"].native, basic["tbs_response_data"].dump()
    try:
        if digest and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(digest))
        elif digest and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), digest)
        else:
            return False
    except InvalidSignature:
        return False
    return True

"""Probes the services that signatures need, each in its own protocol: OCSP, CRL, RFC 3161 time stamps."""

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_bytes

from asn1crypto.ocsp import OCSPResponse
from asn1crypto.tsp import TimeStampReq, TimeStampResp
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import (
    Certificate,
    OCSPNonce,
    load_der_x509_crl,
    load_pem_x509_certificate,
    load_pem_x509_crl,
    ocsp,
)
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus

from agent.clock import Clock
from agent.model import Failure
from probes.esignature.answers import SKEW, check_fresh, check_ocsp
from probes.esignature.asking import Question, ServiceError, ask, wrong
from probes.esignature.chain import Knowledge
from probes.esignature.trust import TrustStore

LARGEST_CRL = 32 * 2**20
_HASH = "sha256"


class SignatureServices:
    """Asks a PKI's services. Each probe returns None when the service does its work, within ``timeout`` seconds.

    ``tls`` is for services over HTTPS (None: the system's trust).
    """

    def __init__(
        self, trust: Sequence[TrustStore], *, clock: Clock | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self._knowledge = Knowledge(stores=tuple(trust))
        self._clock = clock or Clock()
        self._tls = tls

    async def probe_ocsp(
        self,
        url: str,
        *,
        certificate: bytes,
        issuer: bytes,
        timeout: float,  # noqa: ASYNC109 - aiohttp keeps it
    ) -> Failure | None:
        """Ask about a certificate (both PEM): the answer must be signed for the issuer, fresh, and about it."""
        asked, above, nonce = load_pem_x509_certificate(certificate), load_pem_x509_certificate(issuer), token_bytes(16)
        # The certificate's id by SHA-1 is what every responder knows (RFC 5019); nothing rests on it.
        builder = ocsp.OCSPRequestBuilder().add_certificate(asked, above, SHA1())  # noqa: S303 - see above
        request = builder.add_extension(OCSPNonce(nonce), critical=False).build()
        headers = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}
        question = Question(url=url, body=request.public_bytes(Encoding.DER), headers=headers)
        try:
            answer = OCSPResponse.load(await ask(question, timeout=timeout, tls=self._tls))
            check_fresh(*check_ocsp(answer, asked, above, nonce), self._clock.now())
        except ServiceError as error:
            return error.failure
        except Exception:  # noqa: BLE001 - what a service sends may be anything
            return wrong("not an OCSP response").failure
        return None

    async def probe_crl(self, url: str, *, issuer: bytes, timeout: float) -> Failure | None:  # noqa: ASYNC109 - aiohttp keeps it
        """Fetch a list: it must be signed by the issuer (PEM), and its next issue not overdue."""
        above = load_pem_x509_certificate(issuer)
        try:
            body = await ask(Question(url=url, most=LARGEST_CRL), timeout=timeout, tls=self._tls)
            crl = load_pem_x509_crl(body) if body.startswith(b"-----") else load_der_x509_crl(body)
            if crl.issuer != above.subject or not crl.is_signature_valid(_crl_key(above)):
                raise wrong("the list is not signed by the issuer")
            check_fresh(crl.last_update_utc, crl.next_update_utc, self._clock.now())
        except ServiceError as error:
            return error.failure
        except (ValueError, TypeError, UnsupportedAlgorithm):
            return wrong("not a CRL").failure
        return None

    async def probe_tsa(self, url: str, *, timeout: float) -> Failure | None:  # noqa: ASYNC109 - aiohttp keeps it
        """Have something stamped: the token must carry our nonce and digest, the time, and lead to a trust store."""
        now = self._clock.now()
        digest = sha256(token_bytes(32)).digest()
        try:
            token = await _Client(url, timeout, self._tls).async_timestamp(digest, _HASH)
            await self._check_token(token["content"], digest, now)
        except ServiceError as error:
            return error.failure
        except TimestampRequestError as error:
            return wrong(str(error)[:200]).failure
        except Exception:  # noqa: BLE001 - what a service sends may be anything
            return wrong("not a time stamp").failure
        return None

    async def _check_token(self, signed: object, digest: bytes, now: datetime) -> None:
        certs = extract_certs_for_validation(signed)
        known = Knowledge(stores=self._knowledge.stores, certificates=[certs.signer_cert, *certs.other_certs])
        status = TimestampSignatureStatus(
            **await validate_tst_signed_data(signed, known.unasked(now), lambda _: digest)
        )
        if not (status.intact and status.valid):
            raise wrong("the time stamp is not signed, or not over what was sent")
        if not status.trusted:
            raise wrong("the time stamp leads to no configured trust store")
        if abs(status.timestamp.astimezone(UTC) - now) > SKEW:
            raise wrong(f"the time stamp is off by more than {SKEW}")


class _Client(TimeStamper):
    def __init__(self, url: str, timeout: float, tls: ssl.SSLContext | None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url
        self._timeout = timeout
        self._tls = tls

    async def async_request_tsa_response(self, req: TimeStampReq) -> TimeStampResp:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        question = Question(url=self._url, body=req.dump(), headers=headers)
        return TimeStampResp.load(await ask(question, timeout=self._timeout, tls=self._tls))


def _crl_key(issuer: Certificate) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    key = issuer.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise wrong("the issuer's key is neither EC nor RSA")
    return key

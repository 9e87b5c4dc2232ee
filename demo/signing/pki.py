"""The signing PKI: keys and certificates of one run, the services that answer for them, and signing with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from asn1crypto import pem
from asn1crypto.x509 import Certificate
from certomancer.integrations.aiohttp_animator import build_animator_app
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, PKIArchitecture, ServiceLabel
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from demo.signing.cast import Level, Signer
from demo.signing.pen import Ink, Manner, Reserved, complete, reserve, sign, sign_digest
from demo.signing.plan import ARCHITECTURE, BRANCHES, GOVERNMENT, NATIONAL, PARTS, TSA, configuration, labels
from demo.signing.stamps import Stamps

_PLAIN = Manner()


@dataclass(frozen=True, slots=True)
class SigningPki:
    """Made by :meth:`make`; ``base_url`` is where :meth:`app` is served, and what the certificates point to."""

    architecture: PKIArchitecture
    base_url: str

    @classmethod
    def make(cls, *, now: datetime, base_url: str) -> "SigningPki":
        """A new PKI with keys of its own, around ``now``."""
        with TemporaryDirectory(prefix="portalwatch-pki-") as folder:
            for label in labels():
                (Path(folder) / f"{label}.pem").write_bytes(_new_key())
            # Certificates and lists have whole seconds (RFC 5280). Keys are read at once, so the files may go.
            config = CertomancerConfig(configuration(now.replace(microsecond=0), base_url), key_search_dir=folder)
        return cls(config.get_pki_arch(ArchLabel(ARCHITECTURE)), base_url)

    def app(self) -> web.Application:
        """OCSP, CRL and RFC 3161, over plain HTTP."""
        known: Mapping[ArchLabel, PKIArchitecture] = {self.architecture.arch_label: self.architecture}
        return build_animator_app(dict(known), with_web_ui=False, allow_time_override=False)

    @property
    def national_root(self) -> bytes:
        """The root above persons, organisations and the TSA, as PEM."""
        return self.pem(NATIONAL.root)

    @property
    def government_root(self) -> bytes:
        """The root above officials, as PEM."""
        return self.pem(GOVERNMENT.root)

    @property
    def ocsp_url(self) -> str:
        """The responder for what the national intermediate issued."""
        return f"{self.base_url}/{ARCHITECTURE}/ocsp/{NATIONAL.issuer}"

    @property
    def crl_url(self) -> str:
        """The list of what the national intermediate revoked."""
        return f"{self.base_url}/{ARCHITECTURE}/crls/{NATIONAL.issuer}/latest.crl"

    @property
    def tsa_url(self) -> str:
        """The time stamping authority."""
        return f"{self.base_url}/{ARCHITECTURE}/tsa/{TSA}"

    def pem(self, label: str) -> bytes:
        """The certificate of a label in :mod:`demo.signing.plan`, as PEM."""
        return bytes(pem.armor("CERTIFICATE", self._certificate(label).dump()))

    def pkcs12(self, signer: Signer, password: str) -> bytes:
        """Key and chain of a signer, under a password."""
        package: bytes = self.architecture.package_pkcs12(CertLabel(signer.value), password=password.encode())
        return package

    async def sign(
        self, pdf: bytes, *, signer: Signer, level: Level = Level.B_T, at: datetime | None = None, how: Manner = _PLAIN
    ) -> bytes:
        """The PDF with one more signature.

        ``at`` is when it says that it was signed, and when the time stamp is from (None: now, by the TSA over HTTP).

        Raises:
            ValueError: B-LT was asked of a signer whose certificate is not valid now.
            OSError: the TSA does not answer.
        """
        return await sign(pdf, self._ink(signer, at), level=level, how=how)

    async def reserve(self, pdf: bytes, *, signer: Signer, level: Level = Level.B_T) -> Reserved:
        """The first half of a signature: what must be signed is ``digest``. Raises like :meth:`sign`."""
        return await reserve(pdf, self._ink(signer, None), level=level)

    def sign_digest(self, digest: bytes, signer: Signer) -> bytes:
        """The raw signature of a SHA-256, as a signer's own device would make it."""
        return sign_digest(digest, self._ink(signer, None).key)

    async def complete(self, reserved: Reserved, signature: bytes) -> bytes:
        """The second half of a signature.

        Raises:
            ValueError: the signature is not the signer's over ``reserved.digest``.
        """
        return await complete(reserved, signature, self._ink(reserved.signer, None))

    def _ink(self, signer: Signer, at: datetime | None) -> Ink:
        branch = PARTS[signer].branch
        spec = self.architecture.get_cert_spec(CertLabel(signer.value))
        return Ink(
            signer=signer,
            certificate=self._certificate(signer.value),
            key=self.architecture.key_set.get_private_key(spec.subject_key),
            above=(self._certificate(branch.issuer),),
            stamps=self._stamps(at),
            roots=tuple(self._certificate(each.root) for each in BRANCHES),
            at=at or datetime.now(UTC),
        )

    def _stamps(self, at: datetime | None) -> Stamps:
        services = self.architecture.service_registry
        if at is None:
            return Stamps(url=self.tsa_url)
        return Stamps(authority=services.summon_timestamper(ServiceLabel(TSA), at))

    def _certificate(self, label: str) -> Certificate:
        return self.architecture.get_cert(CertLabel(label))


def _new_key() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

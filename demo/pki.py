"""A certificate authority made at start: a root to trust, an intermediate that signs, and chains good and bad."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_YEAR = timedelta(days=365)
_AGE = timedelta(days=20)
_NEARLY = timedelta(days=2, hours=1)


@dataclass(frozen=True, slots=True)
class Signer:
    """A certificate that signs others, with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a leaf should say. ``names`` are its alternative names, the first is its subject unless given."""

    names: Sequence[str]
    subject: str = ""
    lifetime: timedelta = _YEAR
    age: timedelta = _AGE


@dataclass(frozen=True, slots=True)
class Chain:
    """What a server presents, leaf first, as PEM."""

    key: bytes
    certificates: bytes


@dataclass(frozen=True, slots=True)
class Authority:
    """Root, intermediate, and a stray intermediate of an unrelated root. ``now`` is when they were made."""

    now: datetime
    root: Signer
    intermediate: Signer
    stray: Signer
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def make(cls, now: datetime) -> "Authority":
        """A new authority, valid from a day before ``now`` for ten years."""
        root = _signer("Portalwatch Demo Root CA", None, now)
        unrelated = _signer("Portalwatch Demo Legacy Root", None, now)
        return cls(
            now,
            root,
            _signer("Portalwatch Demo Issuing CA", root, now),
            _signer("Portalwatch Demo Legacy Issuing CA", unrelated, now),
            ec.generate_private_key(ec.SECP256R1()),
        )

    @property
    def root_pem(self) -> bytes:
        """The root, the only certificate to trust."""
        return self.root.certificate.public_bytes(Encoding.PEM)

    def good(self, host: str) -> Chain:
        """The leaf of ``host`` with the intermediate."""
        return self._issued(Wish(names=[host]))

    def expired(self, host: str) -> Chain:
        """A leaf that ended nine days ago."""
        return self._issued(Wish(names=[host], lifetime=-timedelta(days=9), age=_YEAR))

    def expiring(self, host: str) -> Chain:
        """A leaf with two days left."""
        return self._issued(Wish(names=[host], lifetime=_NEARLY, age=_YEAR - _NEARLY))

    def foreign(self, host: str) -> Chain:
        """A leaf that was made for other hosts."""
        return self._issued(Wish(names=[f"cong-cu.{host}", "hosting.localhost"]))

    def renamed(self, host: str) -> Chain:
        """A leaf with somebody else as subject and ``host`` among its alternative names."""
        names = ["hosting.localhost", host, f"www.{host}"]
        return self._issued(Wish(names=names, subject="hosting.localhost"))

    def lone(self, host: str) -> Chain:
        """A leaf that signs itself."""
        leaf = _leaf(Wish(names=[host]), self.key, None, self.now)
        return Chain(self._key_pem(), leaf.public_bytes(Encoding.PEM))

    def crowded(self, host: str) -> Chain:
        """The good leaf and intermediate, with a stray intermediate and the root behind them."""
        return self._issued(Wish(names=[host]), [self.stray.certificate, self.root.certificate])

    def _issued(self, wish: Wish, extra: Sequence[x509.Certificate] = ()) -> Chain:
        leaf = _leaf(wish, self.key, self.intermediate, self.now)
        served = [leaf, self.intermediate.certificate, *extra]
        return Chain(self._key_pem(), b"".join(one.public_bytes(Encoding.PEM) for one in served))

    def _key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Portalwatch Demo"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _signer(common: str, issuer: Signer | None, now: datetime) -> Signer:
    key = ec.generate_private_key(ec.SECP256R1())
    above = issuer.certificate.subject if issuer else _name(common)
    builder = _builder(_name(common), above, key, now - timedelta(days=1), now + 10 * _YEAR)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0 if issuer else 1), critical=True)
    builder = builder.add_extension(_usage(signs=True), critical=True)
    signing = issuer.key if issuer else key
    return Signer(_finish(builder, key, signing), key)


def _leaf(wish: Wish, key: ec.EllipticCurvePrivateKey, issuer: Signer | None, now: datetime) -> x509.Certificate:
    subject = _name((wish.subject or wish.names[0])[:64])
    above = issuer.certificate.subject if issuer else subject
    builder = _builder(subject, above, key, now - wish.age, now + wish.lifetime)
    names = x509.SubjectAlternativeName([x509.DNSName(name) for name in wish.names])
    builder = builder.add_extension(names, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return _finish(builder, key, issuer.key if issuer else key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return builder.serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(ends)


def _finish(
    builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey, signing: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = builder.add_extension(own, critical=False).add_extension(above, critical=False)
    return builder.sign(signing, hashes.SHA256())

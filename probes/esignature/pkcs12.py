"""Signs like a plug-in on the user's machine does: with a PKCS #12 and the digest that a portal hands over."""

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates


def sign_digest(digest: bytes, package: bytes, password: str) -> bytes:
    """The raw signature of a SHA-256: DER for EC keys, PKCS #1 v1.5 for RSA.

    Raises:
        ValueError: the password is wrong, or the package holds no such key.
    """
    key, _, _ = load_key_and_certificates(package, password.encode())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(digest, ec.ECDSA(Prehashed(SHA256())))
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(digest, padding.PKCS1v15(), Prehashed(SHA256()))
    raise ValueError("the package holds no key to sign with")

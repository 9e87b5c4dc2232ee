"""Signs like a plug-in does: with nothing but a PKCS #12 and what is to be signed."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates


def sign_with_pkcs12(digest: bytes, package: bytes, password: str) -> bytes:
    """The raw signature of a SHA-256.

    Raises:
        ValueError: the password is wrong, or the package holds no EC key.
    """
    key, _, _ = load_key_and_certificates(package, password.encode())
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("the package holds no EC key")  # noqa: TRY004 - the data is wrong, not its type
    return key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))

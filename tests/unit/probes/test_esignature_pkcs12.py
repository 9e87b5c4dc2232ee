import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from probes.esignature.pkcs12 import sign_digest

DATA = b"what the portal wants signed"
DIGEST = hashlib.sha256(DATA).digest()


def packed(key) -> bytes:
    return serialize_key_and_certificates(b"me", key, None, None, BestAvailableEncryption(b"right"))


def test_it_signs_with_an_ec_key() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    key.public_key().verify(sign_digest(DIGEST, packed(key), "right"), DATA, ec.ECDSA(SHA256()))


def test_it_signs_with_an_rsa_key() -> None:
    key = rsa.generate_private_key(65_537, 2048)
    key.public_key().verify(sign_digest(DIGEST, packed(key), "right"), DATA, padding.PKCS1v15(), SHA256())


def test_it_says_when_there_is_no_key_to_sign_with() -> None:
    with pytest.raises(ValueError, match="no key to sign with"):
        sign_digest(DIGEST, packed(ed25519.Ed25519PrivateKey.generate()), "right")


def test_it_says_when_the_password_is_wrong() -> None:
    with pytest.raises(ValueError, match=r"(?i)password"):
        sign_digest(DIGEST, packed(ec.generate_private_key(ec.SECP256R1())), "wrong")

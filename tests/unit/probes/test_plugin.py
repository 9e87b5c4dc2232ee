"""The stand-in for the signing plug-in signs a digest, and bears whatever a page sends."""

import json
import secrets
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509 import CertificateBuilder, Name, NameAttribute, random_serial_number
from cryptography.x509.oid import NameOID

from probes.platforms.plugin import ADDRESS, BAD_REQUEST, LONGEST, NO_KEY, answer
from tests.factories import account

DIGEST = "ab" * 32
PASSWORD = secrets.token_urlsafe(9)
KEY = ec.generate_private_key(ec.SECP256R1())


def package():
    name = Name([NameAttribute(NameOID.COMMON_NAME, "tester")])
    builder = CertificateBuilder().subject_name(name).issuer_name(name).public_key(KEY.public_key())
    builder = builder.serial_number(random_serial_number())
    builder = builder.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(
        datetime(2027, 1, 1, tzinfo=UTC)
    )
    return serialize_key_and_certificates(
        b"tester", KEY, builder.sign(KEY, SHA256()), None, BestAvailableEncryption(PASSWORD.encode())
    )


TESTER = account(key=package(), key_password=PASSWORD)


def asked(message, who=TESTER):
    return json.loads(answer(message, who))


@pytest.mark.parametrize("digest", [DIGEST, DIGEST.upper()])
def test_it_signs_the_digest_it_is_given(digest):
    said = asked(json.dumps({"Function": "SignHash", "HashValue": digest}))
    assert said["Status"] == 0
    signature = bytes.fromhex(said["Signature"])
    KEY.public_key().verify(signature, bytes.fromhex(DIGEST), ec.ECDSA(Prehashed(SHA256())))
    with pytest.raises(InvalidSignature):
        KEY.public_key().verify(signature, bytes(32), ec.ECDSA(Prehashed(SHA256())))


@pytest.mark.parametrize(
    "message",
    [
        "",
        "{",
        "null",
        "[]",
        "7",
        '"HashValue"',
        "{}",
        b"\xff\xfe\x00",
        '{"HashValue": null}',
        '{"HashValue": ["' + DIGEST + '"]}',
        '{"HashValue": ""}',
        '{"HashValue": "' + DIGEST[:-1] + '"}',
        '{"HashValue": "' + DIGEST + '00"}',
        '{"HashValue": "' + DIGEST + '\\n"}',
        '{"HashValue": "' + "g" * 64 + '"}',
        '{"HashValue": "' + "٣" * 64 + '"}',
        '{"HashValue": 1e999}',
        "9" * 5000,
        "[" * LONGEST,
        "[" * 100_000,
    ],
    ids=range(20),
)
def test_it_refuses_whatever_is_no_digest(message):
    assert asked(message) == {"Status": BAD_REQUEST}


@pytest.mark.parametrize("changes", [{"key_password": "wrong"}, {"key": b""}, {"key": b"\x30\x82 no package"}])
def test_it_says_that_it_has_no_key_and_nothing_more(changes):
    who = account(**{"key": TESTER.key, "key_password": PASSWORD, **changes})
    assert asked(json.dumps({"HashValue": DIGEST}), who) == {"Status": NO_KEY}


def test_it_stands_in_for_one_address_on_this_machine():
    assert ADDRESS.search("wss://127.0.0.1:8987/")
    assert not any(ADDRESS.search(url) for url in ("wss://evil.example/?wss://127.0.0.1:8987/", "ws://127.0.0.1:8987/"))

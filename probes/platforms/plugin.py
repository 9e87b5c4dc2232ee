"""The signing plug-in that portals expect on the user's machine; the browser is given ours in its place. Pure."""

import json
import re

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

from agent.model import Account

ADDRESS = re.compile(r"^wss://127\.0\.0\.1:8987/")
SHA256_HEX = re.compile(r"[0-9a-fA-F]{64}")
BAD_REQUEST, NO_KEY = 1, 2


def answer(message: str | bytes, account: Account) -> str:
    """What the plug-in says to a page's wish, which is hostile input: status 0 with a signature, or another status."""
    try:
        digest = str(json.loads(message)["HashValue"])
    except (ValueError, KeyError, TypeError):
        digest = ""
    if not SHA256_HEX.fullmatch(digest):
        return json.dumps({"Status": BAD_REQUEST})
    signature = _signed(bytes.fromhex(digest), account)
    return json.dumps({"Status": 0, "Signature": signature.hex()} if signature else {"Status": NO_KEY})


def _signed(digest: bytes, account: Account) -> bytes:
    if not account.key:
        return b""
    key, _, _ = load_key_and_certificates(account.key, account.key_password.encode())
    hashed = utils.Prehashed(hashes.SHA256())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(digest, ec.ECDSA(hashed))
    return key.sign(digest, PKCS1v15(), hashed) if isinstance(key, rsa.RSAPrivateKey) else b""

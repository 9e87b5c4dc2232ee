"""The signing plug-in that portals expect on the user's machine; the browser is given ours in its place. Pure."""

import json
import re

from agent.model import Account
from probes.esignature.pkcs12 import sign_digest

ADDRESS = re.compile(r"^wss://127\.0\.0\.1:8987/")
SHA256_HEX = re.compile(r"[0-9a-fA-F]{64}")
BAD_REQUEST, NO_KEY = 1, 2
LONGEST = 4096
"""Characters of a wish; one with a digest has some hundred."""


def answer(message: str | bytes, account: Account) -> str:
    """What the plug-in says to a page's wish, which is hostile input: status 0 with a signature, or another status."""
    try:
        digest = str(json.loads(message)["HashValue"]) if len(message) <= LONGEST else ""
    except (ValueError, KeyError, TypeError, RecursionError):
        digest = ""
    if not SHA256_HEX.fullmatch(digest):
        return json.dumps({"Status": BAD_REQUEST})
    try:
        signature = sign_digest(bytes.fromhex(digest), account.key, account.key_password)
    except ValueError:
        return json.dumps({"Status": NO_KEY})
    return json.dumps({"Status": 0, "Signature": signature.hex()})

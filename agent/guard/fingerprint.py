"""Tells one set of credentials from another without keeping either."""

import hmac
import json
import secrets
from functools import lru_cache
from hashlib import scrypt

from agent.model import Account

SALT_BYTES = 16
COST = 2**14
"""Of scrypt: some 50 ms a guess, since a person's password or PIN is short."""

KNOWN = 256
"""As many accounts as one agent may have without making a fingerprint twice."""


@lru_cache(maxsize=KNOWN)
def fingerprint(account: Account) -> str:
    """A salted fingerprint of the account's credentials; its salt is drawn once a process."""
    salt = secrets.token_bytes(SALT_BYTES)
    return f"{salt.hex()}${_hash(account, salt).hex()}"


@lru_cache(maxsize=KNOWN)
def matches(account: Account, kept: str) -> bool:
    """Whether a fingerprint is of these credentials."""
    salt, _, digest = kept.partition("$")
    return hmac.compare_digest(_hash(account, bytes.fromhex(salt)).hex(), digest)


def _hash(account: Account, salt: bytes) -> bytes:
    said = [account.username, account.password, account.pin, account.key.hex(), account.key_password]
    return scrypt(json.dumps(said).encode(), salt=salt, n=COST, r=8, p=1)

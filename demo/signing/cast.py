"""Who signs, and how much proof a signature carries."""

from enum import StrEnum


class Signer(StrEnum):
    """The signers there are; only the first three may sign and are believed."""

    PERSON = "person"
    ORGANISATION = "organisation"
    OFFICIAL = "official"
    """Of a public body, under the government's root."""
    EXPIRED = "expired"
    """Its certificate ended nine days ago."""
    REVOKED = "revoked"
    """Its certificate was revoked a day ago."""
    WRONG_KEY_USAGE = "wrong-key-usage"
    """Its certificate is for encryption."""
    UNKNOWN = "unknown"
    """Under a root that nobody trusts."""


class Level(StrEnum):
    """PAdES baseline levels (ETSI EN 319 142-1)."""

    B_B = "B-B"
    B_T = "B-T"
    """With a time stamp."""
    B_LT = "B-LT"
    """With a time stamp, the chain and what proves that it was not revoked."""

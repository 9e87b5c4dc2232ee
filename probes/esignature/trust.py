"""Trust stores: named sets of roots, kept apart so that a report can say which one a signer belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import pem
from asn1crypto.x509 import Certificate

from agent.errors import PortalwatchError

LARGEST_STORE = 4 * 2**20
"""Bytes of a trust store's file that are read; all the CAs of a browser are under one MiB."""


@dataclass(frozen=True, slots=True)
class TrustStore:
    """A name, and root certificates in DER."""

    name: str
    certificates: tuple[bytes, ...]


def from_pem(name: str, data: bytes) -> TrustStore:
    """The store with every certificate of PEM (or the one of DER).

    Raises:
        ValueError: there is none, or one can't be read.
    """
    blocks = (
        [der for kind, _, der in pem.unarmor(data, multiple=True) if kind == "CERTIFICATE"]
        if pem.detect(data)
        else [data]
    )
    for der in blocks:
        _ = Certificate.load(der, strict=True).subject.native
    if not blocks:
        raise ValueError("no certificate in it")
    return TrustStore(name, tuple(blocks))


def load(name: str, path: Path) -> TrustStore:
    """The store in a file.

    Raises:
        PortalwatchError: it can't be read, or holds no certificate.
    """
    try:
        with path.open("rb") as file:
            return from_pem(name, file.read(LARGEST_STORE))
    except (OSError, ValueError, TypeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not a file of certificates"
        raise PortalwatchError(f"trust store {name}: {path}: {why}") from error


def named(stores: Sequence[TrustStore], root: bytes) -> str:
    """The name of the first store with a root, or nothing."""
    return next((store.name for store in stores if root in store.certificates), "")

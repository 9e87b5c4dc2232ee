"""Reading certificates that a stranger sent: any of these functions may meet nonsense and says so quietly. Pure."""

import ipaddress
from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from probes.net.urls import is_address

_DAY_S = 86_400
_UNREADABLE = (ValueError, UnsupportedAlgorithm, x509.ExtensionNotFound, x509.DuplicateExtension)


def _alternative_names(leaf: x509.Certificate) -> x509.SubjectAlternativeName | None:
    try:
        return leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except _UNREADABLE:
        return None


def _name_matches(pattern: str, host: str) -> bool:
    pattern = pattern.lower().rstrip(".")
    if not pattern.startswith("*."):
        return pattern == host
    first, dot, rest = host.partition(".")
    # A wildcard stands for exactly one whole label, and never right under a top level.
    return bool(first and dot) and rest == pattern[2:] and "." in rest


def matches_host(leaf: x509.Certificate, host: str) -> bool:
    """Whether the subject alternative names cover ``host`` (ASCII); the common name is not looked at."""
    names = _alternative_names(leaf)
    if names is None:
        return False
    if is_address(host):
        return ipaddress.ip_address(host) in names.get_values_for_type(x509.IPAddress)
    bare = host.lower().rstrip(".")
    return any(_name_matches(pattern, bare) for pattern in names.get_values_for_type(x509.DNSName))


def days_left(certificate: x509.Certificate, now: datetime) -> float | None:
    """Days until the certificate expires, negative afterwards; None when its dates can't be read."""
    try:
        return (certificate.not_valid_after_utc - now).total_seconds() / _DAY_S
    except ValueError:
        return None


def least_days_left(chain: Sequence[x509.Certificate], now: datetime) -> float | None:
    """The least of a chain's days; None when none can be read."""
    return min((days for each in chain if (days := days_left(each, now)) is not None), default=None)


def key_bits(certificate: x509.Certificate) -> int | None:
    """The size of an RSA or EC key; None for another kind, or one that can't be read."""
    try:
        key = certificate.public_key()
    except _UNREADABLE:
        return None
    return key.key_size if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) else None

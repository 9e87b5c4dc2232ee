"""The TLS side of a portal: the chain and the protocol that its fault asks for."""

import ssl
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from demo.faults import Fault
from demo.pki import Authority, Chain

_CHAINS: Mapping[Fault, Callable[[Authority, str], Chain]] = {
    Fault.CERT_EXPIRED: Authority.expired,
    Fault.CERT_WRONG_HOST: Authority.foreign,
    Fault.CERT_SELF_SIGNED: Authority.lone,
    Fault.NEAR_CERT_EXPIRED: Authority.expiring,
    Fault.NEAR_CERT_WRONG_HOST: Authority.renamed,
    Fault.NEAR_CERT_SELF_SIGNED: Authority.crowded,
}
_STRONG = "ECDHE+AESGCM:ECDHE+CHACHA20"
_LEGACY = "ALL:!aNULL:!eNULL:@SECLEVEL=0"


def server_context(authority: Authority, host: str, fault: Fault | None) -> ssl.SSLContext:
    """What the portal at ``host`` speaks while it suffers from ``fault``."""
    make = _CHAINS.get(fault, Authority.good) if fault else Authority.good
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _load(context, make(authority, host))
    _set_protocol(context, fault)
    return context


def _load(context: ssl.SSLContext, chain: Chain) -> None:
    with TemporaryDirectory(prefix="portal-key-") as folder:
        path = Path(folder) / "chain.pem"
        path.touch(mode=0o600)
        path.write_bytes(chain.key + chain.certificates)
        context.load_cert_chain(path)


def _set_protocol(context: ssl.SSLContext, fault: Fault | None) -> None:
    if fault is Fault.WEAK_TLS:
        # OpenSSL 3 signs with SHA-1, which TLS 1.0 and 1.1 need, at security level 0 only.
        context.set_ciphers(_LEGACY)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
        return
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_STRONG)
    if fault is Fault.NEAR_WEAK_TLS:
        context.maximum_version = ssl.TLSVersion.TLSv1_2

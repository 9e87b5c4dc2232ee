"""Builds what verifies signatures, and what asks the services behind them."""

import ssl
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.x509 import load_pem_x509_certificate

from agent.config import Config, Service, ServiceKind
from agent.errors import PortalwatchError
from agent.model import Failure
from probes.esignature import PdfVerifier, TrustStore, load
from probes.http import HttpProber

if TYPE_CHECKING:
    from probes.esignature.services import SignatureServices

Ask = Callable[[str], Awaitable[Failure | None]]


def trust_stores(config: Config) -> tuple[TrustStore, ...]:
    """The stores that agent.yaml names.

    Raises:
        PortalwatchError: a file holds no certificate.
    """
    return tuple(load(store.name, store.file) for store in config.agent.signatures.trust_stores)


def pdf_verifier(config: Config | None, extra: Sequence[TrustStore] = ()) -> PdfVerifier:
    """A verifier with the stores of a configuration behind ``extra``; without one, it fetches nothing.

    Raises:
        PortalwatchError: there is no store, or a file of one holds no certificate.
    """
    stores = (*extra, *(trust_stores(config) if config else ()))
    if not stores:
        raise PortalwatchError("no trust store: name one as signatures.trust_stores in agent.yaml, or with --trust")
    if config is None:
        return PdfVerifier(stores, fetch=False)
    settings = config.agent.signatures
    return PdfVerifier(stores, fetch=settings.fetch, fetch_hosts=settings.fetch_hosts)


def by_protocol(config: Config, http: HttpProber, *, within: float) -> Ask:
    """Asks a control or shared service by its URL, in the protocol of its kind, within ``within`` seconds.

    Raises:
        PortalwatchError: a file that a service is asked with holds no certificate.
    """
    asks = _asks(config, within)

    async def reach(url: str) -> Failure | None:
        ask = asks.get(url)
        return await (ask() if ask else http.probe_url(url, timeout=within))

    return reach


def _asks(config: Config, within: float) -> dict[str, Callable[[], Awaitable[Failure | None]]]:
    services = [service for service in config.agent.services if service.kind is not ServiceKind.HTTP]
    if not services:
        return {}
    from probes.esignature.services import SignatureServices  # noqa: PLC0415 - 40 MB that most agents don't need

    store = config.agent.trust_store
    tls = ssl.create_default_context(cafile=store) if store else None
    prober = SignatureServices(trust_stores(config), tls=tls)
    return {service.url: _ask(prober, service, within) for service in services}


def _ask(prober: "SignatureServices", service: Service, within: float) -> Callable[[], Awaitable[Failure | None]]:
    issuer = _pem(service, service.issuer)
    certificate = _pem(service, service.certificate)

    async def ask() -> Failure | None:
        if service.kind is ServiceKind.OCSP:
            return await prober.probe_ocsp(service.url, certificate=certificate, issuer=issuer, timeout=within)
        if service.kind is ServiceKind.CRL:
            return await prober.probe_crl(service.url, issuer=issuer, timeout=within)
        return await prober.probe_tsa(service.url, timeout=within)

    return ask


def _pem(service: Service, path: Path | None) -> bytes:
    if path is None:
        return b""
    try:
        data = path.read_bytes()
        load_pem_x509_certificate(data)
    except (OSError, ValueError) as error:
        raise PortalwatchError(f"service {service.name}: {path}: not a certificate in PEM") from error
    return data

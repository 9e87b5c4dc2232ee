"""What agent.yaml may say of controls, of the services that portals share, and of whom signatures are traced to."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from agent.config.fields import FilePath, Host, Slug, Strict, Url, refuse


class Control(Strict):
    """A target of our own choosing that tells our network's outage from a portal's."""

    name: Slug
    url: Url


class ServiceKind(StrEnum):
    """The protocol in which a shared service is asked."""

    HTTP = "http"
    OCSP = "ocsp"
    CRL = "crl"
    TSA = "tsa"


class Service(Control):
    """A service that portals share; a failing request to one of ``hosts`` asks ``url`` whether it is down.

    An OCSP responder is asked about ``certificate``; its answer, or a CRL, must be signed for ``issuer`` (PEM files).
    """

    hosts: Annotated[tuple[Host, ...], Field(min_length=1)]
    kind: Annotated[ServiceKind, Field(strict=False)] = ServiceKind.HTTP
    certificate: FilePath | None = None
    issuer: FilePath | None = None

    @model_validator(mode="after")
    def _what_it_is_asked_with(self) -> Self:
        given = (self.certificate is not None, self.issuer is not None)
        wanted = (self.kind is ServiceKind.OCSP, self.kind in {ServiceKind.OCSP, ServiceKind.CRL})
        if given != wanted:
            raise refuse(f"must have {_WITH[wanted]} as its kind is {self.kind}")
        return self


_WITH = {
    (True, True): "certificate and issuer",
    (False, True): "issuer and no certificate",
    (False, False): "neither certificate nor issuer",
}


class TrustStoreFile(Strict):
    """A PEM file of root certificates; ``name`` is what reports call it."""

    name: Slug
    file: FilePath


class Signatures(Strict):
    """Whom signatures on PDFs are traced to, and where revocation data may be fetched; other hosts are never asked."""

    trust_stores: tuple[TrustStoreFile, ...] = ()
    fetch: bool = True
    fetch_hosts: tuple[Host, ...] = ()

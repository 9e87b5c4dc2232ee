"""Revocation data is fetched from allowed hosts, whatever a certificate or a redirect names."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from demo.signing import Signer, SigningPki
from probes.esignature import PdfVerifier, Reason
from tests.integration.pki_lab import PDF, bound, on, origin, serving, stores


@asynccontextmanager
async def redirecting() -> AsyncIterator[SigningPki]:
    """A PKI whose certificates name 127.0.0.1, from where every question is sent on to localhost."""
    with bound() as front, bound() as behind:

        async def elsewhere(request: web.Request) -> web.Response:
            raise web.HTTPTemporaryRedirect(origin(behind, "localhost") + request.path)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", elsewhere)
        pki = SigningPki.make(now=datetime.now(UTC), base_url=origin(front))
        async with on(app, front), on(pki.app(), behind):
            yield pki


async def reasons(pki: SigningPki, *hosts: str) -> tuple[Reason, ...]:
    """What the file of a person comes to when ``hosts`` may be asked."""
    data = await pki.sign(PDF, signer=Signer.PERSON, at=datetime.now(UTC) - timedelta(hours=1))
    report = await PdfVerifier(stores(pki), fetch=True, fetch_hosts=hosts).verify(data)
    return report.reasons


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [(("127.0.0.1",), ()), (("localhost",), (Reason.REVOCATION_UNKNOWN,)), ((), (Reason.REVOCATION_UNKNOWN,))],
)
async def test_it_asks_allowed_hosts_only(hosts: tuple[str, ...], expected: tuple[Reason, ...]) -> None:
    async with serving() as pki:
        assert await reasons(pki, *hosts) == expected


@pytest.mark.parametrize(
    ("hosts", "expected"), [(("127.0.0.1", "localhost"), ()), (("127.0.0.1",), (Reason.REVOCATION_UNKNOWN,))]
)
async def test_it_follows_redirects_to_allowed_hosts_only(hosts: tuple[str, ...], expected: tuple[Reason, ...]) -> None:
    async with redirecting() as pki:
        assert await reasons(pki, *hosts) == expected


async def test_it_asks_nobody_when_fetching_is_off() -> None:
    async with serving() as pki:
        data = await pki.sign(PDF, signer=Signer.PERSON)
        report = await PdfVerifier(stores(pki), fetch=False, fetch_hosts=["127.0.0.1"]).verify(data)
    assert report.reasons == (Reason.REVOCATION_UNKNOWN,)

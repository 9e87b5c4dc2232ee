"""The services behind signatures, each asked in its own protocol on real sockets."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from agent.clock import Clock
from agent.model import Cause, Failure
from demo.signing import Signer, SigningPki
from probes.esignature import from_pem
from probes.esignature.services import SignatureServices
from tests.integration.pki_lab import serving, stores

WITHIN_S = 5.0
LATER = Clock(now=lambda: datetime.now(UTC) + timedelta(days=3))


def services(pki: SigningPki, **more: object) -> SignatureServices:
    return SignatureServices(stores(pki), **more)


async def ocsp(
    pki: SigningPki, url: str, *, signer: Signer = Signer.PERSON, issuer: str = "national-ca", **more: object
) -> Failure | None:
    certificate = pki.pem(signer.value)
    return await services(pki, **more).probe_ocsp(
        url, certificate=certificate, issuer=pki.pem(issuer), timeout=WITHIN_S
    )


async def crl(pki: SigningPki, url: str, *, issuer: str = "national-ca", **more: object) -> Failure | None:
    return await services(pki, **more).probe_crl(url, issuer=pki.pem(issuer), timeout=WITHIN_S)


async def tsa(pki: SigningPki, url: str, **more: object) -> Failure | None:
    return await services(pki, **more).probe_tsa(url, timeout=WITHIN_S)


URLS: dict[str, Callable[[SigningPki], str]] = {
    "ocsp": lambda pki: pki.ocsp_url,
    "crl": lambda pki: pki.crl_url,
    "tsa": lambda pki: pki.tsa_url,
}
PROBES = {"ocsp": ocsp, "crl": crl, "tsa": tsa}


@asynccontextmanager
async def answering(body: bytes, status: int = 200) -> AsyncIterator[str]:
    """A server that says the same to everybody."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=body, status=status)

    app = web.Application()
    app.router.add_route("*", "/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("kind", PROBES)
async def test_it_finds_nothing_wrong_with_a_service_that_works(kind: str) -> None:
    async with serving() as pki:
        assert await PROBES[kind](pki, URLS[kind](pki)) is None


async def test_a_responder_that_tells_of_a_revocation_works() -> None:
    async with serving() as pki:
        assert await ocsp(pki, pki.ocsp_url, signer=Signer.REVOKED) is None


@pytest.mark.parametrize("kind", PROBES)
async def test_it_sees_a_service_that_is_down(kind: str) -> None:
    async with serving() as pki:
        url = URLS[kind](pki)
    failure = await PROBES[kind](pki, url)
    assert failure
    assert failure.cause is Cause.CONNECTION_REFUSED


@pytest.mark.parametrize("kind", PROBES)
async def test_it_sees_an_error_for_what_it_is(kind: str) -> None:
    async with serving() as pki, answering(b"sorry", 503) as url:
        failure = await PROBES[kind](pki, url)
    assert failure
    assert (failure.cause, failure.detail) == (Cause.HTTP_STATUS, "status 503, expected 200")


@pytest.mark.parametrize("body", [b"", b"<html>200</html>", b"\x30\x80\xff", bytes(2**21)])
@pytest.mark.parametrize("kind", PROBES)
async def test_it_takes_no_page_for_an_answer(kind: str, body: bytes) -> None:
    async with serving() as pki, answering(body) as url:
        failure = await PROBES[kind](pki, url)
    assert failure
    assert failure.cause is Cause.PROTOCOL


@pytest.mark.parametrize("kind", ["ocsp", "crl"])
async def test_it_takes_no_stale_answer(kind: str) -> None:
    async with serving() as pki:
        failure = await PROBES[kind](pki, URLS[kind](pki), clock=LATER)
    assert failure
    assert failure.detail.startswith("the answer is stale since ")


async def test_it_takes_no_time_that_is_off() -> None:
    async with serving() as pki:
        failure = await tsa(pki, pki.tsa_url, clock=LATER)
    assert failure
    assert failure.detail.startswith("the time stamp is off")


async def test_it_takes_no_list_of_another_issuer() -> None:
    async with serving() as pki:
        failure = await crl(pki, pki.crl_url, issuer="government-ca")
    assert failure
    assert failure.detail == "the list is not signed by the issuer"


async def test_it_takes_no_time_stamp_that_nobody_trusts() -> None:
    async with serving() as pki:
        trusting = SignatureServices([from_pem("government", pki.government_root)])
        failure = await trusting.probe_tsa(pki.tsa_url, timeout=WITHIN_S)
    assert failure
    assert failure.detail == "the time stamp leads to no configured trust store"


async def test_it_takes_no_answer_about_another_certificate() -> None:
    async with serving() as pki:
        failure = await ocsp(pki, pki.ocsp_url, signer=Signer.OFFICIAL, issuer="government-ca")
    assert failure
    assert failure.detail == "response status unauthorized"


async def test_it_takes_no_answer_of_another_authority() -> None:
    """The other PKI's responder uses the same names with other keys."""
    async with serving() as pki, serving() as other:
        failure = await ocsp(pki, other.ocsp_url)
    assert failure
    assert failure.cause is Cause.PROTOCOL

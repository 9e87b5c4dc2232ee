"""Fetching of revocation data. Its addresses stand in certificates that anyone can make: hosts are allowed by name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientError, ClientHandlerType, ClientRequest, ClientResponse, ClientSession
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from pyhanko_certvalidator.fetchers.api import Fetchers, FetchLimits

WITHIN_S = 5
LARGEST_ANSWER = 8 * 2**20
"""Bytes; a national CRL has some hundred thousand entries of 40 bytes."""

_LIMITS = FetchLimits(max_requests=20, max_cert_requests=5, max_aia_urls_per_object=3)


class ForbiddenError(ClientError):
    """A host that config does not allow, or an answer too large to read."""


@asynccontextmanager
async def fetching(hosts: frozenset[str]) -> AsyncIterator[Fetchers]:
    """Fetchers of OCSP, CRL and issuers that reach ``hosts`` only, redirects included."""

    async def guard(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        if request.url.host not in hosts:
            raise ForbiddenError("host not allowed by fetch_hosts")
        response = await handler(request)
        if (response.content_length or 0) > LARGEST_ANSWER:
            response.close()
            raise ForbiddenError("answer too large")
        return response

    async with ClientSession(middlewares=(guard,), trust_env=False) as session:
        yield AIOHttpFetcherBackend(session, per_request_timeout=WITHIN_S, limits=_LIMITS).get_fetchers()

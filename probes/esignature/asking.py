"""One exchange with a service of a PKI, bounded in time and size."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import (
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientError,
    ClientOSError,
    ClientResponseError,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    ServerDisconnectedError,
    StreamReader,
)

from agent.model import Cause, Failure

STEP = "assert"
_CONNECT = "connect"
_CAUSES = (
    (ClientConnectorDNSError, Cause.DNS),
    (ClientSSLError, Cause.TLS_HANDSHAKE),
    (ServerDisconnectedError, Cause.CONNECTION_RESET),
    (TimeoutError, Cause.TIMEOUT),
    (ClientOSError, Cause.CONNECTION_RESET),
    (OSError, Cause.NETWORK),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is sent: ``body`` None is a GET. At most ``most`` bytes of the answer are taken."""

    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    most: int = 2**20


class ServiceError(Exception):
    """The service failed; ``failure`` says how."""

    def __init__(self, cause: Cause, step: str, detail: str) -> None:
        super().__init__(detail)
        self.failure = Failure(cause=cause, step=step, detail=detail)


def wrong(detail: str) -> ServiceError:
    """The error of an answer that is none."""
    return ServiceError(Cause.PROTOCOL, STEP, detail)


async def ask(question: Question, *, timeout: float, tls: ssl.SSLContext | None) -> bytes:  # noqa: ASYNC109 - aiohttp keeps it
    """The body of a 200.

    Raises:
        ServiceError: there is none, in time and of an allowed size.
    """
    limit = ClientTimeout(total=timeout)
    method = "GET" if question.body is None else "POST"
    try:
        async with (
            ClientSession(timeout=limit, trust_env=False) as session,
            session.request(
                method, question.url, data=question.body, headers=question.headers, ssl=tls or True
            ) as response,
        ):
            if response.status != 200:  # noqa: PLR2004 - the one status these protocols know
                raise ServiceError(Cause.HTTP_STATUS, STEP, f"status {response.status}, expected 200")
            return await _bounded(response.content, question.most)
    except ClientResponseError as error:
        raise ServiceError(Cause.PROTOCOL, STEP, "not an HTTP answer") from error
    except (ClientError, OSError) as error:
        raise ServiceError(_cause(error), _CONNECT, type(error).__name__) from error


async def _bounded(content: StreamReader, most: int) -> bytes:
    body = b""
    async for chunk in content.iter_chunked(2**16):
        body += chunk
        if len(body) > most:
            raise wrong(f"an answer of more than {most} bytes")
    return body


def _cause(error: Exception) -> Cause:
    if isinstance(error, ClientConnectorError) and isinstance(error.os_error, ConnectionRefusedError):
        return Cause.CONNECTION_REFUSED
    return next((cause for kind, cause in _CAUSES if isinstance(error, kind)), Cause.PROTOCOL)

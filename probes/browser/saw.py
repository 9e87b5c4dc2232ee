"""What a step can see go wrong, as one exception, and how Playwright's errors translate to it."""

import re

from playwright.async_api import Error, TimeoutError as PlaywrightTimeout

from agent.errors import AccountLockedError
from agent.model import Cause

NET_ERRORS: dict[str, Cause] = {
    "ERR_NAME_NOT_RESOLVED": Cause.DNS,
    "ERR_NAME_RESOLUTION_FAILED": Cause.DNS,
    "ERR_CONNECTION_REFUSED": Cause.CONNECTION_REFUSED,
    "ERR_CONNECTION_RESET": Cause.CONNECTION_RESET,
    "ERR_CONNECTION_CLOSED": Cause.CONNECTION_RESET,
    "ERR_CONNECTION_ABORTED": Cause.CONNECTION_RESET,
    "ERR_EMPTY_RESPONSE": Cause.CONNECTION_RESET,
    "ERR_INCOMPLETE_CHUNKED_ENCODING": Cause.CONNECTION_RESET,
    "ERR_CONTENT_LENGTH_MISMATCH": Cause.CONNECTION_RESET,
    "ERR_TIMED_OUT": Cause.TIMEOUT,
    "ERR_CONNECTION_TIMED_OUT": Cause.TIMEOUT,
    "ERR_CERT_DATE_INVALID": Cause.CERT_EXPIRED,
    "ERR_CERT_COMMON_NAME_INVALID": Cause.CERT_WRONG_HOST,
    "ERR_CERT_AUTHORITY_INVALID": Cause.CERT_UNTRUSTED,
    "ERR_CERT_": Cause.CERT_UNTRUSTED,
    "ERR_SSL_": Cause.TLS_HANDSHAKE,
    "ERR_BAD_SSL_CLIENT_AUTH_CERT": Cause.TLS_HANDSHAKE,
    "ERR_TOO_MANY_REDIRECTS": Cause.PROTOCOL,
    "ERR_INVALID_": Cause.PROTOCOL,
    "ERR_UNSAFE_": Cause.PROTOCOL,
    "ERR_HTTP2_PROTOCOL_ERROR": Cause.PROTOCOL,
    "ERR_HTTP_RESPONSE_CODE_FAILURE": Cause.HTTP_STATUS,
    "ERR_INTERNET_DISCONNECTED": Cause.NETWORK,
    "ERR_NETWORK_CHANGED": Cause.NETWORK,
    "ERR_ADDRESS_UNREACHABLE": Cause.CONNECTION_REFUSED,
    "ERR_INSUFFICIENT_RESOURCES": Cause.RESOURCES_SHORT,
    "ERR_OUT_OF_MEMORY": Cause.RESOURCES_SHORT,
    "ERR_FILE_NO_SPACE": Cause.RESOURCES_SHORT,
}

GONE = ("Target crashed", "Page crashed", "has been closed", "Connection closed", "Browser closed")


class SawError(Exception):
    """Raised inside a step by a page object or the stage; becomes the attempt's ``Failure``.

    ``landmark`` is the landmark found on the page, ``alternative`` whether a fallback locator matched,
    ``function`` the portal function that is missing.
    """

    def __init__(
        self,
        cause: Cause,
        detail: str,
        *,
        landmark: str = "",
        alternative: bool = False,
        function: str = "",
    ) -> None:
        super().__init__(detail)
        self.cause = cause
        self.detail = detail
        self.landmark = landmark
        self.alternative = alternative
        self.function = function


def cause_of(error: BaseException) -> Cause:
    """The cause that an exception of a step stands for; anything unknown is our own ``internal``."""
    if isinstance(error, SawError):
        return error.cause
    if isinstance(error, AccountLockedError):
        return Cause.CREDENTIALS_REFUSED
    if isinstance(error, PlaywrightTimeout | TimeoutError):
        return Cause.TIMEOUT
    if isinstance(error, Error):
        return _of_playwright(str(error))
    return Cause.INTERNAL


def brief(error: BaseException) -> str:
    """One line without queries: the error's first line, addresses cut at the question mark."""
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return re.sub(r"\?[^\s\"')]*", "?…", first)[:300].rstrip()


def _of_playwright(message: str) -> Cause:
    named = re.search(r"net::(ERR_[A-Z0-9_]+)", message)
    if named:
        code = named.group(1)
        return next((cause for name, cause in NET_ERRORS.items() if code.startswith(name)), Cause.PROTOCOL)
    if "Download is starting" in message:
        return Cause.WRONG_PAGE
    if any(sign in message for sign in GONE):
        return Cause.BROWSER_GONE
    return Cause.INTERNAL

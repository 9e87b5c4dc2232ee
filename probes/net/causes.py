"""From what libcurl, OpenSSL and the kernel report to the cause we name. Pure."""

import errno
import socket

import pycurl

from agent.model import Cause
from probes.net.handshake import HandshakeError
from probes.net.scarcity import SHORT_ERRNOS
from probes.net.transfer import Trouble

# Numbers of OpenSSL's X509_V_ERR_*, which libcurl hands through.
_NOT_YET_VALID, _EXPIRED, _SELF_SIGNED_LEAF, _HOST = 9, 10, 18, 62
# libcurl checks the host itself; then OpenSSL's result is untouched: 0, or 1 for "not looked at".
_HOST_RESULTS = frozenset({0, 1, _HOST})

_BY_CODE = {
    pycurl.E_COULDNT_RESOLVE_HOST: Cause.DNS,
    pycurl.E_OPERATION_TIMEDOUT: Cause.TIMEOUT,
    pycurl.E_GOT_NOTHING: Cause.CONNECTION_RESET,
    pycurl.E_RECV_ERROR: Cause.CONNECTION_RESET,
    pycurl.E_SEND_ERROR: Cause.CONNECTION_RESET,
    pycurl.E_PARTIAL_FILE: Cause.CONNECTION_RESET,
    pycurl.E_OUT_OF_MEMORY: Cause.RESOURCES_SHORT,
    pycurl.E_FAILED_INIT: Cause.RESOURCES_SHORT,
    # Our own trust store can't be read, or we were told to stop.
    pycurl.E_SSL_CACERT_BADFILE: Cause.INTERNAL,
    pycurl.E_ABORTED_BY_CALLBACK: Cause.INTERNAL,
}
_BY_ERRNO = {
    errno.ECONNREFUSED: Cause.CONNECTION_REFUSED,
    errno.ETIMEDOUT: Cause.TIMEOUT,
    errno.EHOSTUNREACH: Cause.TIMEOUT,
    errno.ENETUNREACH: Cause.TIMEOUT,
    errno.ECONNRESET: Cause.CONNECTION_RESET,
    errno.EPIPE: Cause.CONNECTION_RESET,
}


def of_errno(number: int | None, default: Cause = Cause.CONNECTION_RESET) -> Cause:
    """The cause of a socket error; lack of files or memory is ours."""
    if number in SHORT_ERRNOS:
        return Cause.RESOURCES_SHORT
    return _BY_ERRNO.get(number or 0, default)


def of_certificate(result: int) -> Cause:
    """The cause of OpenSSL's verify result; a certificate not valid yet counts as out of date."""
    if result in (_EXPIRED, _NOT_YET_VALID):
        return Cause.CERT_EXPIRED
    if result == _SELF_SIGNED_LEAF:
        return Cause.CERT_SELF_SIGNED
    return Cause.CERT_UNTRUSTED


def of_error(error: Exception) -> Cause:
    """The cause of what a look-up, a connection or a handshake of ours raised."""
    if isinstance(error, HandshakeError):
        return Cause.TLS_HANDSHAKE
    if isinstance(error, socket.gaierror | UnicodeError):
        return Cause.DNS
    if isinstance(error, TimeoutError):
        return Cause.TIMEOUT
    return of_errno(error.errno if isinstance(error, OSError) else None)


def of_trouble(trouble: Trouble) -> Cause:
    """The cause of a broken exchange. What no row names broke the rules of HTTP."""
    if trouble.first_byte_late:
        return Cause.TIMEOUT
    match trouble.code:
        case pycurl.E_COULDNT_CONNECT:
            return of_errno(trouble.errno)
        case pycurl.E_SSL_CONNECT_ERROR:
            reset = trouble.errno in (errno.ECONNRESET, errno.EPIPE)
            return Cause.CONNECTION_RESET if reset else Cause.TLS_HANDSHAKE
        case pycurl.E_PEER_FAILED_VERIFICATION:
            return Cause.CERT_WRONG_HOST if trouble.verify in _HOST_RESULTS else of_certificate(trouble.verify)
    return _BY_CODE.get(trouble.code, Cause.PROTOCOL)

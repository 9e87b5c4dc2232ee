"""Names to addresses. Blocking: call it on a thread."""

import ipaddress
import socket

from probes.net.urls import is_address, is_loopback_name

LOOPBACK = ("127.0.0.1", "::1")


def addresses(host: str, port: int) -> tuple[str, ...]:
    """The addresses of ``host``, the resolver's preference first; ``localhost`` and names under it are loopback.

    That rule is RFC 6761's; browsers and libcurl keep it, the C library leaves it to the machine.
    Raises OSError (socket.gaierror) when the name has none.
    """
    if is_loopback_name(host):
        return LOOPBACK
    if is_address(host):
        return (str(ipaddress.ip_address(host)),)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))

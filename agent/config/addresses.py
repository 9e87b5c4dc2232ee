"""Addresses of portals, controls and services: a deliberately narrow reading.

Two readers of one odd address (ours and libcurl's) could see two hosts, and only one of them loopback. So anything
odd is refused here: users, backslashes, blanks, upper case.
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = rf"{_LABEL}(?:\.{_LABEL})*"
_HOST = re.compile(_NAME, re.ASCII)
_URL = re.compile(
    rf"(?P<scheme>https?)://(?P<host>{_NAME}|\[[0-9a-f.]*:[0-9a-f:.]*\])(?::(?P<port>[0-9]{{1,5}}))?(?P<path>/[!-~]*)?",
    re.ASCII,
)
_LONGEST_NAME = 253
_LAST_PORT = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A URL in parts; ``port`` is None where the scheme's own is meant, ``path`` is empty or begins with a slash."""

    scheme: str
    host: str
    port: int | None
    path: str


def parse_url(text: str) -> Address | None:
    """The parts of an http or https URL, or None when it isn't one we take."""
    match = _URL.fullmatch(text)
    if match is None:
        return None
    host, path = match["host"].strip("[]"), match["path"] or ""
    port = None if match["port"] is None else int(match["port"])
    if not (is_host(host) and _port_fits(port)) or "\\" in path or "#" in path:
        return None
    return Address(scheme=match["scheme"], host=host, port=port, path=path)


def is_host(text: str) -> bool:
    """Whether ``text`` is a lower-case host name or an IP address."""
    return _is_ip(text) or (len(text) <= _LONGEST_NAME and _HOST.fullmatch(text) is not None)


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine; in doubt it doesn't."""
    if _is_ip(host):
        return ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def is_local_url(text: str) -> bool:
    """Whether the URL's host is loopback."""
    address = parse_url(text)
    return address is not None and is_loopback(address.host)


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _port_fits(port: int | None) -> bool:
    return port is None or 0 < port <= _LAST_PORT

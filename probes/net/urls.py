"""URLs: the host a name means on the wire, whether two URLs are one site, and how to show one without its secrets."""

import ipaddress
import re
from urllib.parse import quote, urlsplit, urlunsplit

_PORTS = {"http": 80, "https": 443}
# Second levels under which a country's registry sells names; without a list of all public suffixes a short
# second level under a two-letter top level is taken for one too, since following too little is the safe mistake.
_REGISTRY = re.compile(r"[a-z]{2,3}\.[a-z]{2}")
# What a path or query may hold as it stands, "%" included: it is quoted already, or libcurl and the server will cope.
_PLAIN = "%/:=&?~+!$,;'@()*[]|"


def is_address(host: str) -> bool:
    """Whether ``host`` is an IP address (an IPv6 one without brackets)."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback_name(host: str) -> bool:
    """Whether ``host`` is ``localhost`` or a name under it."""
    name = host.rstrip(".").lower()
    return name == "localhost" or name.endswith(".localhost")


def is_loopback(url: str) -> bool:
    """Whether ``url`` leads to this machine, by a name of loopback or an address of it."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return is_loopback_name(host) or (is_address(host) and ipaddress.ip_address(host).is_loopback)


def ascii_host(host: str) -> str:
    """The host as DNS and certificates spell it; raises ValueError when no name can be spelt so."""
    if is_address(host) or host.isascii():
        return host.lower()
    return host.encode("idna").decode("ascii").lower()


def host_and_port(url: str) -> tuple[str, int]:
    """The ASCII host and the port of an http or https URL; raises ValueError when it has none."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(f"url {redacted(url)!r} must be http or https with a host")
    return ascii_host(parts.hostname), parts.port or _PORTS[parts.scheme]


def on_the_wire(url: str) -> str:
    """``url`` in ASCII, without credentials or fragment; libcurl may lack IDN. Raises ValueError as above."""
    host, _ = host_and_port(url)
    parts = urlsplit(url)
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if parts.port is None else f"{shown}:{parts.port}"
    return urlunsplit((parts.scheme, netloc, quote(parts.path, safe=_PLAIN), quote(parts.query, safe=_PLAIN), ""))


def redacted(url: str) -> str:
    """Scheme, host, port and path; never credentials, query or fragment. At most 200 characters, one line."""
    try:
        parts = urlsplit(url)
        bare = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    except ValueError:
        return "(unreadable url)"
    return "".join(c if c.isprintable() else "?" for c in bare)[:200]


def _site(host: str) -> str:
    labels = host.rstrip(".").split(".")
    keep = 3 if _REGISTRY.fullmatch(".".join(labels[-2:])) else 2
    return ".".join(labels[-keep:])


def same_site(one: str, other: str) -> bool:
    """Whether two URLs belong to one registrable host; addresses only to themselves."""
    try:
        first, _ = host_and_port(one)
        second, _ = host_and_port(other)
    except ValueError:
        return False
    if first == second:
        return True
    if is_address(first) or is_address(second):
        return False
    return _site(first) == _site(second)


def downgrades(one: str, other: str) -> bool:
    """Whether going from ``one`` to ``other`` would leave TLS."""
    return urlsplit(one).scheme == "https" and urlsplit(other).scheme != "https"

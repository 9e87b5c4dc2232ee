"""The first words of a TLS handshake, written and read by hand: a library offers no broken cipher to ask for. Pure."""

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from probes.net.suites import TLS_1_2, TLS_1_3
from probes.net.urls import is_address

_CIPHER_CHANGE, _ALERT, _HANDSHAKE, _DATA = 20, 21, 22, 23
_CLIENT_HELLO, _SERVER_HELLO = 1, 2
_WARNING = 1
_SERVER_NAME, _GROUPS, _POINTS, _SIGNATURES = 0, 10, 11, 13
_VERSIONS, _KEY_SHARE, _RENEGOTIATION = 43, 51, 0xFF01
_CURVES = (29, 23, 24, 25, 30, 256, 257)
_SCHEMES = (0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0807, 0x0203, 0x0201, 0x0202)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a server chose of what it was offered."""

    version: int
    suite: int


class RefusedError(Exception):
    """The server answered by an alert: it takes nothing of the offer."""


class NoTlsError(Exception):
    """The answer is not TLS."""


def client_hello(host: str, version: int, suites: Sequence[int]) -> bytes:
    """A record that offers one version with some suites to ``host`` (ASCII, or an address)."""
    session, compression = b"\0", b"\1\0"
    body = struct.pack(">H", min(version, TLS_1_2)) + os.urandom(32) + session
    body += _sized(_numbers(suites)) + compression + _sized(b"".join(_extensions(host, version)))
    message = bytes([_CLIENT_HELLO]) + len(body).to_bytes(3) + body
    return struct.pack(">BH", _HANDSHAKE, 0x0301) + _sized(message)


def read_choice(data: bytes) -> Choice | None:
    """What a server chose, from all that it has sent so far; None when more must come.

    Raises:
        RefusedError: it sent an alert.
        NoTlsError: it speaks something else.
    """
    message = b""
    for kind, payload in _records(data):
        if kind == _ALERT:
            if payload[:1] == bytes([_WARNING]):
                continue
            raise RefusedError
        if kind == _HANDSHAKE:
            message += payload
    return _server_hello(message)


def _extensions(host: str, version: int) -> Iterator[bytes]:
    if not is_address(host):
        yield _extension(_SERVER_NAME, _sized(b"\0" + _sized(host.encode("ascii"))))
    yield _extension(_GROUPS, _sized(_numbers(_CURVES)))
    yield _extension(_POINTS, b"\1\0")
    yield _extension(_RENEGOTIATION, b"\0")
    if version >= TLS_1_2:
        yield _extension(_SIGNATURES, _sized(_numbers(_SCHEMES)))
    if version == TLS_1_3:
        # Without a key of ours the server names its choice in a request to try again, which is all we want.
        yield _extension(_VERSIONS, b"\2" + struct.pack(">H", version))
        yield _extension(_KEY_SHARE, _sized(b""))


def _extension(kind: int, content: bytes) -> bytes:
    return struct.pack(">H", kind) + _sized(content)


def _numbers(values: Sequence[int]) -> bytes:
    return b"".join(struct.pack(">H", value) for value in values)


def _sized(content: bytes) -> bytes:
    return struct.pack(">H", len(content)) + content


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while len(data) - at >= 5:  # noqa: PLR2004 - the length of a record's head
        kind, major, _, length = struct.unpack_from(">BBBH", data, at)
        if not _CIPHER_CHANGE <= kind <= _DATA or major != 3:  # noqa: PLR2004 - the major version of every TLS
            raise NoTlsError
        whole = at + 5 + length <= len(data)
        if not whole and kind == _ALERT:
            return
        yield kind, data[at + 5 : at + 5 + length]
        at += 5 + length


def _server_hello(message: bytes) -> Choice | None:
    if len(message) < 4:  # noqa: PLR2004 - the length of a message's head
        return None
    if message[0] != _SERVER_HELLO:
        raise NoTlsError
    size = int.from_bytes(message[1:4])
    body = message[4 : 4 + size]
    if len(body) < size:
        return None
    try:
        return _choice(body)
    except (struct.error, IndexError) as error:
        raise NoTlsError from error


def _choice(body: bytes) -> Choice:
    (version,) = struct.unpack_from(">H", body)
    after_session = 35 + body[34]
    (suite,) = struct.unpack_from(">H", body, after_session)
    # Newer versions pretend to be 1.2 and tell the truth in an extension.
    at = after_session + 5
    while at + 4 <= len(body):
        kind, length = struct.unpack_from(">HH", body, at)
        if kind == _VERSIONS:
            (version,) = struct.unpack_from(">H", body, at + 4)
        at += 4 + length
    return Choice(version=version, suite=suite)

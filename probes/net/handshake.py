"""TLS handshakes through memory, so that every wait for the peer has a deadline. Blocking: call it on a thread."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from OpenSSL import SSL, crypto

from probes.net.deadline import Deadline
from probes.net.urls import is_address

_PIECE = 16_384
# A handshake is a few kilobytes; a peer that sends more is not shaking hands.
_MAX_HANDSHAKE = 256 * 1024


class HandshakeError(Exception):
    """No agreement. ``alert``: the peer said so by a TLS alert; ``ours``: we had nothing to offer."""

    def __init__(self, reason: str, *, alert: bool = False, ours: bool = False) -> None:
        super().__init__(reason)
        self.alert = alert
        self.ours = ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What was agreed. ``faults`` holds OpenSSL's verify results as (result, depth), in order; empty is trust."""

    protocol: str
    cipher: str
    seconds: float
    served: tuple[x509.Certificate, ...]
    verified: tuple[x509.Certificate, ...]
    faults: tuple[tuple[int, int], ...]


def _note(connection: SSL.Connection, _certificate: crypto.X509, result: int, depth: int, good: int) -> bool:
    # Going on in spite of a fault shows all of them, and the chain; who reads the session must look at ``faults``.
    if not good:
        connection.get_app_data().append((result, depth))
    return True


def modern(roots: Path) -> SSL.Context:
    """Offers TLS 1.2 and later; trusts the roots of a PEM file."""
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.load_verify_locations(str(roots))
    context.set_verify(SSL.VERIFY_PEER, _note)
    return context


def legacy() -> SSL.Context:
    """Offers TLS 1.0 and 1.1 alone, with every cipher OpenSSL has; whom it talks to doesn't matter."""
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(SSL.TLS1_VERSION)
    context.set_max_proto_version(SSL.TLS1_1_VERSION)
    context.set_cipher_list(b"ALL:@SECLEVEL=0")
    context.set_verify(SSL.VERIFY_NONE)
    return context


def connect(targets: tuple[str, ...], port: int, deadline: Deadline) -> socket.socket:
    """A connection to the first address that takes one; each gets its share of the time. Raises OSError, the last's."""
    last: OSError = OSError("no address")
    for number, address in enumerate(targets):
        share = deadline.left() / (len(targets) - number)
        try:
            return socket.create_connection((address, port), timeout=share)
        except OSError as error:
            last = error
    raise last


def _fault(error: SSL.Error) -> HandshakeError:
    reasons = [str(entry[-1]) for entry in error.args[0]] if error.args else []
    text = ", ".join(reasons) or "handshake failed"
    alert = any("alert" in reason for reason in reasons)
    ours = any(
        reason in {"no protocols available", "no ciphers available", "unsupported protocol"} for reason in reasons
    )
    return HandshakeError(text, alert=alert, ours=ours)


def _flush(connection: SSL.Connection, peer: socket.socket, deadline: Deadline) -> None:
    while True:
        try:
            piece = connection.bio_read(_PIECE)
        except SSL.WantReadError:
            return
        peer.settimeout(deadline.left())
        peer.sendall(piece)


def _feed(connection: SSL.Connection, peer: socket.socket, deadline: Deadline) -> int:
    peer.settimeout(deadline.left())
    piece = peer.recv(_PIECE)
    if not piece:
        raise ConnectionResetError("the peer closed during the handshake")
    connection.bio_write(piece)
    return len(piece)


def _agree(connection: SSL.Connection, peer: socket.socket, deadline: Deadline) -> None:
    taken = 0
    while taken <= _MAX_HANDSHAKE:
        try:
            connection.do_handshake()
        except SSL.WantReadError:
            _flush(connection, peer, deadline)
            taken += _feed(connection, peer, deadline)
        except SSL.Error as error:
            raise _fault(error) from error
        else:
            _flush(connection, peer, deadline)
            return
    raise HandshakeError("the peer sent too much for a handshake")


def _leave(connection: SSL.Connection, peer: socket.socket, deadline: Deadline) -> None:
    with suppress(SSL.Error, OSError):
        connection.shutdown()
        _flush(connection, peer, deadline)


def _chain(read: Callable[[], list[x509.Certificate] | None]) -> tuple[x509.Certificate, ...]:
    try:
        return tuple(read() or ())
    except ValueError:
        return ()


def shake(context: SSL.Context, peer: socket.socket, host: str, deadline: Deadline) -> Session:
    """One handshake with ``host`` named to the peer (SNI), then a polite goodbye.

    Raises HandshakeError, or OSError (TimeoutError included) when the connection fails.
    """
    connection = SSL.Connection(context, None)
    faults: list[tuple[int, int]] = []
    connection.set_app_data(faults)
    if not is_address(host):
        connection.set_tlsext_host_name(host.encode("ascii"))
    connection.set_connect_state()
    began = time.monotonic()
    _agree(connection, peer, deadline)
    seconds = time.monotonic() - began
    _leave(connection, peer, deadline)
    return Session(
        protocol=connection.get_protocol_version_name(),
        cipher=connection.get_cipher_name() or "",
        seconds=seconds,
        served=_chain(lambda: connection.get_peer_cert_chain(as_cryptography=True)),
        verified=_chain(lambda: connection.get_verified_chain(as_cryptography=True)),
        faults=tuple(faults),
    )

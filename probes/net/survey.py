"""Which versions of TLS and which ciphers a portal takes, asked one at a time. Blocking: call it on a thread."""

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from probes.net.deadline import Deadline
from probes.net.handshake import connect
from probes.net.hello import Choice, NoTlsError, RefusedError, client_hello, read_choice
from probes.net.resolve import addresses
from probes.net.suites import VERSIONS, for_version
from probes.net.urls import host_and_port

MOST_HELLOS = 80
"""Connections to one portal; the usual one takes ten to thirty."""

_EACH_WITHIN_S = 5.0
_PAUSE_S = 0.05
_PIECE, _MOST_BYTES = 4_096, 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The suites taken, by version, in the order of the server's liking; ``took_s`` is how long it took to ask.

    A version that could not be asked for is not in ``taken``. ``whole``: everything was asked.
    """

    taken: dict[int, tuple[int, ...]] = field(default_factory=dict)
    whole: bool = False
    took_s: float = 0.0


class _Spent(Exception):  # noqa: N818 - never leaves this file
    """No more connections, or no time."""


@dataclass(slots=True)
class _Asker:
    host: str
    port: int
    addresses: tuple[str, ...]
    deadline: Deadline
    hellos: int = 0

    def ask(self, version: int, suites: Sequence[int]) -> Choice | None:
        """What the peer chooses; None when it takes none."""
        if self.hellos >= MOST_HELLOS or self.deadline.stop.wait(_PAUSE_S):
            raise _Spent
        self.hellos += 1
        try:
            within = self.deadline.within(_EACH_WITHIN_S)
            with connect(self.addresses, self.port, within) as peer:
                peer.settimeout(within.left())
                peer.sendall(client_hello(self.host, version, suites))
                return _answer(peer, within)
        except RefusedError:
            return None
        except TimeoutError as error:
            raise _Spent from error
        except (ConnectionResetError, BrokenPipeError):
            # It spoke TLS a moment ago and hangs up on this offer: many front ends refuse so.
            return None


def survey(url: str, total: float, stop: threading.Event) -> Survey:
    """Ask the portal at ``url``, within ``total`` seconds. Raises nothing that a portal can cause."""
    began, taken = time.monotonic(), {}
    try:
        host, port = host_and_port(url)
        asker = _Asker(host, port, addresses(host, port), Deadline(began + total, stop))
        for version in VERSIONS:
            taken[version] = tuple(_taken(asker, version))
    except (_Spent, NoTlsError, OSError, UnicodeError):
        return Survey(taken=taken, took_s=time.monotonic() - began)
    return Survey(taken=taken, whole=True, took_s=time.monotonic() - began)


def _taken(asker: _Asker, version: int) -> list[int]:
    left, taken = list(for_version(version)), []
    while left:
        choice = asker.ask(version, left)
        if choice is None or choice.version != version or choice.suite not in left:
            break
        taken.append(choice.suite)
        left.remove(choice.suite)
    return taken


def _answer(peer: socket.socket, deadline: Deadline) -> Choice:
    data = b""
    while len(data) < _MOST_BYTES:
        peer.settimeout(deadline.left())
        piece = peer.recv(_PIECE)
        if not piece:
            raise ConnectionResetError
        data += piece
        choice = read_choice(data)
        if choice is not None:
            return choice
    raise NoTlsError

"""A portal's TLS inspected: one handshake as anyone makes it, one that only offers what is out of date.

Blocking: call it on a thread.
"""

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from OpenSSL import SSL

from agent.errors import PortalwatchError
from agent.model import Cause, Failure
from probes.net.causes import of_certificate, of_error
from probes.net.certificates import matches_host
from probes.net.deadline import Deadline
from probes.net.failures import broken
from probes.net.handshake import HandshakeError, Session, connect, legacy, modern, shake
from probes.net.resolve import addresses
from probes.net.scarcity import out_of_files
from probes.net.urls import host_and_port

STEPS = ("resolve", "connect", "handshake", "verify", "legacy")
_LEGACY_WITHIN_S = 5.0
_FAULTS = (HandshakeError, OSError, UnicodeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where to look, and the limits in seconds: of each step, and of all of them."""

    url: str
    step: float
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was found. ``seconds`` by step; ``legacy``: whether TLS below 1.2 is accepted, None if not known."""

    seconds: Mapping[str, float]
    session: Session | None = None
    legacy: bool | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class _Peer:
    host: str
    port: int
    addresses: tuple[str, ...]


@dataclass(slots=True)
class _Log:
    seconds: dict[str, float] = field(default_factory=dict)
    step: str = STEPS[0]

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        self.step, began = step, time.monotonic()
        try:
            yield
        finally:
            self.seconds[step] = time.monotonic() - began


def trust_fault(session: Session, host: str) -> Cause | None:
    """Why the peer's certificate is not to be trusted for ``host``; None when it is.

    The host comes first, as with libcurl: so both probes name a portal's fault alike.
    """
    if not session.served or not matches_host(session.served[0], host):
        return Cause.CERT_WRONG_HOST
    return of_certificate(session.faults[0][0]) if session.faults else None


def _failure(error: Exception, url: str, step: str) -> Failure:
    cause = of_error(error)
    if cause is not Cause.TIMEOUT and out_of_files():
        cause = Cause.RESOURCES_SHORT
    return broken(cause, step, url, str(error))


class Inspector:
    """Holds what every inspection shares: the trusted roots, read once.

    Raises:
        PortalwatchError: the roots can't be read.
    """

    def __init__(self, roots: Path) -> None:
        try:
            self._modern = modern(roots)
        except SSL.Error as error:
            raise PortalwatchError(f"trust_store {str(roots)!r} must hold certificates in PEM form") from error
        self._legacy = legacy()

    def inspect(self, target: Target, stop: threading.Event) -> Inspection:
        """Both handshakes. Raises ValueError for an unusable URL, nothing that a portal can cause."""
        host, port = host_and_port(target.url)
        log, deadline = _Log(), Deadline(time.monotonic() + target.total, stop)
        try:
            with log.timed("resolve"):
                peer = _Peer(host, port, addresses(host, port))
        except _FAULTS as error:
            return Inspection(seconds=log.seconds, failure=_failure(error, target.url, log.step))
        try:
            session = self._meet(peer, target.step, deadline, log)
        except _FAULTS as error:
            failure = _failure(error, target.url, log.step)
            old = self._try_legacy(peer, deadline, log) if isinstance(error, HandshakeError) else None
            return Inspection(seconds=log.seconds, legacy=old, failure=failure)
        with log.timed("verify"):
            fault = trust_fault(session, host)
        old = self._try_legacy(peer, deadline, log)
        untrusted = broken(fault, "verify", target.url, "") if fault else None
        return Inspection(seconds=log.seconds, session=session, legacy=old, failure=untrusted)

    def _meet(self, peer: _Peer, step: float, deadline: Deadline, log: _Log) -> Session:
        with log.timed("connect"):
            line = connect(peer.addresses, peer.port, deadline.within(step))
        with line, log.timed("handshake"):
            return shake(self._modern, line, peer.host, deadline.within(step))

    def _try_legacy(self, peer: _Peer, deadline: Deadline, log: _Log) -> bool | None:
        within = deadline.within(_LEGACY_WITHIN_S)
        with log.timed("legacy"):
            try:
                line = connect(peer.addresses, peer.port, within)
            except OSError:
                return None
            with line:
                return self._accepts(line, peer.host, within)

    def _accepts(self, line: socket.socket, host: str, deadline: Deadline) -> bool | None:
        try:
            shake(self._legacy, line, host, deadline)
        except HandshakeError as error:
            return False if error.alert else None
        except TimeoutError:
            return None
        except OSError:
            # It spoke TLS a moment ago and hangs up on this offer: many front ends refuse so.
            return False
        return True

"""Ports that stay ours: claimed once, opened and closed at will."""

import random
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.errors import PortalwatchError

LOOPBACK = "127.0.0.1"
BACKLOG = 128
_LOWEST = 20_000
_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_EPHEMERAL_USUALLY = 32_768
_TRIES = 50


class PortError(PortalwatchError):
    """No port, or not the one asked for."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A port of the loopback address that nobody else can take while ``holder`` is open."""

    port: int
    holder: socket.socket

    def listen(self) -> socket.socket:
        """A new listening socket on the port, non-blocking; connections are refused again once it is closed."""
        listener = socket.socket()
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            listener.bind((LOOPBACK, self.port))
            listener.listen(BACKLOG)
            listener.setblocking(False)
        except BaseException:
            listener.close()
            raise
        return listener

    def release(self) -> None:
        """Give the port back."""
        self.holder.close()


def claim(port: int) -> Claim:
    """Take ``port``; raises :class:`OSError` if anyone has it."""
    holder = socket.socket()
    try:
        holder.bind((LOOPBACK, port))
        # Bound without the option, so that a second demo's port is refused; set afterwards, so that our own
        # listener may join.
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    except BaseException:
        holder.close()
        raise
    return Claim(port, holder)


def claim_block(count: int, base_port: int | None = None) -> tuple[Claim, ...]:
    """``count`` neighbouring ports, from ``base_port`` on or from anywhere below the ephemeral range.

    Raises :class:`PortError`.
    """
    if base_port is not None:
        return _claim_from(base_port, count)
    ceiling = ephemeral_start() - count
    for _ in range(_TRIES):
        try:
            return _claim_from(random.SystemRandom().randint(min(_LOWEST, ceiling), ceiling), count)
        except PortError:
            continue
    raise PortError(f"no block of {count} free ports below {ephemeral_start()} was found in {_TRIES} tries")


def ephemeral_start() -> int:
    """The first port that the kernel gives away by itself."""
    try:
        return int(_EPHEMERAL.read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return _EPHEMERAL_USUALLY


def release_all(claims: Sequence[Claim]) -> None:
    """Give every port back."""
    for held in claims:
        held.release()


def _claim_from(first: int, count: int) -> tuple[Claim, ...]:
    claims: list[Claim] = []
    for port in range(first, first + count):
        try:
            claims.append(claim(port))
        except (OSError, OverflowError) as error:
            release_all(claims)
            raise PortError(f"port {port} can't be taken: {error}") from error
    return tuple(claims)

"""The tls probe: a portal's certificates, protocols and names, without asking for a page."""

import asyncio
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from agent.clock import Clock
from agent.model import Attempt, Cause, Check, Requirement, Step
from agent.ports import Safeguards
from probes.net.certificates import days_left, key_bits, least_days_left
from probes.net.failures import broken
from probes.net.handshake import Session
from probes.net.inspection import STEPS, Inspection, Inspector, Target
from probes.net.phases import steps
from probes.net.trust import bundle
from probes.net.workers import Workers

REQUIREMENTS = ("SEC-1", "SEC-2", "SEC-3")
# SEC-3 asks for two weeks; this project's default, set by no law.
MIN_DAYS_LEFT = 14
_NAMED_WITHIN_S = 10.0
_GRACE_S = 1.0


class TlsProber:
    """Looks at one portal's TLS; see :class:`agent.ports.Prober`. A check has no options.

    Steps: resolve, connect, handshake, verify, legacy (whether TLS 1.0 or 1.1 is accepted; skipped when that could
    not be found out). Metrics: leaf_days_left, chain_days_left (least of the verified chain), served_chain_length,
    verified_chain_length, handshake_s, protocol (1.2, 1.3), legacy_accepted (0, 1), key_bits; a figure that could not
    be had is left out. Requirements: SEC-1 (no TLS below 1.2), SEC-2 (the chain verifies and names the host), SEC-3
    (the leaf has at least 14 days left; our default).

    Raises:
        PortalwatchError: the trust store can't be read.
    """

    def __init__(self, *, trust_store: Path | None, workers: int = 8, clock: Clock | None = None) -> None:
        self._inspector = Inspector(bundle(trust_store))
        self._workers = Workers(workers, "tls-probe")
        self._clock = clock or Clock()

    def close(self) -> None:
        """Take no more work."""
        self._workers.close()

    async def attempt(
        self,
        check: Check,
        *,
        folder: Path,  # noqa: ARG002 - nothing to keep
        traced: bool,  # noqa: ARG002 - and nothing to trace
        safeguards: Safeguards,  # noqa: ARG002 - a look harms nothing
    ) -> Attempt:
        """Two handshakes within ``check.timeouts.journey``; ``step`` bounds connecting and each handshake."""
        started, began = self._clock.now(), self._clock.monotonic()
        limits = check.timeouts
        found = await self.inspect(Target(url=check.portal.base_url, step=limits.step, total=limits.journey))
        return Attempt(
            started=started,
            duration_s=self._clock.monotonic() - began,
            steps=_steps(found),
            failure=found.failure,
            metrics=_metrics(found, started),
            requirements=_requirements(found, started),
        )

    async def inspect(self, target: Target) -> Inspection:
        """What :meth:`probes.net.inspection.Inspector.inspect` finds, on a thread of its own."""
        begun = threading.Event()

        def task(stop: threading.Event) -> Inspection:
            begun.set()
            return self._inspector.inspect(target, stop)

        try:
            return await asyncio.wait_for(self._workers.run(task), target.total + _GRACE_S)
        except TimeoutError:
            # Only the resolver knows no deadline; a task that had no thread yet has not met the portal at all.
            return _nothing(Cause.TIMEOUT if begun.is_set() else Cause.RESOURCES_SHORT, target)
        except (MemoryError, RuntimeError):
            return _nothing(Cause.RESOURCES_SHORT, target)


async def name_trust_fault(url: str, trust_store: Path | None) -> Cause:
    """Why the certificate of ``url`` is not trusted; CERT_UNTRUSTED when nothing is found against it.

    Raises:
        PortalwatchError: the trust store can't be read.
    """
    prober = await asyncio.to_thread(TlsProber, trust_store=trust_store, workers=1)
    try:
        found = await prober.inspect(Target(url=url, step=_NAMED_WITHIN_S, total=_NAMED_WITHIN_S))
    finally:
        prober.close()
    return found.failure.cause if found.failure else Cause.CERT_UNTRUSTED


def _nothing(cause: Cause, target: Target) -> Inspection:
    return Inspection(seconds={}, failure=broken(cause, STEPS[0], target.url, ""))


def _steps(found: Inspection) -> tuple[Step, ...]:
    known = {name: took for name, took in found.seconds.items() if name != "legacy" or found.legacy is not None}
    return steps(STEPS, known, found.failure.step if found.failure else "")


def _metrics(found: Inspection, now: datetime) -> dict[str, float]:
    figures: dict[str, float | None] = {"legacy_accepted": found.legacy}
    if found.session:
        figures |= _session_figures(found.session, now)
    return {name: float(value) for name, value in figures.items() if value is not None}


def _session_figures(session: Session, now: datetime) -> dict[str, float | None]:
    leaf = session.served[0] if session.served else None
    return {
        "leaf_days_left": days_left(leaf, now) if leaf else None,
        "chain_days_left": least_days_left(session.verified, now),
        "served_chain_length": len(session.served),
        "verified_chain_length": len(session.verified),
        "handshake_s": session.seconds,
        "protocol": _version(session.protocol),
        "key_bits": key_bits(leaf) if leaf else None,
    }


def _version(protocol: str) -> float | None:
    return {"TLSv1.2": 1.2, "TLSv1.3": 1.3}.get(protocol)


def _met(fulfilled: bool | None) -> Requirement:
    if fulfilled is None:
        return Requirement.UNMEASURED
    return Requirement.FULFILLED if fulfilled else Requirement.UNFULFILLED


def _requirements(found: Inspection, now: datetime) -> Mapping[str, Requirement]:
    session = found.session
    left = days_left(session.served[0], now) if session and session.served else None
    return {
        "SEC-1": _met(None if found.legacy is None else not found.legacy),
        "SEC-2": _met(found.failure is None if session else None),
        "SEC-3": _met(None if left is None else left >= MIN_DAYS_LEFT),
    }

"""The tls probe: a portal's certificates, protocols and names, without asking for a page."""

import asyncio
import threading
from functools import partial
from pathlib import Path

from agent.clock import Clock
from agent.model import Attempt, Cause, Check, OptionRule, Step
from agent.ports import Safeguards
from probes.findings import keep
from probes.net.failures import broken
from probes.net.hardening import KIND
from probes.net.inspection import STEPS, Inspection, Inspector, Target
from probes.net.phases import steps
from probes.net.survey import Survey, survey
from probes.net.tls_report import figures, findings, requirements
from probes.net.trust import bundle
from probes.net.workers import Workers

REQUIREMENTS = ("SEC-1", "SEC-2", "SEC-3")
OPTIONS = {"ciphers": OptionRule(pattern="yes|no", rule="must be yes or no")}
SURVEY = "ciphers"
_NAMED_WITHIN_S = 10.0
_GRACE_S = 1.0


class TlsProber:
    """Looks at one portal's TLS; see :class:`agent.ports.Prober`.

    A check's option ``ciphers`` (``yes``) asks for each version and cipher by itself, some twenty connections more, and
    keeps what it noticed as evidence of the kind ``security``; ask for it a few times a day.

    Steps: resolve, connect, handshake, verify, legacy (whether TLS 1.0 or 1.1 is accepted; skipped when that could
    not be found out), ciphers where asked for. Metrics: leaf_days_left, chain_days_left and served_days_left (least of
    the verified and of the served chain), served_chain_length, verified_chain_length, handshake_s, protocol (1.2, 1.3),
    legacy_accepted (0, 1), key_bits, and those of :func:`probes.net.ciphers.figures`; a figure that could not be had is
    left out.

    Requirements: SEC-1 (no TLS below 1.2, and no broken cipher where asked for), SEC-2 (the chain verifies and names
    the host), SEC-3 (leaf and verified chain have at least 14 days left; our default). A certificate that is served
    and not needed may expire: it is noted, never an alarm.

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
        folder: Path,
        traced: bool,  # noqa: ARG002 - and nothing to trace
        safeguards: Safeguards,  # noqa: ARG002 - a look harms nothing
    ) -> Attempt:
        """All handshakes within ``check.timeouts.journey``; ``step`` bounds connecting and each handshake."""
        started, began = self._clock.now(), self._clock.monotonic()
        limits = check.timeouts
        found = await self.inspect(Target(url=check.portal.base_url, step=limits.step, total=limits.journey))
        left = limits.journey - (self._clock.monotonic() - began)
        asked = await self._survey(check, found, left) if check.options.get(SURVEY) == "yes" else None
        return Attempt(
            started=started,
            duration_s=self._clock.monotonic() - began,
            steps=_steps(found, asked),
            failure=found.failure,
            metrics=figures(found, asked, started),
            requirements=requirements(found, asked, started),
            evidence=await asyncio.to_thread(keep, folder, KIND, findings(found, asked, started)) if asked else (),
        )

    async def _survey(self, check: Check, found: Inspection, left: float) -> Survey:
        # Who shook no hands at all has nothing to choose from.
        if left <= 0 or not (found.session or found.legacy):
            return Survey()
        return await self._workers.run(partial(survey, check.portal.base_url, left))

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


def _steps(found: Inspection, asked: Survey | None) -> tuple[Step, ...]:
    known = {name: took for name, took in found.seconds.items() if name != "legacy" or found.legacy is not None}
    if asked and asked.whole:
        known[SURVEY] = asked.took_s
    names = (*STEPS, SURVEY) if asked else STEPS
    return steps(names, known, found.failure.step if found.failure else "")

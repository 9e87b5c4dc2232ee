"""One attempt at a browser journey, from a fresh context to what was seen."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Error

from agent.clock import Clock
from agent.model import Account, Attempt, Cause, Check, Failure, Holder, Portal, Requirement
from agent.ports import Safeguards
from probes.browser.evidence import Keeper
from probes.browser.listen import Listener
from probes.browser.measure import OBSERVE, Measurements
from probes.browser.pool import Pool
from probes.browser.saw import brief, cause_of
from probes.browser.stage import Stage
from probes.browser.steps import StepFailedError, Steps
from probes.journeys.base import Journey, Kit, VerifyPdf
from probes.platforms.base import Platform

NameTrustFault = Callable[[str], Awaitable[Cause]]


def _no_accounts(_: Portal) -> Mapping[Holder, Account]:
    return {}


def no_session(_: str) -> Mapping[str, Any] | None:
    """No portal has an attended log-in."""
    return None


class BrowserProber:
    """Runs journeys over page objects.

    ``services`` maps hosts of shared services to their names; ``name_trust_fault`` tells why a
    certificate is not trusted, which Chromium calls by one name only; ``accounts`` tells the test accounts
    that a portal may be entered with; ``secrets`` are kept out of pictures, as are those of the accounts;
    ``sessions`` gives, for a portal's id, the storage state that a person's log-in left, or None.
    """

    def __init__(
        self,
        *,
        pool: Pool,
        journeys: Mapping[str, Journey],
        platforms: Mapping[str, Platform],
        services: Mapping[str, str],
        name_trust_fault: NameTrustFault,
        accounts: Callable[[Portal], Mapping[Holder, Account]] = _no_accounts,
        verify_pdf: VerifyPdf | None = None,
        secrets: Callable[[], Iterable[str]] = tuple,
        sessions: Callable[[str], Mapping[str, Any] | None] = no_session,
        clock: Clock | None = None,
    ) -> None:
        self._pool = pool
        self._journeys = journeys
        self._platforms = platforms
        self._services = services
        self._name_trust_fault = name_trust_fault
        self._accounts = accounts
        self._verify_pdf = verify_pdf
        self._secrets = secrets
        self._sessions = sessions
        self._clock = clock or Clock()

    async def attempt(self, check: Check, *, folder: Path, traced: bool, safeguards: Safeguards) -> Attempt:
        """One attempt in a fresh context; the confirm attempt is ``traced``."""
        started, clock = self._clock.now(), self._clock.monotonic()
        generation = self._pool.generation
        accounts = self._accounts(check.portal)
        session = await asyncio.to_thread(self._sessions, check.portal.id)
        keeper = Keeper(
            folder,
            traced=traced,
            private=self._journeys[check.journey].private,
            secrets={*self._secrets(), *(secret for account in accounts.values() for secret in account.secrets)},
        )
        try:
            async with self._pool.context(**keeper.context_options(), storage_state=session) as context:
                attempt = await self._perform(context, check, keeper, self._kit(check, safeguards, accounts))
        except (Error, TimeoutError) as error:
            attempt = _lost(error, self._clock.monotonic() - clock)
        keeper.note_har()
        failure = await self._refined(attempt.failure, check, generation)
        return replace(attempt, started=started, failure=failure, evidence=tuple(keeper.kept))

    async def _perform(self, context: BrowserContext, check: Check, keeper: Keeper, kit: Kit) -> Attempt:
        listener = Listener(portal_host=urlsplit(check.portal.base_url).hostname or "", hosts=self._services)
        listener.attach(context)
        await context.add_init_script(OBSERVE)
        await keeper.begin(context)
        page = await context.new_page()
        page.set_default_timeout(check.timeouts.step * 950)
        stage = Stage(page=page, base_url=check.portal.base_url, limit=check.timeouts.step, listener=listener)
        attempt = await self._journey(check, stage, listener, kit)
        if attempt.failure is not None and attempt.failure.cause not in {Cause.BROWSER_GONE, Cause.RENDERER_CRASHED}:
            await keeper.screenshot(page)
        for kind, found in stage.findings.items():
            await keeper.findings(kind, found)
        await keeper.end(context, listener.console)
        return attempt

    def _kit(self, check: Check, safeguards: Safeguards, accounts: Mapping[Holder, Account]) -> Kit:
        kit = Kit(portal=check.portal, options=check.options, safeguards=safeguards, accounts=accounts)
        return replace(kit, verify_pdf=self._verify_pdf) if self._verify_pdf else kit

    async def _journey(self, check: Check, stage: Stage, listener: Listener, kit: Kit) -> Attempt:
        journey, clock = self._journeys[check.journey], self._clock.monotonic()
        started = self._clock.now()
        measurements = Measurements(started=started.timestamp() * 1000)
        steps = Steps(
            journey.steps,
            relies_on=journey.relies_on,
            stage=stage,
            listener=listener,
            measurements=measurements,
            clock=self._clock,
        )
        try:
            async with asyncio.timeout(check.timeouts.journey):
                await journey.run(self._platforms[check.portal.platform](stage), steps, kit)
        except (StepFailedError, TimeoutError):
            await measurements.read(stage.page, steps.failure.step if steps.failure else "")
        return Attempt(
            started=started,
            duration_s=self._clock.monotonic() - clock,
            steps=steps.all(),
            failure=steps.failure,
            metrics={
                **measurements.metrics(),
                "requests_failed": float(listener.failed),
                "console_errors": float(listener.console_errors),
                **stage.figures,
            },
            requirements={
                **dict.fromkeys(journey.requirements, Requirement.UNMEASURED),
                **dict.fromkeys(_lacking(journey, steps.failure), Requirement.UNFULFILLED),
                **stage.observed,
            },
            requests=tuple(measurements.timings()),
            console=tuple(listener.console),
        )

    async def _refined(self, failure: Failure | None, check: Check, generation: int) -> Failure | None:
        """The failure with a cause that needed a second look."""
        if failure is None:
            return None
        if failure.cause is Cause.CERT_UNTRUSTED:
            return replace(failure, cause=await self._name_trust_fault(check.portal.base_url))
        if failure.cause not in {Cause.BROWSER_GONE, Cause.TIMEOUT}:
            return failure
        if not self._pool.driver_alive():
            return replace(failure, cause=Cause.DRIVER_GONE)
        # A stuck browser looks like a portal that hangs; one that was replaced meanwhile was stuck for us too.
        replaced = generation and self._pool.generation != generation
        if replaced or not await self._pool.answers():
            return replace(failure, cause=Cause.BROWSER_GONE)
        return failure


def _lacking(journey: Journey, failure: Failure | None) -> tuple[str, ...]:
    """The requirements that a portal without the function just missed does not fulfil."""
    if failure is None or failure.cause is not Cause.FUNCTION_MISSING:
        return ()
    return journey.functions.get(failure.function, ())


def _lost(error: Exception, took: float) -> Attempt:
    """The attempt that had no context, or lost it outside of a step: never the portal's."""
    cause = cause_of(error)
    gone = cause if cause is Cause.RESOURCES_SHORT else Cause.BROWSER_GONE
    failure = Failure(cause=gone, step="", detail=brief(error))
    return Attempt(started=Clock().now(), duration_s=took, failure=failure)

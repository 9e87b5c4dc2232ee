"""What a journey is: named steps over page objects."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from agent.model import Account, Holder, OptionRule, Portal
from agent.ports import Safeguards
from probes.browser.steps import Steps
from probes.esignature.report import Reason, Report, refused
from probes.platforms.base import PortalPages

VerifyPdf = Callable[[bytes], Awaitable[Report]]


async def _unverifiable(_: bytes) -> Report:
    return refused(Reason.UNTRUSTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What a run of a journey is given: what its portal may be asked, and the means to do it safely.

    ``options`` are the journey's own from ``journeys.yaml``, ``accounts`` holds at most one for each holder,
    ``verify_pdf`` tells what a signed PDF comes to.
    """

    portal: Portal
    options: Mapping[str, str]
    safeguards: Safeguards
    accounts: Mapping[Holder, Account] = field(default_factory=dict)
    verify_pdf: VerifyPdf = _unverifiable


Run = Callable[[PortalPages, Steps, Kit], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A scripted user flow.

    ``steps`` in order, ``requirements`` are the ids it can observe, ``options`` the settings it reads
    from ``journeys.yaml``. ``functions`` names the requirements that a portal without a function does not fulfil,
    ``holders`` those whose test account it needs, ``relies_on`` by step the shared services that the portal itself
    talks to, out of the browser's sight. ``private``: a person is logged in or personal data is typed, so
    that no screencast is made and no field is shown.
    """

    steps: tuple[str, ...]
    run: Run
    requirements: tuple[str, ...] = ()
    options: Mapping[str, OptionRule] = field(default_factory=dict)
    functions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    holders: tuple[Holder, ...] = ()
    relies_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    private: bool = False

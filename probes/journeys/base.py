"""What a journey is: named steps over page objects."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from agent.model import OptionRule
from probes.browser.steps import Steps
from probes.platforms.base import PortalPages

Run = Callable[[PortalPages, Steps, Mapping[str, str]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A scripted user flow.

    ``steps`` in order, ``requirements`` are the ids it can observe, ``options`` the settings it reads
    from ``journeys.yaml``.
    """

    steps: tuple[str, ...]
    run: Run
    requirements: tuple[str, ...] = ()
    options: Mapping[str, OptionRule] = field(default_factory=dict)

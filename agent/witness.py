"""The state of the control targets and of the shared services, asked right when it matters."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from agent.clock import Clock
from agent.model import Failure, Sample

Probe = Callable[[str], Awaitable[Failure | None]]


@dataclass(slots=True)
class _Answer:
    asked: float = float("-inf")
    up: bool | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Witness:
    """Probes control targets and shared services.

    ``controls`` and ``services`` map names to URLs; ``probe`` returns None when the URL answers.
    Eighty-three portals failing at once ask each target once: whoever failed before a probe began
    takes its answer, and nobody takes an older one.
    """

    def __init__(
        self,
        *,
        controls: Mapping[str, str],
        services: Mapping[str, str],
        probe: Probe,
        clock: Clock | None = None,
    ) -> None:
        self._controls = dict(controls)
        self._services = dict(services)
        self._probe = probe
        self._clock = clock or Clock()
        self._answers: dict[str, _Answer] = {}

    async def controls_answer(self) -> bool:
        """Whether every control target answers now; True when none is configured."""
        return await self._all_answer(self._controls.values())

    async def down_among(self, names: Iterable[str]) -> str:
        """The first of these shared services that doesn't answer now, or nothing; one not configured counts as up."""
        asked = {name: self._services[name] for name in names if name in self._services}
        answers = await asyncio.gather(*(self._answers_now(url) for url in asked.values()))
        return next((name for name, up in zip(asked, answers, strict=True) if not up), "")

    async def look(self) -> None:
        """Ask every target, so that the figures are fresh also when nothing fails."""
        await self._all_answer([*self._controls.values(), *self._services.values()])

    def samples(self) -> Iterable[Sample]:
        """Up or down for each target asked so far."""
        yield from self._states("portalwatch_control_up", "control", self._controls)
        yield from self._states("portalwatch_service_up", "service", self._services)

    async def _all_answer(self, urls: Iterable[str]) -> bool:
        return all(await asyncio.gather(*(self._answers_now(url) for url in urls)))

    async def _answers_now(self, url: str) -> bool:
        wanted = self._clock.monotonic()
        answer = self._answers.setdefault(url, _Answer())
        async with answer.lock:
            if answer.asked < wanted:
                answer.asked = self._clock.monotonic()
                answer.up = await self._probe(url) is None
            return bool(answer.up)

    def _states(self, name: str, label: str, targets: Mapping[str, str]) -> Iterable[Sample]:
        for target, url in targets.items():
            answer = self._answers.get(url)
            if answer is not None and answer.up is not None:
                yield Sample(name=name, value=float(answer.up), labels={label: target})

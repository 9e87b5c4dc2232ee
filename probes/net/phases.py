"""A probe's run as steps."""

from collections.abc import Iterable, Mapping

from agent.model import Step, StepStatus


def _status(name: str, seconds: Mapping[str, float], failing: str) -> StepStatus:
    if name == failing:
        return StepStatus.FAILED
    return StepStatus.PASSED if name in seconds else StepStatus.SKIPPED


def steps(names: Iterable[str], seconds: Mapping[str, float], failing: str) -> tuple[Step, ...]:
    """One step per name, in order: failed, or passed when ``seconds`` has it, or else skipped."""
    return tuple(
        Step(name=name, status=_status(name, seconds, failing), duration_s=seconds.get(name, 0.0)) for name in names
    )

"""A probe's run as steps: the phases before the failing one passed, those after it were skipped."""

from collections.abc import Iterable, Mapping

from agent.model import Step, StepStatus


def steps(names: Iterable[str], durations: Mapping[str, float], failing: str | None) -> tuple[Step, ...]:
    """One step per name, in order; ``durations`` are seconds, a name without one took 0."""
    made: list[Step] = []
    status = StepStatus.PASSED
    for name in names:
        if name == failing:
            status = StepStatus.FAILED
        elif status is StepStatus.FAILED:
            status = StepStatus.SKIPPED
        made.append(Step(name=name, status=status, duration_s=durations.get(name, 0.0)))
    return tuple(made)

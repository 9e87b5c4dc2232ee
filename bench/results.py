"""Results as an agent makes them, for the figures about storing."""

from datetime import datetime, timedelta

from agent.model import Requirement, Result, Step, StepStatus
from tests.factories import START, result

METRICS = ("dns_s", "connect_s", "tls_s", "first_byte_s", "transfer_s", "total_s", "redirects", "size_bytes", "status")
STEPS = ("resolve", "connect", "tls", "first_byte", "transfer", "assert")


def plain(number: int, start: datetime = START) -> Result:
    """A passed http run; each number is a slot of its own."""
    return result(
        f"portal{number % 83}",
        "http",
        start + timedelta(seconds=number),
        steps=tuple(Step(name=name, status=StepStatus.PASSED, duration_s=0.0123) for name in STEPS),
        metrics=dict.fromkeys(METRICS, 0.0123 + number),
        requirements={"SEC-4": Requirement.FULFILLED},
        interval_s=60.0,
    )

"""Redacts what a result says in words, before it is journaled."""

from dataclasses import replace

from agent.guard.redaction import Redactor
from agent.model import Result


def redacted(result: Result, redactor: Redactor) -> Result:
    """The result without secrets in its details, console, addresses and landmarks; mostly the same one."""
    told = "\0".join([
        result.detail,
        *result.console,
        *(request.url for request in result.requests),
        *(step.landmark for step in result.steps),
    ])  # fmt: skip
    if redactor.text(told) == told:
        return result
    return replace(
        result,
        detail=redactor.text(result.detail),
        console=tuple(map(redactor.text, result.console)),
        requests=tuple(replace(request, url=redactor.text(request.url)) for request in result.requests),
        steps=tuple(replace(step, landmark=redactor.text(step.landmark)) for step in result.steps),
    )

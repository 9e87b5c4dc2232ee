"""Runs axe-core on a page, in a world of its own that neither the page's policy nor its scripts reach."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import CDPSession, Error, Page

WITHIN_S = 10.0
_LEAVE_WITHIN_S = 1.0
_WORLD = "axe"
_RULES, _TEXT = 100, 200

IMPACTS = ("critical", "serious", "moderate", "minor")
WCAG = frozenset({"wcag2a", "wcag2aa"})
"""The tags of WCAG 2.0, levels A and AA."""

# Frames would need axe in each, and a preload would ask the portal for its style sheets again.
_RUN = f"""
axe.run(document, {{
  resultTypes: ["violations"], iframes: false, preload: false,
  runOnly: {{ type: "tag", values: {json.dumps([*sorted(WCAG), "best-practice"])} }},
}}).then(({{ violations }}) => JSON.stringify(violations.slice(0, {_RULES}).map(
  ({{ id, impact, help, tags, nodes }}) => ({{
    id, impact, tags, help: help.slice(0, {_TEXT}), nodes: nodes.length,
  }}))))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A rule that a page breaks in ``nodes`` places; ``wcag``: WCAG 2.0 A or AA asks for it, not only good practice."""

    rule: str
    impact: str
    help: str
    nodes: int
    wcag: bool


async def violations(page: Page, within: float = WITHIN_S) -> tuple[Violation, ...] | None:
    """The rules that a page breaks; None when axe could not tell within so many seconds."""
    try:
        session = await asyncio.wait_for(page.context.new_cdp_session(page), within)
    except (Error, TimeoutError):
        return None
    try:
        async with asyncio.timeout(within):
            return _read(await _run(session, within))
    except TimeoutError:
        # Else axe would go on in the page and slow down what comes after.
        await _leave(session, "Runtime.terminateExecution")
        return None
    except (Error, KeyError, ValueError):
        return None
    finally:
        with suppress(Error, TimeoutError):
            await asyncio.wait_for(session.detach(), _LEAVE_WITHIN_S)


async def _run(session: CDPSession, within: float) -> str:
    frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
    world = await session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": _WORLD})
    there = {"contextId": world["executionContextId"], "timeout": within * 1000}
    await session.send("Runtime.evaluate", {"expression": AXE_SCRIPT, **there})
    answer = await session.send(
        "Runtime.evaluate", {"expression": _RUN, "awaitPromise": True, "returnByValue": True, **there}
    )
    return str(answer["result"]["value"])


async def _leave(session: CDPSession, command: str) -> None:
    with suppress(Error, TimeoutError):
        await asyncio.wait_for(session.send(command), _LEAVE_WITHIN_S)


def _read(text: str) -> tuple[Violation, ...]:
    return tuple(_violation(one) for one in json.loads(text) if one["impact"] in IMPACTS)


def _violation(one: dict[str, Any]) -> Violation:
    return Violation(
        rule=str(one["id"]),
        impact=str(one["impact"]),
        help=str(one["help"]),
        nodes=int(one["nodes"]),
        wcag=not WCAG.isdisjoint(one["tags"]),
    )

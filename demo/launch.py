"""Starts the demo as a child process and talks to its control API."""

import asyncio
import contextlib
import os
import sys
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import aiohttp

from agent.errors import PortalwatchError
from demo.ready import Ready, ReadyError

__all__ = ["LaunchError", "Ready", "launch", "set_fault"]

START_S = 60.0
_STOP_S = 5.0
_TAIL = 20
_LINE_LIMIT = 1 << 20
_PACKAGE_ROOT = Path(__file__).resolve().parent.parent


class LaunchError(PortalwatchError):
    """The demo didn't start, or refused a fault."""


@asynccontextmanager
async def launch(
    *,
    portals: int | None,
    seed: int | None,
    faults: Sequence[str],
    directory: Path,
    portals_file: Path | None = None,
    base_port: int | None = None,
) -> AsyncIterator[Ready]:
    """A running demo; ``faults`` read ``TARGET=FAULT``. Raises :class:`LaunchError` with what the child said last."""
    given = {"--portals": portals, "--seed": seed, "--portals-file": portals_file, "--base-port": base_port}
    arguments = [f"{name}={value}" for name, value in given.items() if value is not None]
    arguments += [f"--fault={fault}" for fault in faults]
    child = await _start([*arguments, f"--dir={directory}", "--stdin-guard"])
    tail: deque[str] = deque(maxlen=_TAIL)
    listening = asyncio.create_task(_keep_tail(child, tail))
    try:
        yield await _wait_ready(child, listening, tail)
    finally:
        await _stop(child)
        await listening


async def set_fault(ready: Ready, target: str, fault: str | None) -> None:
    """Give ``target`` a fault, or take its fault away; raises :class:`LaunchError` when the demo refuses."""
    url = f"{ready.control}/faults/{quote(target, safe='')}"
    body = None if fault is None else {"fault": fault}
    method = "DELETE" if fault is None else "PUT"
    try:
        async with aiohttp.ClientSession() as session, session.request(method, url, json=body) as response:
            said = await response.json()
    except (aiohttp.ClientError, ValueError, TimeoutError) as error:
        raise LaunchError(f"demo: its control API at {ready.control} doesn't answer: {error}") from error
    if not response.ok:
        raise LaunchError(f"demo: {said.get('error')}")


async def _start(arguments: Sequence[str]) -> asyncio.subprocess.Process:
    path = os.pathsep.join([str(_PACKAGE_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "demo",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": path},
        limit=_LINE_LIMIT,
        start_new_session=True,  # Ctrl-C reaches the parent alone, which then stops the demo in its turn
    )


async def _wait_ready(child: asyncio.subprocess.Process, listening: asyncio.Task[None], tail: Sequence[str]) -> Ready:
    if child.stdout is None:
        raise LaunchError("demo: its output is not a pipe")
    try:
        line = await asyncio.wait_for(child.stdout.readline(), START_S)
    except TimeoutError:
        raise LaunchError(f"demo: not ready after {START_S:g} s") from None
    try:
        return Ready.from_line(line.decode(errors="replace"))
    except ReadyError:
        await _stop(child)
        await listening
        said = "\n".join(tail) or "it said nothing"
        raise LaunchError(f"demo: ended with status {child.returncode}: {said}") from None


async def _keep_tail(child: asyncio.subprocess.Process, tail: deque[str]) -> None:
    if child.stderr is None:
        return
    async for line in child.stderr:
        tail.append(line.decode(errors="replace").rstrip())


async def _stop(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
    try:
        await asyncio.wait_for(_reap(child), _STOP_S)
    except TimeoutError:
        child.kill()
        await _reap(child)


async def _reap(child: asyncio.subprocess.Process) -> None:
    """Wait for the end, with the pipes closed: asyncio keeps them otherwise until they are collected."""
    if child.stdin is not None:
        child.stdin.close()
    await child.wait()

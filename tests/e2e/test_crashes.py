"""What breaks under a journey: each gives a verdict, and none leaves a process behind."""

import asyncio
import os
import signal

import pytest

from agent.model import Cause, Flag, Verdict
from tests.e2e.rig import bench


async def after_start(pool, number, how):
    """Hit the driver (0) or the browser (1) once a journey is on its way."""
    await asyncio.sleep(1.5)
    os.kill(pool.pids()[number], how)


@pytest.mark.parametrize(
    ("number", "how", "causes"),
    [
        (1, signal.SIGKILL, {Cause.BROWSER_GONE}),
        (1, signal.SIGSTOP, {Cause.BROWSER_GONE}),
        (0, signal.SIGKILL, {Cause.DRIVER_GONE, Cause.BROWSER_GONE}),
        (0, signal.SIGSTOP, {Cause.DRIVER_GONE, Cause.BROWSER_GONE}),
    ],
    ids=["browser-killed", "browser-stopped", "driver-killed", "driver-stopped"],
)
async def test_it_takes_the_blame_for_its_browser_and_measures_again(tmp_path, number, how, causes):
    async with bench(tmp_path, faults=["*=slow"]) as (pool, run):
        hit = asyncio.create_task(after_start(pool, number, how))
        result = await run()
        await hit
        assert (result.verdict, result.attempts, Flag.FLAKY in result.flags) == (Verdict.PASS, 2, True), result
        assert result.cause in causes


async def test_it_does_not_blame_the_portal_when_the_browser_goes_twice(tmp_path):
    async with bench(tmp_path, faults=["*=hang"]) as (pool, run):
        hit = asyncio.create_task(after_start(pool, 1, signal.SIGKILL))
        result = await run()
        await hit
    assert (result.verdict, result.cause) == (Verdict.AGENT_FAULT, Cause.BROWSER_GONE)


async def test_it_gives_a_crashed_renderer_a_verdict(tmp_path):
    async with bench(tmp_path, act=lambda page: page.goto("chrome://crash")) as (pool, run):
        result = await run()
        assert (result.verdict, result.cause) == (Verdict.AGENT_FAULT, Cause.RENDERER_CRASHED)
        assert await pool.answers()


async def test_it_ends_a_page_that_never_comes_to_rest(tmp_path):
    async with bench(tmp_path, act=lambda page: page.evaluate("() => { for (;;); }")) as (pool, run):
        result = await run()
        assert (result.verdict, result.cause, result.attempts) == (Verdict.PORTAL_FAULT, Cause.TIMEOUT, 2)
        assert await pool.answers()


async def test_it_keeps_evidence_of_a_failure_and_none_of_a_pass(tmp_path):
    async with bench(tmp_path, faults=["*=error-page-200"]) as (_, run):
        result = await run()
    kinds = [item.kind for item in result.evidence]
    assert sorted(kinds) == ["console", "har", "screenshot", "screenshot", "trace"]
    assert all((tmp_path / "evidence" / item.path).stat().st_size > 0 for item in result.evidence)
    async with bench(tmp_path / "healthy") as (_, run):
        result = await run()
    assert (result.verdict, result.evidence) == (Verdict.PASS, ())
    assert not (tmp_path / "healthy" / "evidence").exists()

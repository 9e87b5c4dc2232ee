"""A thousand journeys and a hundred forced kills: memory stays flat, nothing is left behind."""

import asyncio
import os
import random
import signal
from contextlib import suppress
from statistics import median

import psutil
import pytest

from agent.guard.evidence import EvidenceStore
from agent.model import ProbeKind, Timeouts, Verdict
from agent.runner import Runner
from agent.witness import Witness
from demo.launch import launch
from probes import JOURNEYS, PLATFORMS
from probes.browser.instance import own_memory
from probes.browser.pool import Pool, PoolSettings
from probes.browser.prober import BrowserProber
from tests.e2e.lab import processes_of
from tests.e2e.rig import NoHistory, answering, bench, untrusted
from tests.factories import Harmless, check, planned, request

JOURNEYS_RUN = 1_000
AT_ONCE = 3
KILLS = 100
MIB = 2**20


@pytest.mark.prove
async def test_it_stays_as_large_as_it_is_over_a_thousand_journeys(tmp_path):
    held, browsers = [], []
    me = psutil.Process()
    async with (
        launch(portals=8, seed=None, faults=[], directory=tmp_path / "demo") as ready,
        Pool(PoolSettings(run_dir=tmp_path / "run", trust_store=ready.ca)) as pool,
    ):
        prober = BrowserProber(
            pool=pool, journeys=JOURNEYS, platforms=PLATFORMS, services={}, name_trust_fault=untrusted
        )
        runner = Runner(
            probers={ProbeKind.BROWSER: prober},
            witness=Witness(controls={}, services={}, probe=answering),
            history=NoHistory(),
            windows=tuple,
            evidence=EvidenceStore(tmp_path / "evidence"),
            safeguards=lambda _: Harmless(),
        )
        waiting = [ready.portals[number % 8] for number in range(JOURNEYS_RUN)]
        verdicts = []

        async def work():
            while waiting:
                portal = waiting.pop()
                plan = planned(portal.id, "catalogue", platform=portal.platform, kind=portal.kind)
                limits = Timeouts(step=20, journey=60, run=150)
                options = {"search": "đăng ký"}
                of = check(portal.id, "catalogue", plan=plan, portal=portal, timeouts=limits, options=options)
                verdicts.append((await runner.run(request(of))).verdict)
                if len(verdicts) % 50 == 0:
                    held.append(me.memory_full_info().uss / MIB)
                    browsers.append(own_memory(pool.pids()[-1]) / MIB)

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        replaced = {one.labels.get("reason"): one.value for one in pool.samples()}
    print(f"{len(verdicts)} journeys: own memory MiB {held[0]:.0f} at first, {median(held[-5:]):.0f} at last")
    print(f"browser MiB: at most {max(browsers):.0f}; replaced by runs {replaced['runs']:.0f}")
    assert set(verdicts) == {Verdict.PASS}
    assert median(held[-5:]) < median(held[2:7]) + 30
    assert max(browsers) < 1500
    assert processes_of(tmp_path / "run") == []


@pytest.mark.prove
async def test_it_leaves_nothing_after_a_hundred_forced_kills(tmp_path):
    seed = random.SystemRandom().randrange(2**31)
    moments = random.Random(seed)
    print(f"kills of driver and browser: seed {seed}")
    async with bench(tmp_path) as (pool, run):
        killed = 0
        while killed < KILLS:
            running = asyncio.create_task(run())
            await asyncio.sleep(moments.uniform(0, 0.8))
            pids = pool.pids()
            if pids:
                with suppress(ProcessLookupError):
                    os.kill(moments.choice(pids), signal.SIGKILL)
                    killed += 1
            result = await running
            assert result.verdict in {Verdict.PASS, Verdict.AGENT_FAULT}, result
        assert (await run()).verdict is Verdict.PASS
    print(f"  {killed} kills, 0 processes left")

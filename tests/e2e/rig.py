"""A demo, a browser pool, and one journey run on it as an agent would run it."""

from contextlib import asynccontextmanager

from agent.guard.evidence import EvidenceStore
from agent.model import Cause, ProbeKind, Timeouts
from agent.runner import Runner
from agent.witness import Witness
from demo.launch import launch
from probes import JOURNEYS, PLATFORMS
from probes.browser.instance import Wear
from probes.browser.pool import Pool, PoolSettings
from probes.browser.prober import BrowserProber
from probes.journeys.base import Journey
from tests.e2e.lab import processes_of
from tests.factories import Harmless, check, planned, request

LIMITS = Timeouts(step=8, journey=10, run=60)


class NoHistory:
    def passed_with(self, check_id, step, landmark):
        return False


async def answering(_):
    return None


async def untrusted(_):
    return Cause.CERT_UNTRUSTED


def journey(act, *, private=False):
    """A journey of one step that does something to the page."""

    async def run(portal, step, _):
        async with step("act"):
            await act(portal.stage.page)

    return Journey(steps=("act",), run=run, private=private)


@asynccontextmanager
async def bench(tmp_path, *, faults=(), act=None, wear=None, secrets=(), private=False):
    """A demo, a pool, and a function that runs a journey on it as an agent would."""
    journeys = {**JOURNEYS, "act": journey(act, private=private)} if act else JOURNEYS
    name = "act" if act else "home"
    async with launch(portals=2, seed=None, faults=list(faults), directory=tmp_path / "demo") as ready:
        settings = PoolSettings(run_dir=tmp_path / "run", trust_store=ready.ca, wear=wear or Wear())
        async with Pool(settings) as pool:
            await pool.start()
            prober = BrowserProber(
                pool=pool,
                journeys=journeys,
                platforms=PLATFORMS,
                services={},
                name_trust_fault=untrusted,
                secrets=lambda: secrets,
            )
            runner = Runner(
                probers={ProbeKind.BROWSER: prober},
                witness=Witness(controls={}, services={}, probe=answering),
                history=NoHistory(),
                windows=tuple,
                evidence=EvidenceStore(tmp_path / "evidence", lambda: secrets),
                safeguards=lambda _: Harmless(),
            )
            # Drawn on the server: a slow portal is slow once a page.
            portal = next(one for one in ready.portals if one.platform == "tiepnhan")
            plan = planned(portal.id, name, platform=portal.platform, kind=portal.kind)
            of = check(portal.id, name, plan=plan, portal=portal, timeouts=LIMITS)
            yield pool, lambda: runner.run(request(of))
    assert processes_of(tmp_path / "run") == []
    assert not (tmp_path / "run" / "tmp").exists()

"""A refused account is used once, seen from the portal's side; runs with it say so and confirm nothing."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from agent.guard.evidence import EvidenceStore
from agent.guard.safeguards import RunSafeguards
from agent.journal import Journal
from agent.model import Cause, Deed, Holder, ProbeKind, Timeouts, Verdict
from agent.runner import Runner
from agent.witness import Witness
from probes.browser.pool import Pool, PoolSettings
from probes.browser.prober import BrowserProber
from probes.journeys.base import Journey
from tests.factories import START, account, check, request
from tests.integration.shelf import Shelf, ShelfPages

LIMITS = Timeouts(step=8, journey=10, run=60)


async def enter(portal, step, kit):
    async with step("enter"):
        await portal.enter(kit.accounts[Holder.PERSON], kit.safeguards)


async def sign(portal, step, kit):
    """Gives the PIN, then never learns what became of it."""
    async with step("sign"):
        await kit.safeguards.before(Deed.PIN, kit.accounts[Holder.PERSON].name)
        await portal.stage.open("/nowhere")


async def answering(_):
    return None


class Bench:
    """Runs journeys as an agent would; ``account`` is the one configured now."""

    def __init__(self, shelf, pool, journal, folder):
        self.account = account(username="nguyen", password="wrong")  # noqa: S106 - made up
        self.shelf = shelf
        self.journal = journal
        prober = BrowserProber(
            pool=pool,
            journeys={"enter": Journey(steps=("enter",), run=enter), "sign": Journey(steps=("sign",), run=sign)},
            platforms={"formio": ShelfPages},
            services={},
            name_trust_fault=answering,
            accounts=lambda _: {Holder.PERSON: self.account},
        )
        self.runner = Runner(
            probers={ProbeKind.BROWSER: prober},
            witness=Witness(controls={}, services={}, probe=answering),
            history=journal,
            windows=tuple,
            evidence=EvidenceStore(folder / "evidence", tuple),
            safeguards=lambda one: RunSafeguards(
                run_id=one.run_id, book=journal, accounts=lambda name: self.account if name == "tester" else None
            ),
        )

    async def run(self, number, journey="enter"):
        seen = check("angiang", journey, timeouts=LIMITS)
        seen = replace(seen, portal=replace(seen.portal, base_url=self.shelf.url))
        return await self.runner.run(request(seen, slot=START + number * timedelta(minutes=5)))


@pytest.fixture
async def bench(tmp_path):
    async with _bench(tmp_path) as made:
        yield made


@asynccontextmanager
async def _bench(tmp_path):
    async with (
        Shelf({"nguyen": "right"}).served() as shelf,
        Pool(PoolSettings(run_dir=tmp_path / "run")) as pool,
    ):
        with Journal.open(tmp_path / "journal.sqlite3") as journal:
            yield Bench(shelf, pool, journal, tmp_path)


async def test_it_tries_a_refused_account_once_until_its_credentials_change(bench):
    refused = await bench.run(0)
    assert (refused.verdict, refused.cause, refused.attempts) == (
        Verdict.ACCOUNT_FAULT,
        Cause.CREDENTIALS_REFUSED,
        1,
    )
    locked = await bench.run(1)
    assert (locked.verdict, locked.cause, locked.attempts, locked.failing_step) == (
        Verdict.ACCOUNT_FAULT,
        Cause.CREDENTIALS_REFUSED,
        1,
        "enter",
    )
    since = bench.journal.locks()[0].since
    assert locked.detail.startswith(f"account tester is locked since {since:%Y-%m-%dT%H:%M:%S}")
    assert bench.shelf.visits == [("log-in", "nguyen")]
    bench.account = replace(bench.account, password="right")  # noqa: S106 - made up
    assert (await bench.run(2)).verdict is Verdict.PASS
    assert bench.shelf.visits == [("log-in", "nguyen")] * 2
    assert bench.journal.locks() == []


async def test_it_logs_in_again_once_a_person_has_unlocked(bench):
    await bench.run(0)
    await bench.journal.unlock("tester")
    assert (await bench.run(1)).verdict is Verdict.ACCOUNT_FAULT
    assert bench.shelf.visits == [("log-in", "nguyen")] * 2
    assert len(bench.journal.locks()) == 1


async def test_it_runs_nothing_again_that_was_delivered_twice(bench):
    bench.account = replace(bench.account, password="right")  # noqa: S106 - made up
    assert (await bench.run(0)).verdict is Verdict.PASS
    again = await bench.run(0)
    assert (again.verdict, again.cause, again.attempts) == (Verdict.AGENT_FAULT, Cause.INTERNAL, 1)
    assert "has begun the login with tester before" in again.detail
    assert bench.shelf.visits == [("log-in", "nguyen")]


async def test_it_confirms_nothing_after_a_pin_whose_outcome_nobody_knows(bench):
    result = await bench.run(0, "sign")
    assert (result.verdict, result.cause, result.attempts) == (Verdict.PORTAL_FAULT, Cause.HTTP_STATUS, 1)
    assert [intent.deed for intent in bench.journal.open_intents()] == [Deed.PIN]


async def test_it_confirms_a_fault_after_a_log_in_that_was_accepted(bench):
    bench.account = replace(bench.account, password="right")  # noqa: S106 - made up
    bench.shelf.broken = True
    result = await bench.run(0)
    assert (result.verdict, result.attempts) == (Verdict.PORTAL_FAULT, 2)
    assert bench.shelf.visits == [("log-in", "nguyen")] * 2
    assert bench.journal.locks() == []
    assert {intent.deed for intent in bench.journal.open_intents()} == {Deed.LOGIN}

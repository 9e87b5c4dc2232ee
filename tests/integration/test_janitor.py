"""What cut-off runs left is cleared in a real browser, in the portal's one session, or stays visible."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from agent.clock import Clock
from agent.guard.gate import Gate
from agent.guard.janitor import Janitor
from agent.guard.safeguards import RunSafeguards
from agent.journal import Journal
from agent.model import Debt, Holder, Item, ItemKind, Kind, Portal
from probes.browser.cleaner import BrowserCleaner
from probes.browser.pool import Pool, PoolSettings
from tests.factories import account, check
from tests.integration.shelf import PlainPages, Shelf, ShelfPages

PERSON = account("tester", username="nguyen")
COMPANY = account("company", holder=Holder.ORGANISATION, username="cong-ty")
ACCOUNTS = {one.holder: one for one in (PERSON, COMPANY)}


class House:
    """A journal, a janitor over the real cleaner, and the shelf it visits."""

    def __init__(self, path, shelf, pool):
        self.path = path
        self.shelf = shelf
        self.pool = pool
        self.portals = {name: self.portal(name) for name in ("hue", "angiang")}
        self.portals["plain"] = self.portal("plain", platform="plain")
        self.accounts = dict(ACCOUNTS)
        self.running = set()
        self.gate = Gate(per_host=100)
        self.journal = Journal.open(path)

    def portal(self, name, platform="shelf"):
        return Portal(
            id=name, kind=Kind.PROVINCE, platform=platform, name_vi=name, name_en=name, base_url=self.shelf.url
        )

    def janitor(self):
        by_name = {one.name: one for one in self.accounts.values()}
        return Janitor(
            book=self.journal,
            cleaner=BrowserCleaner(
                pool=self.pool,
                platforms={"shelf": ShelfPages, "plain": PlainPages},
                accounts=lambda _: self.accounts,
            ),
            gate=self.gate,
            portals=lambda: self.portals,
            running=lambda: self.running,
            longest_run=lambda: timedelta(minutes=5),
            safeguards=lambda run_id: RunSafeguards(run_id=run_id, book=self.journal, accounts=by_name.get),
        )

    async def owe(self, mark, *, portal="hue", of=PERSON, run_id="run-1", there=True, since=None):
        item = Item(portal=portal, account=of.name, kind=ItemKind.DOCUMENT, mark=mark)
        await self.journal.owe(Debt(item=item, run_id=run_id, since=since or Clock().now()))
        if there:
            self.shelf.documents[of.username].add(mark)
        return item

    def owed(self):
        return {debt.item.mark: debt.tries for debt in self.journal.debts()}


@asynccontextmanager
async def house(tmp_path):
    people = {PERSON.username: PERSON.password, COMPANY.username: COMPANY.password}
    async with Shelf(people).served() as shelf, Pool(PoolSettings(run_dir=tmp_path / "run")) as pool:
        made = House(tmp_path / "journal.sqlite3", shelf, pool)
        try:
            yield made
        finally:
            made.journal.close()


async def test_it_clears_what_is_there_and_what_never_came_to_be(tmp_path):
    async with house(tmp_path) as home:
        await home.owe("pw-1")
        await home.owe("pw-2", there=False)
        await home.owe("pw-3", of=COMPANY)
        home.shelf.documents[PERSON.username].add("somebody's")
        await home.janitor().sweep()
        assert home.owed() == {}
        assert home.shelf.documents == {PERSON.username: {"somebody's"}, COMPANY.username: set()}
        assert home.journal.open_intents() == []


async def test_it_leaves_alone_what_a_run_in_progress_owes(tmp_path):
    async with house(tmp_path) as home:
        await home.owe("pw-1", run_id="busy")
        await home.owe("pw-2", run_id="manual-1")
        await home.owe("pw-3", run_id="manual-2", since=Clock().now() - timedelta(minutes=6))
        home.running.add("busy")
        await home.janitor().sweep()
        assert home.owed() == {"pw-1": 0, "pw-2": 0}
        home.running.clear()
        await home.janitor().sweep()
        assert home.owed() == {"pw-2": 0}


async def test_it_keeps_visible_what_it_cannot_clear(tmp_path):
    async with house(tmp_path) as home:
        await home.owe("of-a-family-that-cannot", portal="plain", there=False)
        await home.owe("of-a-portal-not-visited", portal="gone")
        await home.owe("of-an-account-taken-out", of=account("old", username="cong-ty"))
        await home.owe("stubborn")
        home.shelf.deaf = True
        janitor = home.janitor()
        await janitor.sweep()
        await janitor.sweep()
        assert home.owed() == {
            "of-a-family-that-cannot": 0,
            "of-a-portal-not-visited": 0,
            "of-an-account-taken-out": 0,
            "stubborn": 2,
        }
        debts = {s.labels["portal"]: s.value for s in janitor.samples() if s.name == "portalwatch_cleanup_debt"}
        assert debts == {"plain": 1, "gone": 1, "hue": 2}
        ages = [s.value for s in janitor.samples() if s.name == "portalwatch_cleanup_debt_age_seconds"]
        assert all(age > 0 for age in ages)


async def test_it_shows_a_debt_of_nothing_once_all_is_cleared(tmp_path):
    async with house(tmp_path) as home:
        await home.owe("pw-1")
        janitor = home.janitor()
        await janitor.sweep()
        assert [(s.name, s.value, dict(s.labels)) for s in janitor.samples()] == [
            ("portalwatch_cleanup_debt", 0, {"portal": "hue"}),
            ("portalwatch_cleanup_debt_age_seconds", 0.0, {"portal": "hue"}),
        ]


async def test_it_tries_a_refused_account_once(tmp_path):
    async with house(tmp_path) as home:
        home.shelf.passwords[PERSON.username] = "changed by somebody"
        for mark, portal in (("pw-1", "hue"), ("pw-2", "angiang")):
            await home.owe(mark, portal=portal)
        await home.owe("pw-3", of=COMPANY)
        janitor = home.janitor()
        await janitor.sweep()
        await janitor.sweep()
        assert home.shelf.visits.count(("log-in", PERSON.username)) == 1
        assert [lock.account for lock in home.journal.locks()] == [PERSON.name]
        assert set(home.owed()) == {"pw-1", "pw-2"}


async def test_it_waits_for_the_portal_s_session_and_asks_again_then(tmp_path):
    async with house(tmp_path) as home:
        item = await home.owe("pw-1")
        async with home.gate.admit(check("hue", portal=home.portals["hue"])):
            sweeping = asyncio.create_task(home.janitor().sweep())
            await asyncio.sleep(0.3)
            assert home.shelf.visits == []
            await home.journal.settle(item, Clock().now())
        await sweeping
        assert home.owed() == {}
        assert home.shelf.visits == []


async def test_it_goes_on_when_a_portal_is_away(tmp_path):
    async with house(tmp_path) as home:
        home.portals["angiang"] = Portal(
            id="angiang", kind=Kind.PROVINCE, platform="shelf", name_vi="a", name_en="a", base_url="http://127.0.0.1:1"
        )
        await home.owe("pw-1", portal="angiang")
        await home.owe("pw-2", portal="hue")
        await home.janitor().sweep()
        assert home.owed() == {"pw-1": 1}


@pytest.mark.parametrize("moment", range(3))
async def test_it_clears_after_a_restart_what_a_sweep_left(tmp_path, moment):
    """Cut off before the visit, at the log-in, or after a removal that was not noted: the next sweep clears all."""
    async with house(tmp_path) as home:
        for mark in ("pw-1", "pw-2"):
            await home.owe(mark)
        sweeping = asyncio.create_task(home.janitor().sweep())
        async with asyncio.timeout(30):
            while len(home.shelf.visits) < moment:
                await asyncio.sleep(0.005)
        sweeping.cancel()
        await asyncio.gather(sweeping, return_exceptions=True)
        home.journal.close()
        home.journal = Journal.open(home.path)
        await home.janitor().sweep()
        assert home.owed() == {}
        assert home.shelf.documents[PERSON.username] == set()

"""One demo and one browser for each test file; page objects of two families, one of each way to draw pages."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
import yaml

from agent.model import Account, Deed, Holder, Item, Outcome
from demo.launch import launch
from demo.ready import Ready
from probes import PLATFORMS
from probes.browser.listen import Listener
from probes.browser.pool import Pool, PoolSettings
from probes.browser.stage import Stage
from probes.platforms.base import PortalPages
from tests import seeds
from tests.integration.demo_wire import Running, running

SEED = seeds.fresh()
DICE = random.Random(SEED)
FAMILIES = (DICE.choice(("formio", "linked")), DICE.choice(("aspx", "eform", "liferay", "plain", "tiepnhan")))
LIMIT_S = 45.0


@dataclass(slots=True)
class Deeds:
    """Safeguards that write down what they are told."""

    told: list[tuple[object, ...]] = field(default_factory=list)

    async def before(self, deed: Deed, account: str) -> None:
        self.told.append((deed, account))

    async def after(self, deed: Deed, account: str, outcome: Outcome) -> None:
        self.told.append((deed, account, outcome))

    async def owes(self, item: Item) -> None:
        self.told.append((item,))

    async def cleared(self, item: Item) -> None:
        self.told.append((item,))


@dataclass(slots=True)
class Walk:
    """A page object in a context of its own, an account of each holder, and what was journaled."""

    demo: Running
    family: str
    portal: PortalPages
    accounts: dict[Holder, Account]
    deeds: Deeds = field(default_factory=Deeds)

    @property
    def person(self) -> Account:
        return self.accounts[Holder.PERSON]

    async def log_in(self) -> None:
        await self.portal.entrance.open()
        await self.portal.entrance.leave_for_provider()
        await self.portal.entrance.log_in(self.person, self.deeds)


Walking = Callable[[], AbstractAsyncContextManager[Walk]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    print(f"demo seed {SEED}, families {FAMILIES}")  # noqa: T201 - to draw the same again
    folder = tmp_path_factory.mktemp("demo")
    rows = [
        {
            "id": f"noi-{family}",
            "kind": "province",
            "platform": family,
            "name_vi": f"Nơi {family}",
            "name_en": f"Place {family}",
            "base_url": f"https://dichvucong.{family}.gov.vn",
        }
        for family in FAMILIES
    ]
    path = folder / "portals.yaml"
    path.write_text(yaml.safe_dump({"portals": rows}, allow_unicode=True), encoding="utf-8")
    async with launch(portals=None, seed=SEED, faults=[], directory=folder, portals_file=path) as ready:
        yield await running(ready)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool(demo: Running, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pool]:
    settings = PoolSettings(run_dir=tmp_path_factory.mktemp("run"), trust_store=demo.ready.ca)
    async with Pool(settings) as opened:
        yield opened


@pytest_asyncio.fixture(params=FAMILIES, loop_scope="module")
async def walking(request: pytest.FixtureRequest, demo: Running, pool: Pool) -> AsyncIterator[Walking]:
    """Opens page objects of a family, each in a browser context of its own."""
    family = request.param

    @asynccontextmanager
    async def walk() -> AsyncIterator[Walk]:
        async with pool.context() as context:
            listener = Listener(portal_host="", hosts={})
            listener.attach(context)
            base_url = demo.portal(family)["base_url"]
            stage = Stage(page=await context.new_page(), base_url=base_url, limit=LIMIT_S, listener=listener)
            stage.begin_step()
            yield Walk(demo, family, PLATFORMS[family](stage), accounts_of(demo.ready))

    yield walk
    await demo.fault(family, None)


@pytest_asyncio.fixture(loop_scope="module")
async def walk(walking: Walking) -> AsyncIterator[Walk]:
    async with walking() as made:
        yield made


def accounts_of(ready: Ready) -> dict[Holder, Account]:
    return {
        Holder(one.holder): Account(
            name=f"demo-{one.holder}",
            holder=Holder(one.holder),
            username=one.username,
            password=one.password,
            pin=one.pin,
            key=Path(one.key).read_bytes(),
            key_password=one.key_password,
        )
        for one in ready.accounts
    }

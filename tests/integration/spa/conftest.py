"""A demo of one portal of each family that is drawn in the browser, and a visitor; a module names its ``family``."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
import yaml
from playwright.async_api import Browser

from demo.launch import launch
from tests import seeds
from tests.integration.demo_visitor import Visitor, browsing
from tests.integration.demo_wire import Running

SEED = seeds.fresh()
WAIT_MS = 8000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory, family: str) -> AsyncIterator[Running]:
    print(f"demo seed {SEED}")  # noqa: T201 - to draw the same again
    folder = tmp_path_factory.mktemp("demo")
    async with (
        launch(portals=None, seed=SEED, faults=[], directory=folder, portals_file=_listed(folder, family)) as ready,
        aiohttp.ClientSession() as session,
        session.get(f"{ready.control}/state") as response,
    ):
        yield Running(ready, await response.json())


def _listed(folder: Path, family: str) -> Path:
    row = {"id": "angiang", "kind": "province", "platform": family, "name_vi": "An Giang", "name_en": "An Giang"}
    path = folder / "portals.yaml"
    path.write_text(yaml.safe_dump({"portals": [row | {"base_url": "https://dichvucong.angiang.gov.vn"}]}))
    return path


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def healthy_again(demo: Running) -> AsyncIterator[None]:
    yield
    async with aiohttp.ClientSession() as session, session.delete(f"{demo.ready.control}/faults") as response:
        assert response.status == 200


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(demo: Running, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with browsing(demo.ready.ca, tmp_path_factory.mktemp("home")) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(demo: Running, browser: Browser, family: str) -> AsyncIterator[Visitor]:
    context = await browser.new_context()
    context.set_default_timeout(WAIT_MS)
    yield Visitor(await context.new_page(), demo.portal(family), demo.ready.accounts[0])
    await context.close()

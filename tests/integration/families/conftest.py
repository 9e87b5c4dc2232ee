"""One demo for each test file, with a portal of each family that is drawn on the server, and somebody to visit it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import yaml
from playwright.async_api import Browser

from demo.launch import launch
from tests import seeds
from tests.integration.demo_walk import Visitor, browser_that_trusts, visiting
from tests.integration.demo_wire import Running, running

SEED = seeds.fresh()
FAMILIES = ("aspx", "eform", "liferay", "plain", "tiepnhan")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    print(f"demo seed {SEED}")  # noqa: T201 - to draw the same again
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
async def browser(demo: Running, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with browser_that_trusts(demo.ready.ca, tmp_path_factory.mktemp("home")) as opened:
        yield opened


@pytest_asyncio.fixture(params=FAMILIES, loop_scope="module")
async def visitor(request: pytest.FixtureRequest, demo: Running, browser: Browser) -> AsyncIterator[Visitor]:
    async with visiting(browser, demo.ready, request.param) as somebody:
        yield somebody
    await demo.fault(request.param, None)

"""axe on pages that do not want it: a policy, scripts that tamper, a page that never rests."""

import asyncio

from probes.browser.axe import violations
from probes.browser.listen import Listener
from probes.browser.stage import Stage
from probes.journeys.audit import Audit
from tests.e2e.rig import bench

UNNAMED = "<!doctype html><html lang=vi><title>t</title><main><h1>Trang</h1><img src='data:,'></main>"
TAMPER = """
<script>
  window.axe = { run: () => Promise.resolve({ violations: [] }) };
  Object.defineProperty(window, "axe", { writable: false, configurable: false });
  Promise = class { then() { return this; } };
  JSON.stringify = () => "[]";
  Array.prototype.map = Array.prototype.filter = () => [];
</script>
"""
BUSY = "<script>setTimeout(() => { for (;;); }, 50)</script>"


async def served(page, body, **headers):
    async def answer(route):
        await route.fulfill(body=body, content_type="text/html; charset=utf-8", headers=headers)

    await page.route("https://hostile.localhost/", answer)
    await page.goto("https://hostile.localhost/")


async def run(tmp_path, act):
    """Do something to a page of a real browser; returns what came of it."""
    found = []

    async def keep(page):
        found.append(await act(page))

    async with bench(tmp_path, act=keep) as (_, once):
        await once()
    return found[0]


def rules(found):
    return {one.rule for one in found or ()}


async def test_it_looks_at_a_page_whose_policy_forbids_every_script(tmp_path):
    async def act(page):
        await served(page, UNNAMED, **{"Content-Security-Policy": "default-src 'none'"})
        return await violations(page)

    assert "image-alt" in rules(await run(tmp_path, act))


async def test_it_is_not_fooled_by_the_scripts_of_a_page(tmp_path):
    async def act(page):
        await served(page, UNNAMED + TAMPER)
        seen = await violations(page)
        return seen, await page.evaluate("typeof axe.run")

    seen, theirs = await run(tmp_path, act)
    assert "image-alt" in rules(seen)
    assert theirs == "function"


async def test_it_leaves_nothing_in_the_page(tmp_path):
    async def act(page):
        await served(page, UNNAMED)
        await violations(page)
        return await page.evaluate("typeof window.axe")

    assert await run(tmp_path, act) == "undefined"


async def test_it_gives_up_on_a_page_that_never_rests(tmp_path):
    async def act(page):
        await served(page, UNNAMED + BUSY)
        await asyncio.sleep(0.2)
        return await violations(page, within=1)

    assert await run(tmp_path, act) is None


async def test_it_gives_up_on_a_page_that_is_gone(tmp_path):
    async def act(page):
        await page.close()
        return await violations(page, within=1)

    assert await run(tmp_path, act) is None


async def test_it_leaves_the_requirement_unmeasured_where_a_page_never_rests(tmp_path):
    async def act(page):
        await served(page, UNNAMED + BUSY)
        await asyncio.sleep(0.2)
        stage = Stage(page=page, base_url="https://hostile.localhost", limit=1, listener=Listener("", {}))
        audit = Audit(stage)
        await audit.look("home")
        audit.conclude()
        return stage

    stage = await run(tmp_path, act)
    assert (stage.observed, stage.figures) == ({}, {})
    assert [(one.rule, one.weight, one.place) for one in stage.findings["accessibility"]] == [
        ("unmeasured", "noted", "home")
    ]

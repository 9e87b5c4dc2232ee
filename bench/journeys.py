"""Journeys a second with all measurements on, against the same clicks in bare Playwright."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser

from agent.model import Cause, Check, Timeouts
from bench.figure import Figure, in_turn, ratios, typical
from bench.versions import of_packages
from demo.launch import launch
from probes import JOURNEYS, PLATFORMS
from probes.browser.pool import Pool, PoolSettings
from probes.browser.prober import BrowserProber
from probes.platforms.formio import Formio
from probes.platforms.pages import Family
from probes.platforms.tiepnhan import Tiepnhan
from tests.factories import Harmless, check, planned

PORTALS = 8
ROUNDS = 6
PER_ROUND = {1: 8, 4: 16}
WORDS = "đăng ký"
FAMILIES: dict[str, Family] = {"formio": Formio.family, "tiepnhan": Tiepnhan.family}

Walk = Callable[[Check], Awaitable[None]]


async def measure(folder: Path) -> list[Figure]:
    """One and four journeys at a time."""
    async with launch(portals=PORTALS, seed=1, faults=[], directory=folder / "demo") as ready:
        checks = [
            check(
                portal.id,
                "catalogue",
                plan=planned(portal.id, "catalogue", kind=portal.kind, platform=portal.platform),
                portal=portal,
                timeouts=Timeouts(step=15, journey=40, run=100),
                options={"search": WORDS},
            )
            for portal in ready.portals
        ]
        async with Pool(PoolSettings(run_dir=folder / "run", trust_store=ready.ca)) as pool:
            await pool.start()
            return [await _ratio(pool, checks, folder, at_once) for at_once in PER_ROUND]


async def _warm(pool: Pool) -> Browser:
    """The browser that the pool keeps warm, for the peer as well."""
    return (await pool._instance()).browser  # noqa: SLF001 - the agent has no use for it


async def _ratio(pool: Pool, checks: Sequence[Check], folder: Path, at_once: int) -> Figure:
    prober = BrowserProber(pool=pool, journeys=JOURNEYS, platforms=PLATFORMS, services={}, name_trust_fault=_never)

    async def ours(of: Check) -> None:
        attempt = await prober.attempt(of, folder=folder / "evidence", traced=False, safeguards=Harmless())
        if attempt.failure is not None:
            raise RuntimeError(f"a healthy portal failed: {attempt.failure}")

    async def bare(of: Check) -> None:
        await _bare(await _warm(pool), of)

    speeds: tuple[list[float], list[float]] = ([], [])
    for walk in (ours, bare):
        await _speed(walk, checks, at_once)
    for number in range(ROUNDS):
        pair = [(ours, speeds[0]), (bare, speeds[1])]
        for walk, noted in in_turn(pair, number):
            noted.append(await _speed(walk, checks, at_once))
    mine, theirs = map(typical, speeds)
    return Figure(
        name=f"journeys_ratio_{at_once}",
        what=f"journey catalogue, {at_once} at a time, all measurements on, over the same clicks in bare Playwright",
        unit="",
        values=ratios(*speeds),
        at_least=0.90,
        beside={"ours": f"{mine:.2f}/s", "bare": f"{theirs:.2f}/s"},
        versions={**of_packages("playwright"), "chromium": (await _warm(pool)).version},
    )


async def _speed(walk: Walk, checks: Sequence[Check], at_once: int) -> float:
    count = PER_ROUND[at_once]
    waiting = [checks[number % len(checks)] for number in range(count)]

    async def work() -> None:
        while waiting:
            await walk(waiting.pop())

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return count / (time.perf_counter() - began)


async def _bare(browser: Browser, of: Check) -> None:
    family = FAMILIES[of.portal.platform]
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(of.portal.base_url + family.home_path, wait_until="domcontentloaded")
    await family.home.find(page).first.wait_for()
    await family.box.find(page).first.fill(WORDS)
    await family.button.find(page).first.click()
    await page.wait_for_url(lambda url: bool(family.results.path.search(urlsplit(url).path)), wait_until="commit")
    await family.results.find(page).first.wait_for()
    await page.locator(family.detail_links).first.click()
    await page.wait_for_url(lambda url: bool(family.procedure.path.search(urlsplit(url).path)), wait_until="commit")
    await family.procedure.find(page).first.wait_for()
    for control in family.sheet.values():
        await control.find(page).first.inner_text()
    await context.close()


async def _never(_: str) -> Cause:
    return Cause.CERT_UNTRUSTED

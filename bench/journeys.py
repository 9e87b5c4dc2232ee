"""Journeys a second with all measurements on, against the same clicks in bare Playwright."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from playwright.async_api import Browser

from agent.model import Cause, Check, Timeouts
from bench.figure import Figure, ratios
from demo.launch import launch
from probes import JOURNEYS, PLATFORMS
from probes.browser.pool import Pool, PoolSettings
from probes.browser.prober import BrowserProber
from probes.platforms.formio import Formio
from probes.platforms.pages import Family
from probes.platforms.tiepnhan import Tiepnhan
from tests.factories import check, planned

PORTALS = 8
ROUNDS = 4
PER_ROUND = 16
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
            return [await _ratio(pool, checks, folder, at_once) for at_once in (1, 4)]


async def _ratio(pool: Pool, checks: Sequence[Check], folder: Path, at_once: int) -> Figure:
    prober = BrowserProber(pool=pool, journeys=JOURNEYS, platforms=PLATFORMS, services={}, name_trust_fault=_never)

    async def ours(of: Check) -> None:
        attempt = await prober.attempt(of, folder=folder / "evidence", traced=False)
        if attempt.failure is not None:
            raise RuntimeError(f"a healthy portal failed: {attempt.failure}")

    async def bare(of: Check) -> None:
        await _bare((await pool._instance()).browser, of)  # noqa: SLF001 - the peer uses the same warm browser

    speeds: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for walk, noted in ((ours, speeds[0]), (bare, speeds[1])):
            noted.append(await _speed(walk, checks, at_once))
    mine, theirs = (sorted(values)[len(values) // 2] for values in speeds)
    return Figure(
        name=f"journeys_ratio_{at_once}",
        what=f"journey catalogue, {at_once} at a time, all measurements on, over the same clicks in bare Playwright",
        unit="",
        values=ratios(*speeds),
        at_least=0.90,
        beside={"ours": f"{mine:.2f}/s", "bare": f"{theirs:.2f}/s"},
    )


async def _speed(walk: Walk, checks: Sequence[Check], at_once: int) -> float:
    waiting = [checks[number % len(checks)] for number in range(PER_ROUND)]

    async def work() -> None:
        while waiting:
            await walk(waiting.pop())

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return PER_ROUND / (time.perf_counter() - began)


async def _bare(browser: Browser, of: Check) -> None:
    family = FAMILIES[of.portal.platform]
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(of.portal.base_url + family.home_path, wait_until="domcontentloaded")
    await family.home.find(page).first.wait_for()
    await family.box.find(page).first.fill(WORDS)
    await family.button.find(page).first.click()
    await page.wait_for_url(lambda url: bool(family.results.path.search(url.split("/", 3)[3].join(["/", ""]))))
    await family.results.find(page).first.wait_for()
    await page.locator(family.detail_links).first.click()
    await family.procedure.find(page).first.wait_for()
    for control in family.sheet.values():
        await control.find(page).first.inner_text()
    await context.close()


async def _never(_: str) -> Cause:
    return Cause.CERT_UNTRUSTED

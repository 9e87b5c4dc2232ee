"""The status page in a real browser, served by the real application over a real journal."""

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import async_playwright

from agent.board import Board
from agent.journal import Journal, to_public
from agent.model import (
    Cause,
    Debt,
    Deed,
    Evidence,
    Finding,
    Flag,
    Intent,
    Item,
    ItemKind,
    Kind,
    Lock,
    Outcome,
    RequestTiming,
    Requirement,
    Step,
    StepStatus,
    Verdict,
)
from agent.schedule.plan import run_id
from agent.server import Site, create_app, serve
from agent.server.texts import LANGUAGES, texts
from probes.browser.find import find_chromium
from probes.findings import as_json
from tests.factories import check, planned, result

HOSTILE = '<script>document.title="owned"</script><img src=x onerror="document.title=1">'
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
PORTALS = (
    ("angiang", Kind.PROVINCE, "formio"),
    ("bocongan", Kind.MINISTRY, "tiepnhan"),
    ("hanoi", Kind.PROVINCE, "formio"),
)


@dataclass
class Shown:
    """A served page and what stands behind it."""

    url: str
    board: Board
    journal: Journal
    browser: Any
    now: datetime
    problems: list[str]

    async def add(self, *results):
        await self.journal.append(results)
        await self.board.write(results)

    @asynccontextmanager
    async def page(self, path="/", **options):
        context = await self.browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        page = await context.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if "Content Security" in line.text else None)
        await page.goto(self.url + path)
        yield page
        assert errors == []
        await context.close()


def checks():
    return [
        check(name, journey, plan=planned(name, journey, kind=kind, platform=platform))
        for name, kind, platform in PORTALS
        for journey in ("home", "catalogue")
    ]


def broken(now):
    """A failed run with everything a portal could have put into it."""
    script = RequestTiming(
        url="javascript:document.title='owned'",
        type="document",
        step="",
        start=0.2,
        dns=None,
        connect=None,
        tls=None,
        first_byte=0.1,
        transfer=None,
        size=None,
        status=None,
        failed=False,
    )
    request = RequestTiming(
        url=f"https://dichvucong.localhost/{HOSTILE}",
        type="xhr",
        step="open",
        start=0.1,
        dns=0.01,
        connect=0.03,
        tls=0.02,
        first_byte=0.2,
        transfer=0.05,
        size=1234,
        status=500,
        failed=True,
    )
    return result(
        "bocongan",
        "catalogue",
        now,
        platform="tiepnhan",
        kind=Kind.MINISTRY,
        verdict=Verdict.PORTAL_FAULT,
        cause=Cause.ERROR_PAGE,
        failing_step="open",
        detail=HOSTILE,
        attempts=2,
        flags=frozenset({Flag.EXCUSED}),
        steps=(
            Step(name="open", status=StepStatus.FAILED, duration_s=0.9),
            Step(name="search", status=StepStatus.SKIPPED, duration_s=0.0),
        ),
        metrics={"lcp_s": 0.5},
        requirements={"CAT-1": Requirement.UNMEASURED},
        requests=(request, script),
        console=(f"error: {HOSTILE}", "half a pair: \ud800"),
        evidence=(
            Evidence(kind="screenshot", path="run/2/failure.png"),
            Evidence(kind="trace", path="run/2/trace.zip"),
            Evidence(kind="console", path="../../secret.txt"),
            Evidence(kind="accessibility", path="run/2/accessibility.json"),
        ),
    )


@pytest.fixture
async def shown(tmp_path):
    evidence = tmp_path / "evidence"
    (evidence / "run" / "2").mkdir(parents=True)
    (evidence / "run" / "2" / "failure.png").write_bytes(PNG)
    (evidence / "run" / "2" / "trace.zip").write_bytes(b"PK")
    noticed = Finding(requirement="A11Y-1", rule="image-alt", weight="critical", text=HOSTILE, place=HOSTILE, count=2)
    (evidence / "run" / "2" / "accessibility.json").write_text(as_json([noticed]))
    (tmp_path / "secret.txt").write_text("hidden")
    now = datetime.now(UTC)
    board, problems = Board(checks=checks), []
    with Journal.open(tmp_path / "journal.sqlite3") as journal:
        site = Site(
            board=board,
            archive=journal,
            evidence=evidence,
            public=to_public,
            problems=lambda: problems,
            locks=journal.locks,
            debts=journal.portal_debts,
            wording=lambda language: {"SEC-1": {"vi": "Chỉ TLS mới", "en": "Only new TLS"}[language]},
        )
        app = create_app(metrics=bytes, ready=dict, site=site)
        async with serve(app, host="127.0.0.1", port=0) as port, async_playwright() as playwright:
            executable = find_chromium(None, Path(playwright.chromium.executable_path))
            browser = await playwright.chromium.launch(executable_path=executable)
            served = Shown(f"http://127.0.0.1:{port}", board, journal, browser, now, problems)
            before = now - timedelta(minutes=5)
            await served.add(
                *(result(name, journey, before) for name, _, _ in PORTALS[:2] for journey in ("home", "catalogue")),
                broken(now),
            )
            yield served
            await browser.close()


def broken_path(shown):
    return "/runs/" + run_id("bocongan/catalogue", shown.now, "default")


async def test_it_shows_each_portal_by_its_worst_check_and_what_changed(shown):
    async with shown.page() as page:
        rows = page.locator("table.grid tbody tr")
        assert await rows.count() == 3
        signs = [(await rows.nth(number).locator("th .sign").text_content())[0] for number in range(3)]
        assert signs == ["✓", "✗", "?"]
        changes = await page.locator(".changes li").all_inner_texts()
        assert len(changes) == 1
        assert "bocongan / catalogue" in changes[0]
        assert await page.locator(".changes .badge").all_inner_texts() == ["đạt", "lỗi của cổng"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?kind=ministry", ["bocongan"]),
        ("?platform=formio", ["angiang", "hanoi"]),
        ("?state=down", ["bocongan"]),
        ("?state=unknown", ["hanoi"]),
        ("?verdict=portal_fault", ["bocongan"]),
        ("?verdict=blocked", []),
        ("?q=AN%20GIANG&state=up", ["angiang"]),
        ("?q=nowhere", []),
    ],
)
async def test_it_filters_without_a_script(shown, query, names):
    async with shown.page("/" + query, java_script_enabled=False) as page:
        links = page.locator("table.grid th[scope=row] a")
        seen = [await links.nth(number).get_attribute("href") for number in range(await links.count())]
        assert seen == [f"/portals/{name}" for name in names]


async def test_it_shows_a_new_result_without_a_reload_and_keeps_the_focus(shown):
    async with shown.page() as page:
        await page.evaluate("window.stayed = true")
        await page.locator("a[href='/portals/hanoi']").focus()
        await shown.add(result("hanoi", "home", shown.now), result("hanoi", "catalogue", shown.now))
        row = page.locator("table.grid tbody tr").nth(2)
        await row.locator("th .sign.s-up").wait_for(timeout=20_000)
        assert await page.evaluate("window.stayed") is True
        assert await page.evaluate("document.activeElement.getAttribute('href')") == "/portals/hanoi"


async def test_it_leaves_a_form_that_is_being_filled_in_alone(shown):
    async with shown.page() as page:
        await page.locator("#f-q").fill("bo")
        await shown.add(result("hanoi", "home", shown.now))
        await page.locator("#live.paused").wait_for(timeout=20_000)
        assert await page.locator("#f-q").input_value() == "bo"


async def test_it_rests_while_nobody_looks(shown):
    async with shown.page() as page:
        await page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
        await shown.add(result("hanoi", "home", shown.now), result("hanoi", "catalogue", shown.now))
        await page.locator("#live.paused").wait_for(timeout=20_000)
        row = page.locator("table.grid tbody tr").nth(2)
        assert await row.locator("th .sign.s-unknown").count() == 1
        await page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
        await row.locator("th .sign.s-up").wait_for(timeout=20_000)


async def test_it_says_in_words_what_is_not_well(shown):
    async with shown.page("/?lang=en") as page:
        assert await page.locator("table.grid .word").all_inner_texts() == ["portal fault"]


async def test_it_follows_the_colours_that_the_reader_prefers(shown):
    grounds = []
    for scheme in ("light", "dark"):
        async with shown.page(color_scheme=scheme) as page:
            grounds.append(await page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(246, 247, 249)", "rgb(15, 19, 24)"]


async def test_it_shows_what_a_portal_fulfils(shown):
    await shown.add(result("hanoi", "home", shown.now, requirements={"SEC-1": Requirement.UNFULFILLED}))
    for language, words in (("en", "SEC-1 Only new TLS\nunfulfilled"), ("vi", "SEC-1 Chỉ TLS mới\nchưa đáp ứng")):
        async with shown.page(f"/portals/hanoi?lang={language}") as page:
            assert await page.locator(".figures").inner_text() == words


async def test_it_shows_what_a_run_noticed(shown):
    async with shown.page(broken_path(shown) + "?lang=en") as page:
        cells = await page.locator("table.findings tbody td").all_inner_texts()
        assert cells == ["A11Y-1", "image-alt", "critical", HOSTILE, "2", HOSTILE]


async def test_it_shows_a_run_with_all_that_is_known_of_it(shown):
    async with shown.page(broken_path(shown) + "?lang=en") as page:
        text = await page.locator("main").inner_text()
        for part in (
            "portal fault",
            "The portal is at fault.",
            "error_page",
            "announced maintenance",
            "lcp_s",
            "unmeasured",
        ):
            assert part in text
        assert await page.locator(".waterfall tr.k-step").count() == 2
        kinds = await page.locator(".waterfall tr.k-failed rect").evaluate_all(
            "all => all.map(one => one.className.baseVal)"
        )
        assert kinds == ["p-dns", "p-connect", "p-tls", "p-first_byte", "p-transfer"]
        assert await page.locator("img.shot").evaluate("image => image.complete && image.naturalWidth") == 1


async def test_it_renders_nothing_that_a_portal_sent(shown):
    async with shown.page(broken_path(shown)) as page:
        assert await page.title() == "bocongan / catalogue · portalwatch"
        assert await page.locator("main script, main img:not(.shot)").count() == 0
        assert HOSTILE in await page.locator(".detail code").inner_text()
        lines = await page.locator("pre").inner_text()
        assert HOSTILE in lines
        assert "half a pair: ?" in lines
        assert "javascript:document" in await page.locator(".waterfall").inner_text()
        assert await page.locator("a[href^='javascript:'], main [onerror], main [onclick]").count() == 0
        policy = (await page.request.get(shown.url + "/")).headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy


async def test_it_serves_only_the_evidence_of_the_run_and_only_from_its_folder(shown):
    async with shown.page() as page:
        at = shown.url + broken_path(shown) + "/evidence/"
        picture = await page.request.get(at + "0")
        assert (picture.status, picture.headers["content-type"], await picture.body()) == (200, "image/png", PNG)
        trace = await page.request.get(at + "1")
        assert trace.headers["content-disposition"] == 'attachment; filename="trace.zip"'
        assert trace.headers["x-content-type-options"] == "nosniff"
        for path in (at + "2", at + "4", shown.url + "/runs/none/evidence/0", shown.url + "/static/../app.py"):
            assert (await page.request.get(path)).status == 404, path


@pytest.mark.parametrize(("language", "word"), [("vi", "không lưu"), ("en", "not kept")])
async def test_it_says_how_much_evidence_was_withheld(shown, language, word):
    await shown.add(result("hanoi", "home", shown.now, verdict=Verdict.PORTAL_FAULT, withheld=2))
    async with shown.page(f"/runs/{run_id('hanoi/home', shown.now, 'default')}?lang={language}") as page:
        said = await page.locator(".withheld").inner_text()
        assert word in said
        assert said.endswith(" 2")
        assert await page.locator("section[aria-labelledby=evidence] .empty").count() == 0


async def test_it_speaks_both_languages_and_remembers_which(shown):
    async with shown.page() as page:
        assert await page.get_attribute("html", "lang") == "vi"
        await page.get_by_role("link", name="English").click()
        assert await page.get_attribute("html", "lang") == "en"
        await page.goto(shown.url + "/portals/bocongan")
        assert await page.get_attribute("html", "lang") == "en"
        await page.goto(shown.url + "/portals/nowhere")
        assert "Not found" in await page.locator("h1").inner_text()


PAGES = ("/", "/portals/bocongan", "RUN", "/portals/nowhere")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
async def test_it_fits_a_phone(shown, path, language):
    path = broken_path(shown) if path == "RUN" else path
    async with shown.page(f"{path}?lang={language}", viewport={"width": 360, "height": 740}) as page:
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
async def test_it_has_no_serious_accessibility_violation(shown, path, language, scheme):
    path = broken_path(shown) if path == "RUN" else path
    async with shown.page(f"{path}?lang={language}", color_scheme=scheme) as page:
        await page.evaluate("document.getAnimations().forEach(one => one.finish())")
        found = (await Axe().run(page)).response["violations"]
    serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}]
    assert serious == []


async def test_it_can_be_walked_by_keyboard(shown):
    async with shown.page() as page:
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip"
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "main"
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.matches('.count')")
        outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"


async def test_it_says_that_a_configuration_was_refused_and_why(shown):
    async with shown.page() as page:
        assert await page.locator(".notice").count() == 0
        shown.problems.append("config/journeys.yaml:3: journeys[0].probe: unknown probe <b>brower</b>")
        await page.reload()
        assert await page.locator(".notice h2").inner_text() == "Cấu hình mới không hợp lệ; cấu hình cũ vẫn chạy."
        assert "<b>brower</b>" in await page.locator(".notice code").inner_text()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_shows_locked_accounts_and_what_is_left_on_portals(shown, language):
    said = texts(language)
    item = Item(portal="hanoi", account="tester", kind=ItemKind.DOCUMENT, mark="pw-1")
    intent = Intent(run_id="run-1", account="tester", deed=Deed.LOGIN, at=shown.now)
    lock = Lock(account="tester", since=shown.now, reason="login refused", fingerprint="salted")
    async with shown.page(f"/?lang={language}") as page:
        assert await page.locator(".notice").count() == 0
        deed = await shown.journal.begin_deed(intent, own=())
        await shown.journal.end_deed(deed, Outcome.REFUSED, shown.now, lock=lock)
        await shown.journal.owe(Debt(item=item, run_id="run-1", since=shown.now))
        await page.reload()
        assert await page.locator(".notice h2").all_inner_texts() == [said["locked_accounts"], said["cleanup_debt"]]
        locked, owed = await page.locator(".notice li").all_inner_texts()
        assert locked.startswith(f"tester {said['since']} ")
        assert locked.endswith(": login refused")
        assert owed.startswith(f"hanoi: 1, {said['since']} ")
        assert "salted" not in await page.content()
        await shown.journal.unlock("tester")
        await shown.journal.settle(item, shown.now)
        await page.reload()
        assert await page.locator(".notice").count() == 0


async def test_it_tells_an_unchanged_page_cheaply(shown):
    async with shown.page("/portals/bocongan") as page:
        first = await page.request.get(shown.url + "/portals/bocongan")
        again = await page.request.get(
            shown.url + "/portals/bocongan", headers={"If-None-Match": first.headers["etag"]}
        )
        assert (first.status, again.status) == (200, 304)


async def test_it_answers_programs_with_what_the_pages_show(shown):
    async with shown.page() as page:

        async def get(path):
            answer = await page.request.get(shown.url + "/api/v1" + path)
            return answer.status, json.loads(await answer.body())

        _, overview = await get("/overview")
        assert overview["counts"] == {"up": 1, "down": 1, "unknown": 1}
        assert [portal["id"] for portal in overview["portals"]] == ["angiang", "bocongan", "hanoi"]
        _, portal = await get("/portals/bocongan")
        assert portal == overview["portals"][1]
        checked = {one["journey"]: one for one in portal["checks"]}
        assert checked["catalogue"]["availability_24h"] == 0.5
        assert len(checked["catalogue"]["runs"]) == 2
        status, run = await get(broken_path(shown))
        assert (status, run["verdict"], run["cause"]) == (200, "portal_fault", "error_page")
        _, changes = await get("/changes")
        assert [(one["before"], one["after"]) for one in changes["changes"]] == [("pass", "portal_fault")]
        assert await get("/portals/nowhere") == (404, {"error": "no such portal"})
        assert await get("/runs/nowhere") == (404, {"error": "no such run"})

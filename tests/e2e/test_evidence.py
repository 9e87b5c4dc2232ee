"""A journey that fails leaves its evidence and no secret: not on disk, not in the journal, not in a log."""

import json
import zipfile
from contextlib import asynccontextmanager
from pathlib import Path

import playwright
import pytest
import structlog
from aiohttp import web
from playwright.async_api import async_playwright

from agent.journal import Journal, to_public
from agent.model import Verdict
from demo.launch import launch
from probes.browser.find import find_chromium
from tests.e2e.lab import configure, load, one_cycle
from tests.e2e.leaky import LOGO, PASSWORD, SECRETS, STYLE, found, log_in, page, site
from tests.e2e.rig import bench

VIEWER = Path(playwright.__file__).parent / "driver/package/lib/vite/traceViewer"
KINDS = ["console", "har", "screenshot", "screenshot", "trace"]


async def failed(tmp_path, *, leaky=True, private=False, secrets=SECRETS):
    """A failed run of the page, traced the second time, and all that it logged."""
    async with (
        site(leaky=leaky) as url,
        bench(tmp_path, act=log_in(url, leaky=leaky), secrets=secrets, private=private) as (_, run),
    ):
        with structlog.testing.capture_logs() as said:
            result = await run()
    assert result.verdict is Verdict.PORTAL_FAULT, result
    return result, said


def kept(tmp_path, result, kind):
    return next(tmp_path / "evidence" / item.path for item in reversed(result.evidence) if item.kind == kind)


@pytest.mark.parametrize("private", [False, True])
async def test_it_leaves_no_secret_anywhere(tmp_path, capfd, private):
    result, said = await failed(tmp_path, private=private)
    assert (sorted(item.kind for item in result.evidence), result.withheld) == (KINDS, 0)
    assert len([path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]) == len(KINDS)
    for path in [path for folder in ("evidence", "run") for path in (tmp_path / folder).rglob("*") if path.is_file()]:
        assert found(path.read_bytes(), path.name) == []
    with Journal.open(tmp_path / "journal.sqlite3") as journal:
        await journal.append([result])
        again = journal.get(result.run_id, with_details=True)
    assert found(repr(again).encode()) == []
    assert found(json.dumps(to_public(result)).encode()) == []
    assert found(repr(said).encode()) == []
    assert found(capfd.readouterr().err.encode()) == []
    assert again.console
    assert len(again.requests) > 3


async def test_the_page_leaks_into_every_file_when_nothing_is_known_to_be_secret(tmp_path):
    """Else the test above could not fail."""
    result, _ = await failed(tmp_path, secrets=())
    for kind in ("har", "trace", "console"):
        assert found(kept(tmp_path, result, kind).read_bytes()) != [], kind
    assert found(repr(result).encode()) != []


async def test_it_says_what_there_was_beside_the_secrets(tmp_path):
    result, _ = await failed(tmp_path)
    assert any("signed in as [redacted] [redacted]" in line for line in result.console), result.console
    har = json.loads(kept(tmp_path, result, "har").read_text())
    urls = [entry["request"]["url"] for entry in har["log"]["entries"]]
    assert any(url.endswith("/api/me?state=[redacted]&p=[redacted]") for url in urls), urls


async def test_it_loses_nothing_where_there_is_no_secret(tmp_path):
    result, _ = await failed(tmp_path, leaky=False)
    assert (sorted(item.kind for item in result.evidence), result.withheld) == (KINDS, 0)
    with zipfile.ZipFile(kept(tmp_path, result, "trace")) as archive:
        held = {archive.read(name) for name in archive.namelist()}
        events = archive.read("trace.trace").decode()
    assert {LOGO, STYLE, page(leaky=False).encode()} <= held
    assert "Nguyễn Văn An" in events
    assert kept(tmp_path, result, "console").read_text().count("log: signed in as undefined undefined") == 2


async def test_an_agent_keeps_the_secrets_of_its_configuration_out(tmp_path, monkeypatch):
    """The token is a text that the portal's pages show."""
    token = "ịch vụ công"  # noqa: S105 - planted
    monkeypatch.setenv("READ_TOKEN", token)

    def edit(parsed):
        parsed["agent"]["server"]["auth"] = {"token_env": "READ_TOKEN"}

    async with launch(portals=1, seed=None, faults=["*=drift"], directory=tmp_path / "demo") as ready:
        watcher = await one_cycle(load(configure(ready, tmp_path, edit=edit)))
    kinds = {item.kind for result in watcher.results for item in result.evidence}
    assert kinds == {"screenshot", "trace", "har", "console", "accessibility", "security"}
    assert [result.withheld for result in watcher.results if result.withheld] == []
    held = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    for path in held:
        assert found(path.read_bytes(), path.name, [token]) == []
    traces = [zipfile.ZipFile(path) for path in held if path.name == "trace.zip"]
    assert any(b"[redacted]" in trace.read("trace.trace") for trace in traces)
    for trace in traces:
        trace.close()


@asynccontextmanager
async def viewer(trace):
    """Playwright's own trace viewer and one trace, served on loopback."""

    async def serve(_):
        return web.FileResponse(trace)

    app = web.Application()
    app.router.add_get("/kept.zip", serve)
    app.router.add_static("/viewer", VIEWER)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0)
    await listening.start()
    at = f"http://127.0.0.1:{listening._server.sockets[0].getsockname()[1]}"
    yield f"{at}/viewer/index.html?trace={at}/kept.zip"
    await runner.cleanup()


async def test_its_trace_opens_in_the_viewer_and_shows_the_actions(tmp_path):
    result, _ = await failed(tmp_path, private=True)
    async with viewer(kept(tmp_path, result, "trace")) as address, async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=find_chromium(None, Path(driver.chromium.executable_path))
        )
        shown = await browser.new_page()
        await shown.goto(address)
        await shown.get_by_text("Navigate").first.wait_for()
        actions = " ".join(await shown.locator(".action-title").all_inner_texts())
        await shown.locator(".action-title", has_text="Fill").nth(1).click()
        snapshot = shown.frame_locator("iframe.snapshot-visible")
        await snapshot.get_by_role("heading", name="Cổng dịch vụ công").wait_for()
        typed = await snapshot.locator("#p").input_value()
        await browser.close()
    for action in ("Navigate", "Fill", "Click"):
        assert action in actions
    assert typed in {"", "[redacted]"}
    assert PASSWORD not in actions

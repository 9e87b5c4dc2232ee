"""Hostile pages are contained, browsers are replaced in good time, and a full disk is ours and passes."""

import asyncio
import subprocess
import time
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta

import pytest
from aiohttp import web

from agent.model import Cause, Flag, Verdict
from demo.launch import launch
from probes.browser.instance import Wear
from tests.e2e.lab import account_for, answering, brisk, configure, kept, none_left, start, stopped_in_order
from tests.e2e.rig import bench

PAGES = {
    "memory": "<script>const kept = []; for (;;) kept.push(new Array(1e6).fill(kept.length + 0.5));</script>",
    "dialogs": "<script>for (let n = 0; n < 50; n++) { alert(n); confirm(n); prompt(n); } onbeforeunload = () => 1"
    "</script>",
    "popups": "<script>for (let n = 0; n < 20; n++) open('/quiet?' + n);</script>",
    "never-idle": "<script>setInterval(() => fetch('/quiet').then(r => r.text()), 5);"
    "(function f() { requestAnimationFrame(f); })()</script>",
    "console": "<script>for (let n = 0; n < 5000; n++) console.error('x'.repeat(1000));</script>",
    "requests": "<script>for (let n = 0; n < 3000; n++) new Image().src = '/quiet?' + n;</script>",
    "huge": "<script>for (let n = 0; n < 100000; n++) document.body.append(document.createElement('p'));</script>",
    "closes": "<script>window.close(); setTimeout(window.close, 50);</script>",
    "redirects": '<meta http-equiv="refresh" content="0;url=/redirects">',
    "quiet": "quiet",
}


async def page(request):
    name = request.match_info["name"]
    if name == "download":
        return await download(request)
    if name == "bounce":
        raise web.HTTPFound("/bounce")
    return web.Response(text=f"<title>t</title><body>{PAGES[name]}<h1>here</h1>", content_type="text/html")


async def download(request):
    """A file without an end."""
    answer = web.StreamResponse(headers={"Content-Disposition": "attachment; filename=big.bin"})
    await answer.prepare(request)
    try:
        while True:
            await answer.write(b"x" * 65536)
            await asyncio.sleep(0.001)
    except ConnectionError:
        return answer


@asynccontextmanager
async def hostile():
    """A site of bad pages on loopback."""
    app = web.Application()
    app.router.add_get("/{name}", page)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


def visit(url):
    async def act(page):
        await page.goto(url, wait_until="domcontentloaded")
        await page.locator("h1").wait_for()
        await page.wait_for_timeout(300)

    return act


@pytest.mark.parametrize(
    ("name", "verdict", "causes"),
    [
        ("memory", Verdict.AGENT_FAULT, {Cause.RENDERER_CRASHED}),
        ("download", Verdict.PORTAL_FAULT, {Cause.WRONG_PAGE}),
        ("bounce", Verdict.PORTAL_FAULT, {Cause.PROTOCOL}),
        ("dialogs", Verdict.PASS, {None}),
        ("popups", Verdict.PASS, {None}),
        ("never-idle", Verdict.PASS, {None}),
        ("console", Verdict.PASS, {None}),
        ("requests", Verdict.PASS, {None}),
        ("huge", Verdict.PASS, {None}),
        ("closes", Verdict.PASS, {None}),
    ],
)
async def test_it_contains_a_hostile_page(tmp_path, name, verdict, causes):
    async with hostile() as url, bench(tmp_path, act=visit(f"{url}/{name}")) as (pool, run):
        result = await run()
        assert (result.verdict, result.cause in causes) == (verdict, True), (result.cause, result.detail)
        assert await pool.answers()
    assert len(result.console) <= 200
    assert all(len(line) <= 300 for line in result.console)
    left = sum(path.stat().st_size for path in (tmp_path / "run").rglob("*") if path.is_file())
    assert left < 2**20


@pytest.mark.parametrize(
    ("wear", "reason"),
    [(Wear(runs=2), "runs"), (Wear(seconds=0.0), "age"), (Wear(memory=1), "memory")],
    ids=["runs", "age", "memory"],
)
async def test_it_replaces_a_worn_browser_between_runs(tmp_path, monkeypatch, wear, reason):
    monkeypatch.setattr("probes.browser.instance.MEMORY_EVERY_S", 0.0)
    async with bench(tmp_path, wear=wear) as (pool, run):
        results = [await run() for _ in range(5)]
        figures = {(sample.name, sample.labels.get("reason")): sample.value for sample in pool.samples()}
        assert figures["portalwatch_browser_replaced_total", reason] >= 2
        assert figures["portalwatch_browser_restarts_total", None] == 0
    assert {(one.verdict, one.flags - {Flag.SLOW}) for one in results} == {(Verdict.PASS, frozenset())}


async def test_it_lets_a_run_finish_on_the_browser_that_retires(tmp_path):
    async with bench(tmp_path, faults=["*=slow"], wear=Wear(runs=1)) as (pool, run):
        results = await asyncio.gather(run(), run(), run())
        assert {(one.verdict, one.attempts) for one in results} == {(Verdict.PASS, 1)}
        assert pool._retired == []


@contextmanager
def small_disk(folder, mib):
    """A file system of its own size; needs root, and says so when it may not be mounted."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"this test mounts a tmpfs and needs the right to: {done.stderr}"
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_it_takes_the_blame_for_a_full_disk_and_recovers_by_itself(tmp_path):
    def change(parsed):
        brisk(parsed)
        parsed["agent"]["resources"] = {"disk_mib": 8, "memory_mib": 0}

    with small_disk(tmp_path / "disk", 48) as disk:
        async with launch(portals=2, seed=None, faults=[], directory=tmp_path / "demo") as ready:
            config = configure(ready, disk, edit=change, spread=timedelta(seconds=2))
            agent = await start(config, tmp_path / "agent.log")
            await answering(config)
            await asyncio.sleep(4)
            ballast = disk / "ballast"
            with ballast.open("wb") as file:
                try:
                    while True:
                        file.write(b"x" * 2**16)
                        file.flush()
                except OSError:
                    filled = time.time()
            await asyncio.sleep(5)
            ballast.unlink()
            freed = time.time()
            await asyncio.sleep(5)
            await stopped_in_order(agent)
            await none_left(disk / "data" / "run")
        found, _ = await asyncio.to_thread(account_for, disk / "data")
        results = await asyncio.to_thread(kept, disk / "data")
    short = [one for one in results if one.cause is Cause.RESOURCES_SHORT]
    assert short, found
    assert {one.verdict for one in short} == {Verdict.AGENT_FAULT}
    after = [one for one in results if one.slot.timestamp() > freed + 1]
    assert {one.verdict for one in after} <= {Verdict.PASS, Verdict.MISSED}
    assert any(one.verdict is Verdict.PASS for one in after)
    during = [one for one in results if filled + 0.5 < one.slot.timestamp() < freed]
    assert all(one.verdict is not Verdict.PORTAL_FAULT for one in during)

"""The demo on the wire: a child process, real sockets, real TLS, and a seed nobody chose."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pycurl
import pytest
import pytest_asyncio

from demo.faults import Fault
from demo.launch import LaunchError, launch, set_fault
from tests import seeds
from tests.integration.demo_judges import JUDGES
from tests.integration.demo_wire import CLUES, CODE, HOME, REFUSED, SEARCH, Running, anyhow, get

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEED = seeds.fresh()
FAMILIES = ("formio", "tiepnhan")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    print(f"demo seed {SEED}")  # noqa: T201 - to draw the same again
    folder = tmp_path_factory.mktemp("demo")
    async with (
        launch(portals=14, seed=SEED, faults=[], directory=folder) as ready,
        aiohttp.ClientSession() as session,
        session.get(f"{ready.control}/state") as response,
    ):
        yield Running(ready, await response.json())


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def healthy_again(demo: Running) -> AsyncIterator[None]:
    yield
    async with aiohttp.ClientSession() as session, session.delete(f"{demo.ready.control}/faults") as response:
        assert response.status == 200


def drawn(portal: Mapping[str, Any]) -> str:
    return f"seed {SEED}, {portal['id']}"


@pytest.mark.parametrize("family", FAMILIES)
async def test_it_serves_pages_that_say_what_is_planted(demo: Running, family: str) -> None:
    portal = demo.portal(family)
    home = await demo.get(family)
    assert (home.status, portal["title"] in home.text) == (200, True), drawn(portal)
    for one in portal["procedures"][:5]:
        path = one["path"] if family == "tiepnhan" else f"/api/procedures/{one['path'].rpartition('/')[2]}"
        page = await demo.get(family, path)
        assert page.status == 200
        for name in ("title", "code", "agency", "fee", "time_limit", "level_text"):
            assert one[name] in page.text, (drawn(portal), name)


@pytest.mark.parametrize("family", FAMILIES)
async def test_it_finds_on_all_pages_what_is_planted(demo: Running, family: str) -> None:
    planted = {one["code"] for one in demo.portal(family)["procedures"] if "đăng ký" in one["title"].lower()}
    seen: list[str] = []
    for number in range(-(-len(planted) // 10)):
        turn = f"&page={number}" if family == "formio" else f"&trang={number + 1}"
        page = await demo.get(family, SEARCH[family] + quote("ĐĂNG ký") + turn)
        seen += re.findall(CODE, page.text)
    assert sorted(seen) == sorted(planted), drawn(demo.portal(family))


@pytest.mark.parametrize("family", FAMILIES)
async def test_it_answers_nonsense_and_unknown_pages_well(demo: Running, family: str) -> None:
    nothing = await demo.get(family, SEARCH[family] + "qzxwv%3Cb%3E")
    assert nothing.status == 200
    assert b"<b>" not in nothing.body
    assert not re.search(CODE, nothing.text)
    missing = await demo.get(family, "/khong-co-trang-nay")
    assert (missing.status, "Không tìm thấy trang" in missing.text) == (404, True)


@pytest.mark.parametrize("family", FAMILIES)
async def test_it_draws_the_procedure_in_a_browser(demo: Running, family: str, tmp_path: Path) -> None:
    one = demo.portal(family)["procedures"][0]
    page = unescape(await asyncio.to_thread(rendered, demo.url(family, one["path"]), demo.ready.ca, tmp_path))
    for name in ("title", "code", "fee", "time_limit", "level_text"):
        assert one[name] in page, (drawn(demo.portal(family)), name)


def rendered(url: str, root: Path, home: Path) -> str:
    """The page after its script ran, in a browser that trusts the demo's root and nothing else of ours."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for command in (["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "ca", "-i", str(root)]):
        subprocess.run(["certutil", "-d", f"sql:{store}", *command], check=True)
    browser = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "google-chrome"
    options = ["--no-sandbox", "--headless", "--dump-dom", "--virtual-time-budget=8000"]
    environment = os.environ | {"HOME": str(home)}
    done = subprocess.run([browser, *options, url], capture_output=True, check=True, env=environment, timeout=60)
    return done.stdout.decode()


@pytest.mark.parametrize("family", FAMILIES)
async def test_it_sends_the_headers_of_a_careful_portal(demo: Running, family: str) -> None:
    headers = (await demo.get(family)).headers
    assert headers["strict-transport-security"].startswith("max-age=31536000")
    assert "frame-ancestors" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(headers["set-cookie"].split("; "))


MUTE = {Fault.DOWN, Fault.HANG, Fault.SLOW}  # nothing comes, nothing comes, what usually comes


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("fault", [None, *(one for one in Fault if one not in MUTE)])
async def test_it_gives_nothing_away(demo: Running, family: str, fault: Fault | None) -> None:
    """No byte of a page, script, style sheet or header names a fault or helps only a monitor."""
    await demo.fault(family, fault)
    procedure = demo.portal(family)["procedures"][0]["path"]
    if fault in (None, Fault.DRIFT, Fault.ERROR_PAGE_200, Fault.CAPTCHA, Fault.NEAR_CAPTCHA, Fault.MAINTENANCE):
        paths = [HOME, SEARCH[family] + "a", procedure, "/khong-co", "/assets/css/site.css", "/assets/js/site.js"]
    else:
        paths = [HOME]
    for got in await asyncio.gather(*(anyhow(demo, family, path) for path in paths)):
        whole = got.body + json.dumps(dict(got.headers)).encode()
        assert not CLUES.search(whole), (fault, CLUES.findall(whole))
        script = re.search(rb'src="(/main\.[^"]+)"', got.body)
        if script:
            bundle = await anyhow(demo, family, script[1].decode())
            assert bundle.status == 200
            assert not CLUES.search(bundle.body), (fault, CLUES.findall(bundle.body))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("fault", list(JUDGES))
async def test_it_plays_on_the_wire_what_the_catalogue_says(demo: Running, family: str, fault: Fault) -> None:
    await demo.fault(family, fault)
    await JUDGES[fault](demo, family)


@pytest.mark.parametrize("family", FAMILIES)
async def test_it_is_well_again_when_the_fault_is_gone(demo: Running, family: str) -> None:
    for fault in (Fault.DOWN, Fault.CERT_EXPIRED, Fault.HANG, Fault.MAINTENANCE):
        await demo.fault(family, fault)
        await demo.fault(family, None)
        assert (await demo.get(family)).status == 200


@pytest.mark.parametrize("family", FAMILIES)
async def test_it_changes_under_a_connection_that_is_kept(demo: Running, family: str) -> None:
    """A page fault shows at once on the same connection; one of sockets or TLS ends the connection."""
    kept = pycurl.Curl()
    try:
        assert (await demo.get(family, handle=kept)).status == 200
        await demo.fault(family, Fault.HTTP500)
        now = await demo.get(family, handle=kept)
        assert (now.status, now.reused) == (500, True)
        await demo.fault(family, Fault.NEAR_CERT_EXPIRED)
        now = await demo.get(family, handle=kept)
        assert (now.status, now.reused) == (200, False)
        await demo.fault(family, Fault.DOWN)
        assert (await demo.get(family, handle=kept)).error == REFUSED
    finally:
        kept.close()


async def test_it_cuts_off_a_request_that_hangs_when_the_fault_goes(demo: Running) -> None:
    await demo.fault("formio", Fault.HANG)
    waiting = asyncio.create_task(demo.get("formio", timeout=60))
    await asyncio.sleep(0.5)
    await demo.fault("formio", None)
    assert (await waiting).error in {pycurl.E_GOT_NOTHING, pycurl.E_RECV_ERROR, pycurl.E_SSL_CONNECT_ERROR}


async def test_it_takes_portals_and_control_target_off_the_network(demo: Running) -> None:
    ca = str(demo.ready.ca)
    urls = [demo.ready.control_target, *(portal.base_url for portal in demo.ready.portals)]
    assert [(await asyncio.to_thread(get, url, ca)).status for url in urls] == [200] * len(urls)
    await set_fault(demo.ready, "network", "down")
    assert [(await asyncio.to_thread(get, url, ca)).error for url in urls] == [REFUSED] * len(urls)
    await set_fault(demo.ready, "network", None)
    assert [(await asyncio.to_thread(get, url, ca)).status for url in urls] == [200] * len(urls)


async def test_it_gives_every_portal_a_fault_and_keeps_the_target_up(demo: Running) -> None:
    await set_fault(demo.ready, "*", "http500")
    urls = [portal.base_url for portal in demo.ready.portals]
    assert [(await asyncio.to_thread(get, url, str(demo.ready.ca))).status for url in urls] == [500] * len(urls)
    assert (await asyncio.to_thread(get, demo.ready.control_target, str(demo.ready.ca))).status == 200


@pytest.mark.parametrize(
    ("target", "fault", "said"),
    [
        ("bocongann", "down", "did you mean 'bocongan'"),
        ("bocongan", "dwn", "did you mean 'down'"),
        ("network", "slow", "only knows 'down'"),
    ],
)
async def test_it_refuses_what_it_does_not_know(demo: Running, target: str, fault: str, said: str) -> None:
    with pytest.raises(LaunchError, match=said):
        await set_fault(demo.ready, target, fault)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"fault": 7}'])
async def test_it_says_what_a_body_must_be(demo: Running, body: bytes) -> None:
    url = f"{demo.ready.control}/faults/bocongan"
    async with aiohttp.ClientSession() as session, session.put(url, data=body) as response:
        assert response.status == 400
        assert "must be a JSON object" in (await response.json())["error"]


async def test_it_tells_what_is_wrong_with_an_unknown_target_at_start(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match=r"status 2.*target 'hanoy' is unknown, did you mean 'hanoi'"):
        async with launch(portals=None, seed=1, faults=["hanoy=down"], directory=tmp_path):
            pass


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, None])
async def test_it_ends_cleanly(tmp_path: Path, ending: signal.Signals | None) -> None:
    """On either signal, and when its standard input ends."""
    command = [sys.executable, "-m", "demo", "--portals=1", "--fault=*=down", f"--dir={tmp_path}", "--stdin-guard"]
    child = await asyncio.create_subprocess_exec(
        *command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdin
    assert child.stdout
    ready = json.loads(await child.stdout.readline())
    portal = ready["portals"][0]["base_url"]
    assert (await asyncio.to_thread(get, portal, ready["ca"])).error == REFUSED
    if ending:
        child.send_signal(ending)
    else:
        child.stdin.close()
    _, said = await child.communicate()
    assert child.returncode == 0
    assert b"Traceback" not in said


async def test_it_tells_how_documents_can_be_signed(demo: Running) -> None:
    assert all(set(one["signing"]) & {"remote", "plugin"} for one in demo.state["portals"])
    portal = demo.state["portals"][0]["id"]
    await set_fault(demo.ready, portal, "sign-gone")
    async with aiohttp.ClientSession() as session, session.get(f"{demo.ready.control}/state") as response:
        told = {one["id"]: one["signing"] for one in (await response.json())["portals"]}
    assert told.pop(portal) == []
    assert all(told.values())

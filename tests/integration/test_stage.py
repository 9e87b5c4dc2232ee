"""How a page is told from another, a function's absence from a changed page, and a file from a large one."""

import re
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from agent.model import Cause
from probes.browser.listen import Listener
from probes.browser.pool import Pool, PoolSettings
from probes.browser.saw import SawError
from probes.browser.stage import Control, Landmark, Stage
from probes.platforms import fetching
from probes.platforms.fetching import fetch_by

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOST = "https://portal.localhost"
STORE = Control(
    name="link to the store",
    find=lambda page: page.get_by_role("link", name="Kho dữ liệu"),
    fallback=lambda page: page.locator("header a[href='/kho']"),
)
SCREENS = [
    Landmark(name=name, path=re.compile(r"^/ho-so$"), find=lambda page, name=name: page.locator(f"main #{name}"))
    for name in ("first", "second", "third")
]
LATER = """<script>setTimeout(() => { document.querySelector("main").innerHTML = "<p id=third>3</p>"; })</script>"""
HOME = Landmark(name="home", path=re.compile(r"^/$"), find=lambda page: page.locator("main h1"))


def document(main, header=""):
    return f"<!doctype html><html lang=vi><title>t</title><header>{header}</header><main>{main}</main></html>"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool(tmp_path_factory):
    async with Pool(PoolSettings(run_dir=tmp_path_factory.mktemp("run"))) as opened:
        yield opened


@asynccontextmanager
async def showing(pool, pages, limit=10.0):
    """A stage whose portal answers with these bodies, or these replies, by path."""

    async def answer(route):
        found = pages[route.request.url.removeprefix(HOST)]
        reply = found if isinstance(found, dict) else {"body": found, "content_type": "text/html; charset=utf-8"}
        await route.fulfill(**reply)

    async with pool.context() as context:
        page = await context.new_page()
        await page.route(f"{HOST}/**", answer)
        listener = Listener(portal_host="portal.localhost", hosts={})
        listener.attach(context)
        stage = Stage(page=page, base_url=HOST, limit=limit, listener=listener)
        stage.begin_step()
        yield stage


async def entered(pool, body):
    async with showing(pool, {"/": body}) as stage:
        await stage.open("/")
        await stage.arrive(HOME)
        return await (await stage.entry(STORE, "data-store")).get_attribute("href")


async def test_it_finds_the_way_to_a_function(pool):
    link = "<a href='/kho'>Kho dữ liệu</a>"
    assert await entered(pool, document("<h1>Trang chủ</h1>", link)) == "/kho"


async def test_it_waits_for_a_way_that_is_drawn_late(pool):
    late = """<script>setTimeout(() => document.querySelector('header').innerHTML =
        "<a href='/kho'>Kho dữ liệu</a>", 700)</script>"""
    assert await entered(pool, document(f"<h1>Trang chủ</h1>{late}")) == "/kho"


async def test_it_tells_a_function_that_is_not_offered(pool):
    with pytest.raises(SawError) as seen:
        await entered(pool, document("<h1>Trang chủ</h1>"))
    error = seen.value
    assert (error.cause, error.function, error.landmark) == (Cause.FUNCTION_MISSING, "data-store", "home")


async def test_it_tells_a_function_that_goes_by_another_name(pool):
    with pytest.raises(SawError) as seen:
        await entered(pool, document("<h1>Trang chủ</h1>", "<a href='/kho'>Tủ hồ sơ</a>"))
    error = seen.value
    assert (error.cause, error.alternative, error.function) == (Cause.CONTROL_MISSING, True, "")


@pytest.mark.parametrize(
    ("main", "there"),
    [
        ("<p id=first>1</p>", "first"),
        ("<p id=first>1</p><p id=second>2</p>", "second"),
        ("<p id=first>1</p><p id=third hidden>3</p>", "first"),
        (f"<p id=first>1</p>{LATER}", "third"),
    ],
)
async def test_it_tells_at_which_of_several_landmarks_it_is(pool, main, there):
    async with showing(pool, {"/ho-so": document(main)}) as stage:
        await stage.open("/ho-so")
        await stage.page.wait_for_timeout(100)
        assert (await stage.arrive_at_one_of(SCREENS)).name == there
        assert await stage.landmark_here() == there


async def test_it_tells_what_is_there_instead_of_any_of_them(pool):
    notice = "<h1>Hệ thống đang bảo trì</h1><p>Cổng dịch vụ công tạm dừng để bảo trì, nâng cấp.</p>"
    for main, cause in (("<h1>Trang khác</h1>", Cause.WRONG_PAGE), (notice, Cause.MAINTENANCE_PAGE)):
        async with showing(pool, {"/ho-so": document(main)}, limit=2.0) as stage:
            await stage.open("/ho-so")
            with pytest.raises(SawError) as seen:
                await stage.arrive_at_one_of(SCREENS)
            assert seen.value.cause is cause


async def test_it_takes_the_path_for_a_part_of_a_landmark(pool):
    elsewhere = "/ho-so-khac"
    async with showing(pool, {elsewhere: document("<p id=first>1</p>")}, limit=2.0) as stage:
        await stage.open(elsewhere)
        with pytest.raises(SawError):
            await stage.arrive_at_one_of(SCREENS)


def attached(body, status=200):
    kind = "application/pdf; charset=x"
    return {"body": body, "status": status, "headers": {"Content-Type": kind, "Content-Disposition": "attachment"}}


async def fetched(pool, *replies):
    left = list(replies)

    async def one_after_another(route):
        await route.fulfill(**(left.pop(0) if left[1:] else left[0]))

    async with showing(pool, {"/": document("<h1>Tải</h1><a href='/tep'>Tải về</a>")}) as stage:
        await stage.page.route(f"{HOST}/tep", one_after_another)
        await stage.open("/")
        return await fetch_by(stage, stage.page.get_by_role("link", name="Tải về"))


async def test_it_fetches_a_file_byte_for_byte(pool):
    content = bytes(range(256)) * 1000
    got = await fetched(pool, attached(content))
    assert (got.type, got.data == content) == ("application/pdf", True)
    assert "data" not in repr(got)


async def test_it_fetches_nothing_from_a_page_that_refuses(pool):
    with pytest.raises(SawError) as seen:
        await fetched(pool, attached(b"x"), attached(b"gone", status=404))
    assert seen.value.cause is Cause.HTTP_STATUS


async def test_it_takes_no_file_that_is_too_large(pool, monkeypatch):
    monkeypatch.setattr(fetching, "LARGEST", 1000)
    assert len((await fetched(pool, attached(b"x" * 1000))).data) == 1000
    with pytest.raises(SawError) as seen:
        await fetched(pool, attached(b"x" * 1001))
    assert seen.value.cause is Cause.HTTP_STATUS

"""A scripted person logs in in a real browser; runs of that portal start with it, until it is over."""

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from playwright.async_api import Error

from agent.app import load_config
from agent.app.attended import log_in, require_screen
from agent.app.parts import session_store
from agent.clock import Clock
from agent.errors import PortalwatchError
from agent.model import Cause
from probes.browser.pool import Pool, PoolSettings
from probes.browser.prober import BrowserProber
from probes.journeys.base import Journey
from tests.e2e.lab import portalwatch
from tests.factories import Harmless, check, planned
from tests.integration.shelf import ROOM, PlainPages, Shelf, ShelfPages

SHIPPED = Path(__file__).parents[2] / "config"
PEOPLE = {"nguyen": "secret-1"}


class Person(ShelfPages):
    """Opens the page as the family does, then types and clicks as a person would."""

    async def open_login(self):
        await super().open_login()
        self.typing = asyncio.create_task(self.type())

    async def type(self):
        page = self.stage.page
        await page.get_by_label("Tên").fill("nguyen")
        await page.get_by_label("Mật khẩu").fill("secret-1")
        await page.get_by_role("button", name="Đăng nhập").click()


class Leaver(ShelfPages):
    """Closes the window without logging in."""

    async def open_login(self):
        await super().open_login()
        self.leaving = asyncio.get_running_loop().call_later(0.5, lambda: asyncio.ensure_future(self.leave()))

    async def leave(self):
        with suppress(Error):
            await self.stage.page.close()


class Visitor(PlainPages):
    """A person at a portal whose family has no landmark: logs in, looks round, closes the window."""

    def __init__(self, stage):
        super().__init__(stage)
        self.visiting = asyncio.create_task(self.visit())

    async def visit(self):
        page = self.stage.page
        await page.wait_for_url("**/")
        await page.goto(self.stage.base_url + "/dang-nhap")
        await Person.type(self)
        await page.wait_for_url("**/kho")
        await asyncio.sleep(1)
        await page.close()


async def look(portal, step, _):
    """A journey that needs a log-in."""
    async with step("look"):
        await portal.stage.open("/kho")
        await portal.stage.arrive(ROOM)


def configured(folder, shelf, environ):
    """A configuration that visits the shelf as portal angiang."""
    copytree(SHIPPED, folder / "config")
    agent = folder / "config" / "agent.yaml"
    agent.write_text(f"data_dir: {folder / 'data'}\nsessions: {{key_env: SESSION_KEY}}\n")
    config = load_config(folder / "config", environ)
    portals = tuple(
        entry.model_copy(update={"base_url": shelf.url, "enabled": True})
        for entry in config.portals
        if entry.id == "angiang"
    )
    return config.model_copy(update={"portals": portals})


@asynccontextmanager
async def place(tmp_path):
    async with Shelf(PEOPLE).served() as shelf:
        config = configured(tmp_path, shelf, {"SESSION_KEY": "A" * 43 + "="})
        yield shelf, config, config.portals[0].platform


async def outcome(tmp_path, shelf, store):
    """What a run of a journey that needs the log-in comes to."""
    async with Pool(PoolSettings(run_dir=tmp_path / "run")) as pool:
        prober = BrowserProber(
            pool=pool,
            journeys={"look": Journey(steps=("look",), run=look)},
            platforms={"formio": ShelfPages},
            services={},
            name_trust_fault=lambda _: None,
            sessions=store.load,
        )
        plan = planned("angiang", "look")
        portal = replace(check("angiang", "look").portal, base_url=shelf.url)
        seen = check("angiang", "look", plan=plan, portal=portal)
        attempt = await prober.attempt(seen, folder=tmp_path / "e", traced=False, safeguards=Harmless())
        return attempt.failure and attempt.failure.cause


async def test_it_keeps_a_person_s_log_in_and_starts_runs_with_it(tmp_path):
    async with place(tmp_path) as (shelf, config, platform):
        store = session_store(config)
        assert await outcome(tmp_path, shelf, store) is Cause.WRONG_PAGE
        begun = Clock().now()
        expires = await log_in(config, "angiang", headed=False, platforms={platform: Person})
        assert timedelta(minutes=55) < expires - begun <= timedelta(minutes=65)
        assert await outcome(tmp_path, shelf, store) is None
        kept = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
        assert [path.name for path in kept] == ["angiang.session"]
        assert not any(secret in kept[0].read_bytes() for secret in (b"session-0", b"nguyen", b"secret-1"))
        (sample,) = store.samples()
        assert 0 < sample.value <= 3600
        kept[0].write_bytes(b"broken")
        assert await outcome(tmp_path, shelf, session_store(config)) is Cause.WRONG_PAGE


async def test_it_takes_a_closed_window_for_done_where_the_family_has_no_landmark(tmp_path):
    async with place(tmp_path) as (shelf, config, platform):
        await log_in(config, "angiang", headed=False, platforms={platform: Visitor})
        assert await outcome(tmp_path, shelf, session_store(config)) is None


@pytest.mark.parametrize(
    ("person", "within", "said"),
    [
        (Leaver, 30.0, "angiang: the window was closed before anybody logged in"),
        (ShelfPages, 0.5, "angiang: nobody logged in within 0.5 s"),
    ],
    ids=["leaves", "sleeps"],
)
async def test_it_keeps_nothing_when_nobody_logs_in(tmp_path, monkeypatch, person, within, said):
    monkeypatch.setattr("agent.app.attended.WITHIN_S", within)
    async with place(tmp_path) as (_, config, platform):
        with pytest.raises(PortalwatchError, match=said):
            await log_in(config, "angiang", headed=False, platforms={platform: person})
        assert not (tmp_path / "data" / "sessions").exists()


@pytest.mark.parametrize(("path", "said"), [(":1", "ERR_"), ("/nowhere", "status 404")], ids=["away", "broken"])
async def test_it_says_in_one_line_that_a_portal_does_not_answer(tmp_path, path, said):
    async with place(tmp_path) as (shelf, config, platform):
        url = "http://127.0.0.1:1" if path == ":1" else shelf.url + path
        bad = config.model_copy(update={"portals": (config.portals[0].model_copy(update={"base_url": url}),)})
        with pytest.raises(PortalwatchError, match=f"^angiang: .*{said}") as caught:
            await log_in(bad, "angiang", headed=False, platforms={platform: Person})
        assert "\n" not in str(caught.value)


async def test_it_refuses_what_it_cannot_keep_or_may_not_visit(tmp_path):
    async with place(tmp_path) as (_, config, _):
        with pytest.raises(PortalwatchError, match=r'--portal: unknown portal "angian" \(did you mean "angiang"\?\)'):
            await log_in(config, "angian", headed=False)
        disabled = config.portals[0].model_copy(update={"enabled": False})
        with pytest.raises(PortalwatchError, match="--portal: angiang is not visited"):
            await log_in(config.model_copy(update={"portals": (disabled,)}), "angiang", headed=False)
        without = config.model_copy(update={"agent": config.agent.model_copy(update={"sessions": None})})
        with pytest.raises(PortalwatchError, match=r"agent\.yaml: sessions: must be configured"):
            await log_in(without, "angiang", headed=False)


async def test_it_says_on_a_terminal_what_to_do(tmp_path, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    status, out, err = await portalwatch("session", "login", "--portal", "angiang", "--config", SHIPPED)
    assert (status, out) == (2, "")
    assert err.startswith("session login opens a window, and neither DISPLAY nor WAYLAND_DISPLAY is set: run it on")
    assert err.count("\n") == 1
    require_screen({"DISPLAY": ":0"})
    require_screen({"WAYLAND_DISPLAY": "wayland-0"})

"""A small portal with log-ins and a shelf of documents, and the page object of its family."""

import re
from collections.abc import Sequence
from contextlib import asynccontextmanager

from aiohttp import web
from playwright.async_api import Page

from agent.model import Cause, Deed, Outcome
from probes.browser.saw import SawError
from probes.browser.stage import Landmark

LOGIN = """<!doctype html><title>Đăng nhập</title><main><h1>Đăng nhập</h1>
<form method=post action=/dang-nhap><label>Tên <input name=username></label>
<label>Mật khẩu <input name=password type=password></label><button>Đăng nhập</button></form><p>{said}</p></main>"""
SHELF = """<!doctype html><title>Kho</title><main><h1>Kho dữ liệu của {who}</h1><ul>{rows}</ul>
<form method=post action=/kho/them><label>Tên tệp <input name=mark></label><button>Thêm</button></form></main>"""
ROW = """<li><span>{mark}</span><form method=post action=/kho/xoa><input type=hidden name=mark value="{mark}">
<button>Xóa</button></form></li>"""


class Shelf:
    """The site: ``documents`` by user name, ``passwords`` of those who may log in, ``visits`` in order."""

    def __init__(self, passwords):
        self.passwords = dict(passwords)
        self.documents = {name: set() for name in passwords}
        self.sessions = {}
        self.visits = []
        self.deaf = False
        self.broken = False
        self.url = ""

    @asynccontextmanager
    async def served(self):
        app = web.Application()
        app.router.add_get("/", self._home)
        app.router.add_get("/dang-nhap", self._form)
        app.router.add_post("/dang-nhap", self._log_in)
        app.router.add_get("/kho", self._shelf)
        app.router.add_post("/kho/them", self._add)
        app.router.add_post("/kho/xoa", self._remove)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()

    def _page(self, text):
        return web.Response(text=text, content_type="text/html")

    async def _home(self, _):
        return self._page("<!doctype html><title>Cổng</title><main><h1>Cổng dịch vụ công</h1></main>")

    async def _form(self, _):
        return self._page(LOGIN.format(said=""))

    async def _log_in(self, request):
        form = await request.post()
        self.visits.append(("log-in", form["username"]))
        if self.passwords.get(form["username"]) != form["password"]:
            return self._page(LOGIN.format(said="Sai tên hoặc mật khẩu"))
        token = f"session-{len(self.sessions)}"
        self.sessions[token] = form["username"]
        answer = web.HTTPSeeOther("/kho")
        answer.set_cookie("sid", token, httponly=True, max_age=3600)
        raise answer

    async def _shelf(self, request):
        if self.broken:
            raise web.HTTPInternalServerError
        who = self.sessions.get(request.cookies.get("sid"))
        if who is None:
            raise web.HTTPSeeOther("/dang-nhap")
        rows = "".join(ROW.format(mark=mark) for mark in sorted(self.documents[who]))
        return self._page(SHELF.format(who=who, rows=rows))

    async def _add(self, request):
        who, form = self.sessions[request.cookies["sid"]], await request.post()
        self.visits.append(("add", form["mark"]))
        self.documents[who].add(form["mark"])
        raise web.HTTPSeeOther("/kho")

    async def _remove(self, request):
        who, form = self.sessions[request.cookies["sid"]], await request.post()
        self.visits.append(("remove", form["mark"]))
        if not self.deaf:
            self.documents[who].discard(form["mark"])
        raise web.HTTPSeeOther("/kho")


FORM = Landmark(name="log-in", path=re.compile(r"^/dang-nhap$"), find=lambda page: page.locator("main form"))
ROOM = Landmark(
    name="shelf",
    path=re.compile(r"^/kho$"),
    find=lambda page: page.locator("main h1").filter(has_text=re.compile("kho dữ liệu", re.IGNORECASE)),
)
REFUSED = re.compile("sai tên", re.IGNORECASE)


def _row(page: Page, mark: str):
    return page.locator("main li").filter(has=page.get_by_text(mark, exact=True))


class ShelfPages:
    """The family's page object, as far as these tests need one."""

    signed_in = ROOM

    def __init__(self, stage):
        self.stage = stage

    async def open_login(self):
        await self.stage.open("/dang-nhap")

    async def enter(self, account, safeguards):
        await self.stage.open("/dang-nhap")
        await self.stage.arrive(FORM)
        page = self.stage.page
        await page.get_by_label("Tên").fill(account.username)
        await page.get_by_label("Mật khẩu").fill(account.password)
        await safeguards.before(Deed.LOGIN, account.name)
        await page.get_by_role("button", name="Đăng nhập").click()
        if await page.get_by_text(REFUSED).is_visible():
            await safeguards.after(Deed.LOGIN, account.name, Outcome.REFUSED)
            raise SawError(Cause.CREDENTIALS_REFUSED, "the portal refused the log-in")
        await self.stage.arrive(ROOM)
        await safeguards.after(Deed.LOGIN, account.name, Outcome.DONE)

    async def add(self, mark):
        await self.stage.page.get_by_label("Tên tệp").fill(mark)
        await self.stage.page.get_by_role("button", name="Thêm").click()
        await self.stage.arrive(ROOM)

    async def clear(self, items) -> Sequence:
        for item in items:
            row = _row(self.stage.page, item.mark)
            if await row.count():
                await row.get_by_role("button", name="Xóa").click()
                await self.stage.arrive(ROOM)
        return [item for item in items if not await _row(self.stage.page, item.mark).count()]


class PlainPages:
    """A family that doesn't know how to clear."""

    def __init__(self, stage):
        self.stage = stage

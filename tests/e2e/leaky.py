"""A page that writes a password wherever a page can, and a way to find it in what a run left."""

import gzip
import io
import json
import zipfile
from contextlib import asynccontextmanager
from functools import lru_cache
from urllib.parse import quote, unquote

from aiohttp import web

from tests.unit.guard.spelling import SPELLINGS

PASSWORD = 'Mật-khẩu "9" & 2026'  # noqa: S105 - planted
USERNAME = "079188004321"
TOKEN = "b3JhY2xlLXRva2Vu.4f2a"  # noqa: S105 - planted
SECRETS = (PASSWORD, USERNAME, TOKEN)

PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Đăng nhập</title>
<link rel="stylesheet" href="/style.css"><img src="/logo.png" alt="">
<h1>Cổng dịch vụ công</h1><p id="who">HELLO</p>
<form method="post" action="/account/check">
<input id="u" name="username"><input id="p" type="password" name="mat_khau">
<label>Họ và tên <input id="n" name="f1"></label><button>Vào</button></form>
<script>
  const held = HELD;
  localStorage.setItem("session", JSON.stringify(held));
  console.log("signed in as", held.user, held.password);
  console.error("https://p.vn/cb?code=" + encodeURIComponent(held.token));
  if (held.user) {
    document.cookie = "remember=" + encodeURIComponent(held.password);
    fetch("/api/me?" + new URLSearchParams({state: "abc.def", p: held.password}), {
      method: "POST",
      headers: {Authorization: "Basic " + btoa(held.user + ":" + held.token), "X-Token": held.token},
      body: JSON.stringify({deep: JSON.stringify(held)}),
    });
    document.title = held.password;
  }
</script></html>"""
LOGO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
STYLE = b"h1 { color: #123456 }"


def page(*, leaky):
    held = {"user": USERNAME, "password": PASSWORD, "token": TOKEN} if leaky else {}
    hello = f"Xin chào {USERNAME}" if leaky else "Xin chào"
    return PAGE.replace("HELD", json.dumps(held)).replace("HELLO", hello)


@asynccontextmanager
async def site(*, leaky=True):
    """The page on loopback; whatever is sent to it comes back."""

    async def answer(request):
        response = web.Response(text=page(leaky=leaky), content_type="text/html")
        response.set_cookie("sid", quote(TOKEN) if leaky else "1")
        return response

    async def echo(request):
        return web.Response(body=await request.read(), content_type="application/json")

    app = web.Application()
    app.router.add_get("/style.css", _serving(STYLE, "text/css"))
    app.router.add_get("/logo.png", _serving(LOGO, "image/png"))
    app.router.add_post("/api/me", echo)
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0)
    await listening.start()
    yield f"http://127.0.0.1:{listening._server.sockets[0].getsockname()[1]}"
    await runner.cleanup()


def _serving(body, content_type):
    async def serve(_):
        return web.Response(body=body, content_type=content_type)

    return serve


def log_in(url, *, leaky=True):
    """Type, send, wait for what never comes."""
    password, user, token = SECRETS if leaky else ("", "khách", "")

    async def act(browser_page):
        await browser_page.goto(f"{url}/?id_token={token}&q={quote(password)}")
        await browser_page.locator("#u").fill(user)
        await browser_page.locator("#p").fill(password)
        await browser_page.locator("#n").fill("Nguyễn Văn An")
        await browser_page.wait_for_timeout(300)
        await browser_page.get_by_role("button", name="Vào").click()
        await browser_page.locator("#u").fill(user)
        await browser_page.get_by_text(f"Xin chào {user}, {password}").first.wait_for(timeout=700)

    return act


def found(data, name="", secrets=SECRETS):
    """Every place in which a secret stands in some form: what is packed is unpacked, what is unpacked is read."""
    hits = [(name, form) for written, form in _forms(tuple(secrets)).items() if written in data]
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            hits += [
                hit
                for info in archive.infolist()
                for hit in found(archive.read(info), f"{name}/{info.filename}", secrets)
            ]
    if data.startswith(b"\x1f\x8b"):
        hits += found(gzip.decompress(data), f"{name}/gz", secrets)
    return hits


@lru_cache
def _forms(secrets):
    """What to look for, and the first form that is written so."""
    forms = {}
    for secret in secrets:
        for form, write in SPELLINGS.items():
            forms.setdefault(_core(form, write(secret), secret), form)
    return forms


def _core(form, written, secret):
    """What of a base64 form depends on the secret alone."""
    if not form.startswith("base64"):
        return written.encode()
    before, encoded = int(form[-1]), unquote(written)
    core = encoded[-(-8 * before // 6) : 8 * (before + len(secret.encode())) // 6]
    return (quote(core, safe="") if form.startswith("base64-in-url") else core).encode()

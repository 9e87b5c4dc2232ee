"""What Chromium's inspector tells: cookies as they were set, by whomever, and mixed content by its kind."""

import asyncio

from probes.browser.inspector import inspecting
from tests.e2e.rig import bench

HOST = "hostile.localhost"
ELSEWHERE = "http://xa.invalid"
MIXED = f"""
<!doctype html><title>t</title>
<img src="{ELSEWHERE}/anh.png"><script src="{ELSEWHERE}/ma.js"></script><iframe src="{ELSEWHERE}/khung"></iframe>
<link rel="stylesheet" href="{ELSEWHERE}/kieu.css"><script>fetch("{ELSEWHERE}/goi?the=bi-mat").catch(() => 0)</script>
"""
HARMLESS = f"""
<!doctype html><title>t</title>
<a href="{ELSEWHERE}/">x</a><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><img src="http://127.0.0.1:9/anh.png">
"""
COOKIES = """
<!doctype html><title>t</title>
<script>
  document.cookie = "phien_sid=1; SameSite=Lax";
  document.cookie = "co-chu=14; Secure; SameSite=Strict";
  for (let number = 0; number < 20; number += 1) document.cookie = "x" + number + "=1; Secure";
</script>
"""


async def inspected(tmp_path, body):
    """The cookies and the mixed content of a page over https."""
    told = []

    async def act(page):
        async def answer(route):
            await route.fulfill(body=body, content_type="text/html", headers={"Set-Cookie": "JSESSIONID=a; HttpOnly"})

        await page.route(f"https://{HOST}/", answer)
        async with inspecting(page) as inspector:
            await page.goto(f"https://{HOST}/", wait_until="domcontentloaded")
            await asyncio.sleep(0.5)
            other = {"name": "third", "value": "x", "domain": "tracker.example", "path": "/"}
            await page.context.add_cookies([other])
            told.extend([await inspector.cookies(HOST), dict(inspector.mixed)])

    async with bench(tmp_path, act=act) as (_, once):
        await once()
    return told


async def test_it_sees_cookies_of_pages_and_scripts_with_the_flags_they_were_given(tmp_path):
    cookies, _ = await inspected(tmp_path, COOKIES)
    flags = {one.name: (one.secure, one.http_only, one.same_site) for one in cookies}
    assert len(cookies) == 23
    assert flags["JSESSIONID"] == (False, True, "")
    assert flags["phien_sid"] == (False, False, "Lax")
    assert flags["co-chu"] == (True, False, "Strict")
    assert flags["x0"] == (True, False, "")


async def test_it_tells_active_from_passive_and_keeps_no_query(tmp_path):
    _, mixed = await inspected(tmp_path, MIXED)
    told = {(one.url.removeprefix(ELSEWHERE), one.active) for one in mixed}
    assert told == {("/anh.png", False), ("/ma.js", True), ("/khung", True), ("/kieu.css", True), ("/goi", True)}


async def test_it_finds_no_mixed_content_in_links_and_on_this_machine(tmp_path):
    _, mixed = await inspected(tmp_path, HARMLESS)
    assert mixed == {}

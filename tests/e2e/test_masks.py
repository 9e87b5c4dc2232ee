"""Pictures show no password, no personal data and no known secret; they do show the rest."""

import base64
import zipfile
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from probes.browser.evidence import SCREENSHOT, TRACE, Keeper
from probes.browser.find import find_chromium

SECRET = 'Mật-khẩu/"9" & (2026)>>'  # noqa: S105 - planted
BLACK = [0, 0, 0, 255]

PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><style>
  body { background: #fff; color: #fff } * { font: 12px monospace } p, div { margin: 1px }
  input, textarea, select { background: #fff; color: #fff; width: 160px; height: 14px; border: 0; padding: 0 }</style>
<p id="heading">Kết quả tìm kiếm</p>
<p id="secret">SECRET</p>
<div><input id="a" type="password" value="x"></div>
<div><input id="b" autocomplete="bday" value="x"></div>
<div><input id="c" name="so_cccd" value="x"></div>
<div><label>Họ và tên <input id="d" value="x"></label></div>
<div><label for="e">MÃ SỐ THUẾ</label><textarea id="e">x</textarea></div>
<div><input id="f" type="tel" value="x"></div>
<div><input id="g" placeholder="Email" value="x"></div>
<div><label>Địa chỉ <select id="h"><option>x</select></label></div>
<table><tr><td>Số định danh</td><td><input id="j" name="ctl1" value="x"></td></tr>
<tr><td>Từ khóa</td><td><input id="words" name="ctl2" value="khai sinh"></td></tr></table>
<div><input id="k" placeholder="Họ và tên"></div>
<div><input id="search" name="q" value="khai sinh"></div>
<div><input id="held" name="q2" value='SECRET'></div>
<div><button id="go" style="background: #fff">Tìm</button></div>
<iframe id="inner" srcdoc="<body style='margin:0'><input id='i' type='password' style='width:200px;height:40px'>"
  style="border:0;width:200px;height:40px"></iframe></html>"""

HIDDEN = {"secret", "held", "a", "b", "c", "d", "e", "f", "g", "h", "j", "k", "inner"}
SHOWN = {"heading", "search", "words", "go"}

PIXELS = """async ([picture, places]) => {
  const image = new Image(); image.src = "data:image/png;base64," + picture; await image.decode();
  const canvas = document.createElement("canvas"); canvas.width = image.width; canvas.height = image.height;
  const drawing = canvas.getContext("2d"); drawing.drawImage(image, 0, 0);
  return places.map(([x, y]) => [...drawing.getImageData(x, y, 1, 1).data]);
}"""


async def black_ones(page, path):
    """The ids of elements whose middle is black in a picture."""
    names = sorted(HIDDEN | SHOWN)
    places = []
    for name in names:
        box = await page.locator(f"#{name}").bounding_box()
        places.append([box["x"] + min(box["width"] / 2, 20), box["y"] + box["height"] / 2])
    picture = base64.b64encode(path.read_bytes()).decode()
    pixels = await page.evaluate(PIXELS, [picture, places])
    return {name for name, pixel in zip(names, pixels, strict=True) if pixel == BLACK}


@asynccontextmanager
async def browser_page():
    async with async_playwright() as driver:
        executable = find_chromium(None, Path(driver.chromium.executable_path))
        browser = await driver.chromium.launch(executable_path=executable)
        yield await browser.new_page()
        await browser.close()


@pytest.mark.parametrize(
    ("private", "secrets", "hidden"),
    [
        (False, {SECRET, "079188004321"}, HIDDEN),
        (False, (), HIDDEN - {"secret", "held"}),
        (True, {SECRET}, HIDDEN | {"search", "words"}),
        (True, {"pin"}, (HIDDEN | {"search", "words"}) - {"secret"}),
    ],
    ids=["personal", "no-secret-known", "private", "short-secret"],
)
async def test_it_blackens_what_is_personal_and_nothing_else(tmp_path, private, secrets, hidden):
    escaped = SECRET.replace("&", "&amp;").replace(">", "&gt;")
    async with browser_page() as page:

        async def serve(route):
            await route.fulfill(body=PAGE.replace("SECRET", escaped), content_type="text/html")

        await page.route("**/*", serve)
        await page.goto("http://portal.localhost/")
        keeper = Keeper(tmp_path, traced=False, private=private, secrets=secrets)
        await keeper.screenshot(page)
        assert [item.path for item in keeper.kept] == [SCREENSHOT]
        assert await black_ones(page, tmp_path / SCREENSHOT) == hidden


@pytest.mark.parametrize("private", [False, True])
async def test_it_films_no_private_journey(tmp_path, private):
    async with browser_page() as page:
        keeper = Keeper(tmp_path, traced=True, private=private)
        await keeper.begin(page.context)
        await page.set_content("<h1>hello")
        await page.locator("h1").click()
        await page.wait_for_timeout(300)
        await keeper.end(page.context, [])
    with zipfile.ZipFile(tmp_path / TRACE) as archive:
        assert any(name.endswith(".jpeg") for name in archive.namelist()) is not private

"""The demo on the wire: a child process, real sockets, real TLS, and a seed nobody chose."""

import asyncio
import contextlib
import json
import random
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
import pycurl
import pytest
import pytest_asyncio

from demo.faults import NEAR, Fault
from demo.launch import LaunchError, Ready, launch, set_fault

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEED = random.SystemRandom().randrange(2**32)
REFUSED, TIMED_OUT, BAD_CERTIFICATE = pycurl.E_COULDNT_CONNECT, pycurl.E_OPERATION_TIMEDOUT, 60
HOME, BEACON, PICTURE, ICON = "/", "/thong-ke/luot-truy-cap.gif", "/assets/images/khau-hieu.png", "/favicon.ico"
SEARCH = {"formio": "/api/procedures?keyword=", "tiepnhan": "/dichvucong/bothutuc?tu_khoa="}
FAMILIES = sorted(SEARCH)


@dataclass(frozen=True, slots=True)
class Got:
    """A response, or the code with which libcurl gave up; ``reused`` when no new connection was made."""

    error: int
    status: int
    headers: Mapping[str, str]
    body: bytes
    reused: bool
    verify: int

    @property
    def text(self) -> str:
        return unescape(self.body.decode())


@dataclass(frozen=True, slots=True)
class Running:
    ready: Ready
    state: Mapping[str, Any]

    def portal(self, family: str) -> Mapping[str, Any]:
        return next(one for one in self.state["portals"] if one["platform"] == family)

    def url(self, family: str, path: str = HOME) -> str:
        return f"{self.portal(family)['base_url']}{path}"

    async def get(self, family: str, path: str = HOME, **options: Any) -> Got:
        return await asyncio.to_thread(get, self.url(family, path), str(self.ready.ca), **options)

    async def fault(self, family: str, fault: Fault | None) -> None:
        await set_fault(self.ready, self.portal(family)["id"], fault.value if fault else None)


def get(
    url: str, ca: str, *, handle: pycurl.Curl | None = None, form: str = "", cookie: str = "", timeout: float = 15.0
) -> Got:
    curl, body, lines = handle or pycurl.Curl(), BytesIO(), []
    curl.setopt(pycurl.URL, url)
    curl.setopt(pycurl.CAINFO, ca)
    curl.setopt(pycurl.NOSIGNAL, 1)
    curl.setopt(pycurl.TIMEOUT_MS, int(timeout * 1000))
    curl.setopt(pycurl.ACCEPT_ENCODING, "gzip")
    curl.setopt(pycurl.COOKIE, cookie)
    curl.setopt(pycurl.WRITEDATA, body)
    curl.setopt(pycurl.HEADERFUNCTION, lambda line: lines.append(line.decode("latin-1").strip()))
    if form:
        curl.setopt(pycurl.POSTFIELDS, form)
    error = 0
    try:
        curl.perform()
    except pycurl.error as failed:
        error = failed.args[0]
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines) if value}
    status, fresh = curl.getinfo(pycurl.RESPONSE_CODE), curl.getinfo(pycurl.NUM_CONNECTS)
    got = Got(error, status, headers, body.getvalue(), fresh == 0, curl.getinfo(pycurl.SSL_VERIFYRESULT))
    if handle is None:
        curl.close()
    return got


def handshake(url: str, context: ssl.SSLContext) -> tuple[str, str]:
    """Protocol and cipher of a TLS connection; Python doesn't resolve ``*.localhost`` by itself."""
    parts = urlsplit(url)
    with (
        socket.create_connection(("127.0.0.1", parts.port or 0), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=parts.hostname) as secure,
    ):
        cipher = secure.cipher()
        return secure.version() or "", cipher[0] if cipher else ""


def only(version: ssl.TLSVersion, ca: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(ca))
    context.set_ciphers("ALL:@SECLEVEL=0")
    narrow = pytest.deprecated_call() if version < ssl.TLSVersion.TLSv1_2 else contextlib.nullcontext()
    with narrow:
        context.minimum_version = version
        context.maximum_version = version
    return context


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    print(f"demo seed {SEED}")  # noqa: T201 - to draw the same again
    folder = tmp_path_factory.mktemp("demo")
    async with (
        launch(portals=4, seed=SEED, faults=[], directory=folder) as ready,
        aiohttp.ClientSession() as session,
        session.get(f"{ready.control}/state") as response,
    ):
        yield Running(ready, await response.json())


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def healthy_again(demo: Running) -> AsyncIterator[None]:
    yield
    async with aiohttp.ClientSession() as session, session.delete(f"{demo.ready.control}/faults") as response:
        assert response.status == 200


def level_of(portal: Mapping[str, Any]) -> str:
    return f"seed {SEED}, {portal['id']}"


@pytest.mark.parametrize("family", FAMILIES)
async def test_it_serves_pages_that_say_what_is_planted(demo: Running, family: str) -> None:
    portal = demo.portal(family)
    home = await demo.get(family)
    assert (home.status, portal["title"] in home.text) == (200, True), level_of(portal)
    for one in portal["procedures"][:5]:
        path = one["path"] if family == "tiepnhan" else f"/api/procedures/{one['path'].rpartition('/')[2]}"
        page = await demo.get(family, path)
        assert page.status == 200
        for name in ("title", "code", "agency", "fee", "time_limit", "level_text"):
            assert one[name] in page.text, (level_of(portal), name)


@pytest.mark.parametrize("family", FAMILIES)
async def test_it_finds_on_all_pages_what_is_planted(demo: Running, family: str) -> None:
    planted = {one["code"] for one in demo.portal(family)["procedures"] if "đăng ký" in one["title"].lower()}
    seen: list[str] = []
    for number in range(len(planted) // 10 + 1):
        turn = f"&page={number}" if family == "formio" else f"&trang={number + 1}"
        page = await demo.get(family, SEARCH[family] + quote("ĐĂNG ký") + turn)
        seen += re.findall(r"\d\.\d{6}\.000\.00\.00\.[GH]\d\d", page.text)
    assert sorted(seen) == sorted(planted), level_of(demo.portal(family))


@pytest.mark.parametrize("family", FAMILIES)
async def test_it_answers_nonsense_and_unknown_pages_well(demo: Running, family: str) -> None:
    nothing = await demo.get(family, SEARCH[family] + "qzxwv%3Cb%3E")
    assert nothing.status == 200
    assert b"<b>" not in nothing.body
    assert not re.search(r"\d\.\d{6}\.000", nothing.text)
    missing = await demo.get(family, "/khong-co-trang-nay")
    assert (missing.status, "Không tìm thấy trang" in missing.text) == (404, True)


@pytest.mark.parametrize("family", FAMILIES)
async def test_it_draws_the_procedure_in_a_browser(demo: Running, family: str, tmp_path: Path) -> None:
    one = demo.portal(family)["procedures"][0]
    page = unescape(await rendered(demo.url(family, one["path"]), demo.ready.ca, tmp_path))
    for name in ("title", "code", "fee", "time_limit", "level_text"):
        assert one[name] in page, (level_of(demo.portal(family)), name)


async def rendered(url: str, root: Path, home: Path) -> str:
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for command in (["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "ca", "-i", str(root)]):
        subprocess.run(["certutil", "-d", f"sql:{store}", *command], check=True)
    browser = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "google-chrome"
    arguments = ["--no-sandbox", "--headless", "--dump-dom", "--virtual-time-budget=8000", url]
    child = await asyncio.create_subprocess_exec(
        browser, *arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={"HOME": str(home)}
    )
    out, _ = await child.communicate()
    return out.decode()


@pytest.mark.parametrize("family", FAMILIES)
async def test_it_sends_the_headers_of_a_careful_portal(demo: Running, family: str) -> None:
    headers = (await demo.get(family)).headers
    assert headers["strict-transport-security"].startswith("max-age=31536000")
    assert "frame-ancestors" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(headers["set-cookie"].split("; "))


CLUES = re.compile(
    rb"near-|http-?500|error-page|(?<![\w])(?:down|hang|slow|drift|flicker|maintenance)(?![\w])|"
    rb"cert-|no-hsts|weak-tls|data-test|testid|test-id|portalwatch|synthetic",
    re.IGNORECASE,
)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("fault", [None, *(one for one in Fault if one not in (Fault.DOWN, Fault.HANG))])
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


async def anyhow(demo: Running, family: str, path: str) -> Got:
    """A page whatever its certificate: here only its bytes count."""

    def insecurely() -> Got:
        curl = pycurl.Curl()
        curl.setopt(pycurl.SSL_VERIFYPEER, 0)
        curl.setopt(pycurl.SSL_VERIFYHOST, 0)
        with contextlib.closing(curl):
            return get(demo.url(family, path), str(demo.ready.ca), handle=curl)

    return await asyncio.to_thread(insecurely)


Judge = Callable[[Running, str], Any]


async def status_and_words(demo: Running, family: str) -> tuple[int, str]:
    home, data = await demo.get(family), await demo.get(family, SEARCH[family])
    return home.status, home.text + data.text


async def judge_error_page(demo: Running, family: str) -> None:
    status, words = await status_and_words(demo, family)
    assert status == 200
    assert re.search("lỗi|Lỗi|sự cố|Không thể kết nối|không khả dụng", words)
    assert not re.search(r"\d\.\d{6}\.000", words)


async def judge_http500(demo: Running, family: str) -> None:
    answers = [await demo.get(family, path) for path in (HOME, SEARCH[family])]
    assert [one.status for one in answers] == [500, 500]
    assert (await demo.get(family, "/assets/css/site.css")).status == 200


async def judge_near_http500(demo: Running, family: str) -> None:
    decorations = [(await demo.get(family, path)).status for path in (BEACON, PICTURE)]
    assert sorted(decorations) == [200, 500]
    assert (await demo.get(family)).status == 200


async def judge_hang(demo: Running, family: str) -> None:
    assert handshake(demo.url(family), ssl.create_default_context(cafile=str(demo.ready.ca)))[0] == "TLSv1.3"
    answers = await asyncio.gather(*(demo.get(family, path, timeout=2) for path in (HOME, ICON)))
    assert [one.error for one in answers] == [TIMED_OUT, TIMED_OUT]


async def judge_near_hang(demo: Running, family: str) -> None:
    answers = await asyncio.gather(*(demo.get(family, path, timeout=3) for path in (BEACON, PICTURE)))
    assert sorted(one.error for one in answers) == [0, TIMED_OUT]
    assert (await demo.get(family)).status == 200


async def judge_delay(demo: Running, family: str, too_short: float) -> None:
    paths = (HOME, SEARCH[family])
    early = await asyncio.gather(*(demo.get(family, path, timeout=too_short) for path in paths))
    assert [one.error for one in early] == [TIMED_OUT, TIMED_OUT]
    patient = await asyncio.gather(*(demo.get(family, path) for path in paths))
    assert [one.status for one in patient] == [200, 200]
    assert (await demo.get(family, ICON, timeout=too_short)).status == 200


async def judge_captcha(demo: Running, family: str) -> None:
    before = await demo.get(family, SEARCH[family] + "a")
    assert before.status == 200
    assert not re.search(r"\d\.\d{6}\.000", before.text)
    ticket = re.search(r"/xac-nhan/anh/(\w+)\.png|\"ticket\": \"(\w+)\"", before.text)
    assert ticket
    picture = await demo.get(family, f"/xac-nhan/anh/{ticket[1] or ticket[2]}.png")
    assert picture.body.startswith(b"\x89PNG")
    wrong = await demo.get(family, "/xac-nhan", form=f"phien={ticket[1] or ticket[2]}&ma=x&tiep=//evil.example")
    assert (wrong.status, wrong.headers["location"]) == (303, "/")
    assert "xn=" not in wrong.headers.get("set-cookie", "")


async def judge_near_captcha(demo: Running, family: str) -> None:
    found = await demo.get(family, SEARCH[family] + quote("đăng ký"))
    assert re.search(r"\d\.\d{6}\.000", found.text)
    shown = await demo.get(family)
    script = re.search(r'src="(/main\.[^"]+)"', shown.text)
    words = (await demo.get(family, script[1])).text if script else shown.text
    assert "CAPTCHA" in words
    assert script is None or '"feedbackForm": true' in words


async def looks(demo: Running, family: str) -> tuple[str, str, str]:
    """What the search form is labelled and named, and how the procedure page is labelled."""
    home = await demo.get(family)
    script = re.search(r'src="(/main\.[^"]+)"', home.text)
    if script:
        said = json.loads((await demo.get(family, script[1])).text.partition(" = ")[2].partition(";\n")[0])["search"]
        identifier = demo.portal(family)["procedures"][0]["path"].rpartition("/")[2]
        detail = json.loads((await demo.get(family, f"/api/procedures/{identifier}")).body)["fields"]
        return (
            f"{said['label']} {said['text']}",
            f"{said['box']} {said['button']}",
            str([(one["label"]) for one in detail]),
        )
    form = re.search(r'action="/dichvucong/bothutuc".*?</form>', home.text, re.DOTALL)
    assert form
    labels = " ".join(re.findall(r"<(?:label|button)[^>]*>([^<]+)<", form[0]))
    detail = (await demo.get(family, demo.portal(family)["procedures"][0]["path"])).text
    names = " ".join(re.findall(r'<(?:input|button)[^>]* id="([^"]+)"', form[0]))
    return labels, names, " ".join(re.findall(r'(?:th scope="row"|dt|span class="sheet-label")>([^<]+)<', detail))


async def judge_drift(demo: Running, family: str) -> None:
    now = await looks(demo, family)
    await demo.fault(family, None)
    usual = await looks(demo, family)
    assert all(one and other and one != other for one, other in zip(now, usual, strict=True))


async def judge_near_drift(demo: Running, family: str) -> None:
    labels, names, fields = await looks(demo, family)
    await demo.fault(family, None)
    usual_labels, usual_names, usual_fields = await looks(demo, family)
    assert (labels != usual_labels) is (fields != usual_fields)
    assert (labels != usual_labels) is not (names != usual_names)


async def judge_maintenance(demo: Running, family: str) -> None:
    page = await demo.get(family)
    assert (page.status, page.headers["retry-after"]) == (503, "3600")
    assert "tạm ngừng hoạt động để bảo trì" in page.text


async def judge_flicker(demo: Running, family: str) -> None:
    assert (await demo.get(family, BEACON)).status == 200
    assert [(await demo.get(family)).status for _ in range(3)] == [502, 200, 200]
    await demo.fault(family, Fault.FLICKER)
    assert [(await demo.get(family)).status for _ in range(2)] == [502, 200]


async def judge_near_flicker(demo: Running, family: str) -> None:
    assert [(await demo.get(family)).status for _ in range(2)] == [200, 200]
    assert [(await demo.get(family, BEACON)).status for _ in range(2)] == [502, 200]


async def judge_near_banner(demo: Running, family: str) -> None:
    status, words = await status_and_words(demo, family)
    script = re.search(r'src="(/main\.[^"]+)"', words)
    words += (await demo.get(family, script[1])).text if script else ""
    assert status == 200
    assert re.search("không khả dụng|tạm ngừng hoạt động để bảo trì", words)
    assert re.search(r"\d\.\d{6}\.000", words)


async def judge_down(demo: Running, family: str) -> None:
    assert (await demo.get(family)).error == REFUSED


async def judge_near_down(demo: Running, family: str) -> None:
    assert (await demo.get(family, ICON, timeout=0.7)).error == TIMED_OUT
    assert (await demo.get(family)).status == 200


async def judge_certificate(demo: Running, family: str, verify_result: int | None) -> None:
    got = await demo.get(family)
    assert got.error == (0 if verify_result is None else BAD_CERTIFICATE)
    if verify_result is not None:
        assert got.verify == verify_result


async def judge_strict_verifier(demo: Running, family: str) -> None:
    context = ssl.create_default_context(cafile=str(demo.ready.ca))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    assert handshake(demo.url(family), context)[0] == "TLSv1.3"
    assert (await demo.get(family)).status == 200


async def judge_no_hsts(demo: Running, family: str) -> None:
    assert "strict-transport-security" not in (await demo.get(family)).headers


async def judge_near_no_hsts(demo: Running, family: str) -> None:
    assert (await demo.get(family)).headers["strict-transport-security"] == "max-age=15768000"


async def judge_weak_tls(demo: Running, family: str) -> None:
    spoken = [
        handshake(demo.url(family), only(version, demo.ready.ca))[0]
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
    ]
    assert spoken == ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]
    assert (await demo.get(family)).status == 200


async def judge_near_weak_tls(demo: Running, family: str) -> None:
    for refused in (ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_3):
        with pytest.raises(ssl.SSLError):
            handshake(demo.url(family), only(refused, demo.ready.ca))
    assert handshake(demo.url(family), only(ssl.TLSVersion.TLSv1_2, demo.ready.ca))[1].startswith("ECDHE-ECDSA-")


JUDGES: Mapping[Fault, Judge] = {
    Fault.DOWN: judge_down,
    Fault.NEAR_DOWN: judge_near_down,
    Fault.HTTP500: judge_http500,
    Fault.NEAR_HTTP500: judge_near_http500,
    Fault.HANG: judge_hang,
    Fault.NEAR_HANG: judge_near_hang,
    Fault.ERROR_PAGE_200: judge_error_page,
    Fault.NEAR_ERROR_PAGE_200: judge_near_banner,
    Fault.SLOW: lambda demo, family: judge_delay(demo, family, 4.5),
    Fault.NEAR_SLOW: lambda demo, family: judge_delay(demo, family, 1.3),
    Fault.CAPTCHA: judge_captcha,
    Fault.NEAR_CAPTCHA: judge_near_captcha,
    Fault.DRIFT: judge_drift,
    Fault.NEAR_DRIFT: judge_near_drift,
    Fault.MAINTENANCE: judge_maintenance,
    Fault.NEAR_MAINTENANCE: judge_near_banner,
    Fault.FLICKER: judge_flicker,
    Fault.NEAR_FLICKER: judge_near_flicker,
    Fault.CERT_EXPIRED: lambda demo, family: judge_certificate(demo, family, 10),
    Fault.CERT_WRONG_HOST: lambda demo, family: judge_certificate(demo, family, 1),
    Fault.CERT_SELF_SIGNED: lambda demo, family: judge_certificate(demo, family, 18),
    Fault.NEAR_CERT_EXPIRED: judge_strict_verifier,
    Fault.NEAR_CERT_WRONG_HOST: judge_strict_verifier,
    Fault.NEAR_CERT_SELF_SIGNED: judge_strict_verifier,
    Fault.NO_HSTS: judge_no_hsts,
    Fault.NEAR_NO_HSTS: judge_near_no_hsts,
    Fault.WEAK_TLS: judge_weak_tls,
    Fault.NEAR_WEAK_TLS: judge_near_weak_tls,
}

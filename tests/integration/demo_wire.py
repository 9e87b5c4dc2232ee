"""A running demo as tests reach it: libcurl for HTTPS, which resolves ``*.localhost``, and bare TLS handshakes."""

import asyncio
import contextlib
import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pycurl
import pytest

from demo.faults import Fault
from demo.launch import Ready, set_fault

REFUSED, TIMED_OUT, BAD_CERTIFICATE = pycurl.E_COULDNT_CONNECT, pycurl.E_OPERATION_TIMEDOUT, 60
HOME, BEACON, PICTURE, ICON = "/", "/thong-ke/luot-truy-cap.gif", "/assets/images/khau-hieu.png", "/favicon.ico"
SEARCH = {
    "aspx": "/portaldvc/ThuTuc/default.aspx?tukhoa=",
    "eform": "/dich-vu-cong?search=",
    "formio": "/api/procedures?keyword=",
    "linked": "/api/procedures?keyword=",
    "liferay": "/web/guest/bo-thu-tuc?p_p_id=danhsach_WAR_dvcportlet&_danhsach_WAR_dvcportlet_tuKhoa=",
    "plain": "/thu-tuc-hanh-chinh?ten=",
    "tiepnhan": "/dichvucong/bothutuc?tu_khoa=",
}
CLUES = re.compile(
    rb"near-|http-?500|error-page|(?<![\w])(?:down|hang|slow|drift|flicker|maintenance)(?![\w])|"
    rb"cert-|no-hsts|weak-tls|accessible|insecure|mixed-content|unfriendly|data-test|testid|test-id|portalwatch|synthetic",
    re.IGNORECASE,
)
CODE = r"\d\.\d{6}\.000\.00\.00\.[GH]\d\d"


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
        """The body as a reader sees it, its references resolved."""
        return unescape(self.body.decode())


@dataclass(frozen=True, slots=True)
class Running:
    """A demo that answers, with what its control API said of it at first."""

    ready: Ready
    state: Mapping[str, Any]

    def portal(self, family: str) -> Mapping[str, Any]:
        """What is planted on the first portal of a family."""
        return next(one for one in self.state["portals"] if one["platform"] == family)

    def url(self, family: str, path: str = HOME) -> str:
        """A page of that portal."""
        return f"{self.portal(family)['base_url']}{path}"

    async def get(self, family: str, path: str = HOME, **options: Any) -> Got:
        """What that portal answers; ``options`` are those of :func:`get`."""
        return await asyncio.to_thread(get, self.url(family, path), str(self.ready.ca), **options)

    async def fault(self, family: str, fault: Fault | None) -> None:
        """Give that portal a fault, or take it away."""
        await set_fault(self.ready, self.portal(family)["id"], fault.value if fault else None)


async def running(ready: Ready) -> Running:
    """A demo that is ready, with what is planted."""
    async with aiohttp.ClientSession() as session, session.get(f"{ready.control}/state") as response:
        return Running(ready, await response.json())


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


def served_chain(url: str, ca: str) -> list[dict[str, str]]:
    """The fields of each certificate as sent, leaf first; raises :class:`pycurl.error` when it isn't trusted."""
    curl = pycurl.Curl()
    with contextlib.closing(curl):
        curl.setopt(pycurl.URL, url)
        curl.setopt(pycurl.CAINFO, ca)
        curl.setopt(pycurl.NOBODY, 1)
        curl.setopt(pycurl.OPT_CERTINFO, 1)
        curl.perform()
        return [dict(one) for one in curl.getinfo(pycurl.INFO_CERTINFO)]


async def anyhow(demo: Running, family: str, path: str) -> Got:
    """A page whatever its certificate: here only its bytes count."""

    def insecurely() -> Got:
        curl = pycurl.Curl()
        curl.setopt(pycurl.SSL_VERIFYPEER, 0)
        curl.setopt(pycurl.SSL_VERIFYHOST, 0)
        with contextlib.closing(curl):
            return get(demo.url(family, path), str(demo.ready.ca), handle=curl)

    return await asyncio.to_thread(insecurely)

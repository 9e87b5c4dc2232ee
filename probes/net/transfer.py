"""One HTTP exchange through libcurl, with libcurl's own clock for each phase. Blocking: call it on a thread."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import pycurl

from probes.net.urls import on_the_wire

PHASES = ("resolve", "connect", "tls", "first_byte", "transfer")
MAX_BODY = 2 * 1024 * 1024
_MAX_HEAD = 128 * 1024
_VERSIONS = {1: 1.0, 2: 1.1, 3: 2.0, 30: 3.0}
_ACCEPT = "Accept: text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How to ask: the PEM file of trusted roots, our name, and the limits in seconds and bytes.

    ``step`` bounds connecting with TLS, and then the wait for the first byte; ``total`` the whole exchange.
    """

    roots: str
    user_agent: str
    step: float
    total: float
    max_body: int = MAX_BODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why an exchange broke off: libcurl's code, errno and verify result, and whether we cut it ourselves."""

    code: int
    phase: str
    errno: int = 0
    verify: int = 0
    first_byte_late: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What came back. ``phases`` holds seconds of each phase entered; ``headers`` the first value by lower-case name.

    ``size`` counts bytes on the wire, ``speed`` is in bytes per second, ``body`` is decoded and may be cut at the cap.
    """

    url: str
    total: float
    phases: Mapping[str, float]
    trouble: Trouble | None = None
    status: int = 0
    version: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    size: float = 0.0
    speed: float = 0.0
    location: str = ""


class _Receiver:
    """Takes what libcurl hands over, never more than agreed."""

    def __init__(self, terms: Terms, stop: threading.Event) -> None:
        self.terms = terms
        self.stop = stop
        self.body = bytearray()
        self.headers: dict[str, str] = {}
        self.head_size = 0
        self.asked_at = 0.0
        self.full = False
        self.late = False

    def on_body(self, piece: bytes) -> int:
        room = self.terms.max_body - len(self.body)
        self.body += piece[:room]
        self.full = len(piece) > room
        return 0 if self.full else len(piece)

    def on_header(self, line: bytes) -> int:
        self.head_size += len(line)
        if self.head_size > _MAX_HEAD:
            return 0
        if line.startswith(b"HTTP/"):
            self.headers.clear()
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            self.headers.setdefault(name.strip().lower(), value.strip())
        return len(line)

    def on_request(self, *_addresses: object) -> int:
        self.asked_at = time.monotonic()
        return int(pycurl.PREREQFUNC_OK)

    def on_progress(self, *_totals: object) -> int:
        waiting = self.asked_at and not self.head_size
        self.late = bool(waiting) and time.monotonic() - self.asked_at > self.terms.step
        return int(self.late or self.stop.is_set())


def _millis(seconds: float) -> int:
    # Zero would mean "no limit" to libcurl.
    return max(1, int(seconds * 1_000))


def _prepare(url: str, terms: Terms, receiver: _Receiver) -> pycurl.Curl:
    curl = pycurl.Curl()
    options: dict[int, object] = {
        pycurl.URL: on_the_wire(url),
        pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
        pycurl.FOLLOWLOCATION: 0,
        pycurl.CAINFO: terms.roots,
        pycurl.USERAGENT: terms.user_agent,
        pycurl.HTTPHEADER: [_ACCEPT, "Accept-Language: vi,en;q=0.5"],
        pycurl.ACCEPT_ENCODING: "",
        pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_2TLS,
        pycurl.TIMEOUT_MS: _millis(terms.total),
        pycurl.CONNECTTIMEOUT_MS: _millis(min(terms.step, terms.total)),
        pycurl.FRESH_CONNECT: 1,
        pycurl.FORBID_REUSE: 1,
        # A resumed session would skip the certificate, and so let an expired one pass.
        pycurl.SSL_SESSIONID_CACHE: 0,
        pycurl.NOSIGNAL: 1,
        # A proxy's phases are not the portal's.
        pycurl.PROXY: "",
        pycurl.NOPROGRESS: 0,
        pycurl.WRITEFUNCTION: receiver.on_body,
        pycurl.HEADERFUNCTION: receiver.on_header,
        pycurl.PREREQFUNCTION: receiver.on_request,
        pycurl.XFERINFOFUNCTION: receiver.on_progress,
    }
    for option, value in options.items():
        curl.setopt(option, value)
    return curl


def _marks(curl: pycurl.Curl, *, secure: bool) -> list[tuple[str, float]]:
    ends = {
        "resolve": pycurl.NAMELOOKUP_TIME_T,
        "connect": pycurl.CONNECT_TIME_T,
        "tls": pycurl.APPCONNECT_TIME_T,
        "first_byte": pycurl.STARTTRANSFER_TIME_T,
        "transfer": pycurl.TOTAL_TIME_T,
    }
    return [(phase, curl.getinfo(ends[phase]) / 1_000_000) for phase in PHASES if secure or phase != "tls"]


def _broken_phase(code: int, marks: list[tuple[str, float]]) -> str:
    """The phase that did not end; a failed exchange sets later marks, so the first one missing counts."""
    told = {pycurl.E_COULDNT_RESOLVE_HOST: "resolve", pycurl.E_COULDNT_CONNECT: "connect"}
    if code in told:
        return told[code]
    return next((phase for phase, end in marks if not end), "transfer")


def _durations(marks: list[tuple[str, float]], total: float, broken: str) -> dict[str, float]:
    seconds: dict[str, float] = {}
    before = 0.0
    for phase, end in marks:
        upto = total if phase == broken else end
        seconds[phase] = max(upto - before, 0.0)
        if phase == broken:
            break
        before = max(upto, before)
    return seconds


def _trouble(error: pycurl.error | None, curl: pycurl.Curl, receiver: _Receiver, broken: str) -> Trouble | None:
    if error is None:
        return None
    return Trouble(
        code=int(error.args[0]),
        phase=broken,
        errno=int(curl.getinfo(pycurl.OS_ERRNO)),
        verify=int(curl.getinfo(pycurl.SSL_VERIFYRESULT)),
        first_byte_late=receiver.late,
        message=str(error.args[1]),
    )


def _perform(curl: pycurl.Curl, receiver: _Receiver) -> pycurl.error | None:
    try:
        curl.perform()
    except pycurl.error as error:
        # We hung up at the cap: what came until then is the answer.
        return None if receiver.full else error
    return None


def _read(curl: pycurl.Curl, url: str, receiver: _Receiver, error: pycurl.error | None) -> Exchange:
    marks = _marks(curl, secure=url.lower().startswith("https:"))
    total = curl.getinfo(pycurl.TOTAL_TIME_T) / 1_000_000
    broken = _broken_phase(int(error.args[0]), marks) if error else ""
    location = curl.getinfo_raw(pycurl.REDIRECT_URL) or b""
    return Exchange(
        url=url,
        total=total,
        phases=_durations(marks, total, broken),
        trouble=_trouble(error, curl, receiver, broken),
        status=int(curl.getinfo(pycurl.RESPONSE_CODE)),
        version=_VERSIONS.get(curl.getinfo(pycurl.INFO_HTTP_VERSION), 0.0),
        headers=receiver.headers,
        body=bytes(receiver.body),
        size=float(curl.getinfo(pycurl.SIZE_DOWNLOAD_T)),
        speed=float(curl.getinfo(pycurl.SPEED_DOWNLOAD_T)),
        location=location.decode("utf-8", "replace") if isinstance(location, bytes) else str(location),
    )


def exchange(url: str, terms: Terms, stop: threading.Event) -> Exchange:
    """Ask once, on a connection of its own, following nothing. Setting ``stop`` ends it within a second.

    Raises ValueError for an unusable URL and pycurl.error when libcurl can't even begin.
    """
    receiver = _Receiver(terms, stop)
    curl = _prepare(url, terms, receiver)
    try:
        return _read(curl, url, receiver, _perform(curl, receiver))
    finally:
        curl.close()

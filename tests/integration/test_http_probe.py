import asyncio
import gzip
import json
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from agent.errors import PortalwatchError
from agent.model import Attempt, Cause, Requirement, StepStatus
from probes.http import HttpProber
from probes.net.transfer import MAX_BODY, Terms, exchange
from tests.factories import Harmless
from tests.integration.net_fixtures import (
    HOST,
    SLAM,
    Authority,
    Handler,
    Server,
    answer,
    attempt,
    certify,
    check_of,
    context,
    hang,
    make_authority,
    raw_answer,
    read_request,
    refused,
    reset,
    serve,
    silent,
)

DAY = timedelta(days=1)
STEPS = ["resolve", "connect", "tls", "first_byte", "transfer", "assert"]
PAGE = "<!doctype html><title>Cổng dịch vụ công</title><h1>Cổng dịch vụ công</h1><p>Tra cứu thủ tục hành chính</p>"
SAFE = (
    "Strict-Transport-Security: max-age=15768000\r\nX-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'self'; frame-ancestors 'self'\r\nReferrer-Policy: same-origin\r\n"
)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("theirs"))


@pytest.fixture
def prober(ours: Authority) -> HttpProber:
    return HttpProber(trust_store=ours.store, user_agent="portalwatch/test (+ops@example.com)")


@pytest.fixture
def look(ours: Authority, prober: HttpProber) -> Callable[..., object]:
    async def look_at(handler: Handler, *, step: float = 5, journey: float = 10, **options: str) -> Attempt:
        with serve(handler, context(ours.folder, ours.leaf(), ours.intermediate)) as server:
            return await attempt(prober, check_of(server.url(), step=step, journey=journey, **options))

    return look_at


def failing(seen: Attempt) -> tuple[Cause, str]:
    """The cause and the step, after making sure that the steps tell the same story."""
    told = [(step.name, step.status) for step in seen.steps]
    at = [name for name, _ in told].index(seen.failure.step)
    assert [status for _, status in told[:at]] == [StepStatus.PASSED] * at
    assert told[at][1] is StepStatus.FAILED
    assert {status for _, status in told[at + 1 :]} <= {StepStatus.SKIPPED}
    return seen.failure.cause, seen.failure.step


async def test_it_passes_a_page_with_its_phases_and_figures(look: Callable) -> None:
    seen = await look(answer(PAGE, headers=SAFE))
    assert seen.failure is None
    assert [(step.name, step.status) for step in seen.steps] == [(name, StepStatus.PASSED) for name in STEPS]
    phases = [seen.metrics[name] for name in ("dns_s", "connect_s", "tls_s", "first_byte_s", "transfer_s")]
    assert sum(phases) == pytest.approx(seen.metrics["total_s"])
    assert min(phases) > 0
    assert [step.duration_s for step in seen.steps[:5]] == phases
    assert (seen.metrics["status"], seen.metrics["http_version"], seen.metrics["redirects"]) == (200, 1.1, 0)
    assert seen.metrics["size_bytes"] == len(PAGE.encode())
    assert seen.metrics["speed_bytes_per_s"] > 0
    assert seen.requirements == {"SEC-4": Requirement.FULFILLED}
    assert (seen.metrics["hsts_s"], seen.metrics["headers_lacking"], seen.evidence) == (15_768_000, 0, ())


async def test_it_says_who_it_is_and_what_it_reads(prober: HttpProber) -> None:
    with serve(answer(PAGE)) as server:
        seen = await attempt(prober, check_of(server.url(), path="/thu-tuc?q=đăng ký"))
    head = server.requests[0].decode()
    assert head.startswith("GET /thu-tuc?q=%C4%91%C4%83ng%20k%C3%BD HTTP/1.1\r\n")
    assert "User-Agent: portalwatch/test (+ops@example.com)\r\n" in head
    assert "Accept-Language: vi" in head
    assert [step.name for step in seen.steps] == [name for name in STEPS if name != "tls"]
    assert seen.requirements == {"SEC-4": Requirement.UNMEASURED}


async def test_it_makes_a_new_connection_and_a_full_handshake_each_time(ours: Authority, prober: HttpProber) -> None:
    tls = context(ours.folder, ours.leaf(), ours.intermediate)
    with serve(answer(PAGE), tls) as server:
        for _ in range(3):
            assert (await attempt(prober, check_of(server.url()))).failure is None
    assert tls.session_stats()["accept_good"] == 3
    assert tls.session_stats()["hits"] == 0


async def test_it_finds_a_portal_without_the_headers_wanting(look: Callable) -> None:
    seen = await look(answer(PAGE, headers="Strict-Transport-Security: max-age=300\r\n"))
    assert (seen.failure, seen.requirements["SEC-4"]) == (None, Requirement.UNFULFILLED)


LEAKY = SAFE + "Server: Apache/2.4.41\r\n"


@pytest.mark.parametrize(
    ("plain", "leads", "rules"),
    [
        (answer("", status="301 Moved", headers=f"Location: https://{HOST}/\r\n"), 1.0, {"version-header"}),
        (answer(PAGE), 0.0, {"version-header", "http-served"}),
        (reset, None, {"version-header", "http-closed"}),
    ],
)
async def test_it_looks_at_versions_and_at_plain_http_when_asked_to(
    ours: Authority, prober: HttpProber, tmp_path: Path, *, plain: Handler, leads: float | None, rules: set[str]
) -> None:
    tls = context(ours.folder, ours.leaf(), ours.intermediate)
    with serve(answer(PAGE, headers=LEAKY), tls) as server, serve(plain) as other:
        check = check_of(server.url(), security="yes", http_port=str(other.port))
        seen = await prober.attempt(check, folder=tmp_path / "1", traced=False, safeguards=Harmless())
    assert (seen.failure, seen.requirements["SEC-4"]) == (None, Requirement.FULFILLED)
    assert (seen.metrics.get("https_redirect"), seen.metrics["versions_leaked"]) == (leads, 1)
    assert [(one.kind, one.path) for one in seen.evidence] == [("security", "security.json")]
    kept = json.loads((tmp_path / "1" / "security.json").read_text())
    assert {one["rule"] for one in kept["findings"]} == rules


async def test_it_decodes_a_compressed_body(look: Callable) -> None:
    packed = answer(gzip.compress(PAGE.encode()), headers="Content-Encoding: gzip\r\n")
    seen = await look(packed, contains="tra cứu thủ tục")
    assert seen.failure is None
    assert seen.metrics["size_bytes"] < len(PAGE.encode())


BODIES = [
    (answer(PAGE.encode("utf-16"), kind="text/html"), "Tra cứu thủ tục"),
    (answer(b"\xa0\x00 caf\xe9", kind="text/html; charset=iso-8859-1"), "café"),
    (answer(b"\x80\x81 Tra c", kind="text/html; charset=no-such"), "Tra c"),
    (answer("<p>Th&#7911; t&#7909;c</p>"), "thủ tục"),
]


@pytest.mark.parametrize(("handler", "wanted"), BODIES)
async def test_it_reads_a_body_that_is_not_utf_8(look: Callable, handler: Handler, wanted: str) -> None:
    assert (await look(handler, contains=wanted)).failure is None


def http_failures() -> dict[str, tuple[Handler, dict[str, str], Cause]]:
    notice = "<h1>Hệ thống đang bảo trì</h1><p>Mời quay lại sau.</p>"
    wall = "<title>Request Rejected</title>The requested URL was rejected. Your support ID is: 1"
    robot = "<h1>Xác nhận bạn không phải là robot</h1><img src=/captcha><input name=captcha>"
    return {
        "500": (answer(PAGE, status="500 Internal Server Error"), {}, Cause.HTTP_STATUS),
        "404": (answer(PAGE, status="404 Not Found"), {}, Cause.HTTP_STATUS),
        "503": (answer("<h1>Service Unavailable</h1>", status="503 Service Unavailable"), {}, Cause.HTTP_STATUS),
        "maintenance": (answer(notice, status="503 Service Unavailable"), {}, Cause.MAINTENANCE_PAGE),
        "maintenance 200": (answer(notice), {}, Cause.MAINTENANCE_PAGE),
        "error page": (answer("<title>Lỗi</title><h1>Đã xảy ra lỗi</h1><p>Thử lại sau.</p>"), {}, Cause.ERROR_PAGE),
        "error page wanted": (answer("<h1>Lỗi hệ thống</h1>"), {"contains": "lỗi"}, Cause.ERROR_PAGE),
        "challenge": (answer(robot), {}, Cause.CAPTCHA),
        "challenge 403": (answer(robot, status="403 Forbidden"), {}, Cause.CAPTCHA),
        "wall": (answer(wall, status="403 Forbidden"), {}, Cause.WAF),
        "text missing": (answer(PAGE), {"contains": "Nộp hồ sơ"}, Cause.CONTENT_MISSING),
        "text that must not be": (answer(PAGE), {"absent": "tra cứu"}, Cause.WRONG_PAGE),
        "not the status": (answer(PAGE), {"status": "204"}, Cause.HTTP_STATUS),
        "empty": (answer(""), {"contains": "Cổng"}, Cause.CONTENT_MISSING),
    }


@pytest.mark.parametrize("name", http_failures())
async def test_it_judges_the_answer(look: Callable, name: str) -> None:
    handler, options, cause = http_failures()[name]
    seen = await look(handler, **options)
    assert failing(seen) == (cause, "assert")
    assert seen.metrics["status"] > 0
    assert seen.requirements == {"SEC-4": Requirement.UNMEASURED}


def healthy() -> dict[str, tuple[Handler, dict[str, str]]]:
    shell = "<title>Cổng</title><app-root>Đang tải...</app-root><script src=/main.js></script>"
    return {
        "one of the statuses": (answer(PAGE, status="404 Not Found"), {"status": "200, 404"}),
        "text is there": (answer(PAGE), {"contains": "TRA CỨU", "absent": "Lỗi hệ thống"}),
        "shell": (answer(shell), {}),
        "json": (answer('{"error": "Lỗi hệ thống"}', kind="application/json"), {}),
        "no content": (raw_answer(b"HTTP/1.1 204 No Content\r\n\r\n"), {"status": "204"}),
        "redirect wanted": (answer("", status="302 Found", headers="Location: https://x.vn/\r\n"), {"status": "302"}),
        "early hints": (
            raw_answer(b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
            {},
        ),
    }


@pytest.mark.parametrize("name", healthy())
async def test_it_passes_what_is_as_asked(look: Callable, name: str) -> None:
    handler, options = healthy()[name]
    assert (await look(handler, **options)).failure is None


def half_a_body(peer: socket.socket, server: Server) -> None:
    read_request(peer, server)
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")


def drip(peer: socket.socket, server: Server) -> None:
    read_request(peer, server)
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not server.over.wait(0.05):
        peer.sendall(b".")


def drip_headers(peer: socket.socket, server: Server) -> None:
    read_request(peer, server)
    peer.sendall(b"HTTP/1.1 200 OK\r\n")
    while not server.over.wait(0.05):
        peer.sendall(b"X-Drip: 1\r\n")


def reset_after_request(peer: socket.socket, server: Server) -> None:
    read_request(peer, server)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, SLAM)


def header_flood(peer: socket.socket, server: Server) -> None:
    read_request(peer, server)
    peer.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        peer.sendall(b"X-Flood: " + b"x" * 1000 + b"\r\n")


BROKEN = {
    "hang": (hang, Cause.TIMEOUT, "first_byte"),
    "drip": (drip, Cause.TIMEOUT, "transfer"),
    "dripping headers": (drip_headers, Cause.TIMEOUT, "transfer"),
    "half a body": (half_a_body, Cause.CONNECTION_RESET, "transfer"),
    "nothing": (raw_answer(b""), Cause.CONNECTION_RESET, "first_byte"),
    "reset": (reset_after_request, Cause.CONNECTION_RESET, "first_byte"),
    "header flood": (header_flood, Cause.PROTOCOL, "transfer"),
    "no http": (raw_answer(b"\x00\x01\x02 what\r\n\r\n"), Cause.PROTOCOL, "first_byte"),
    "broken gzip": (
        answer(b"not gzip at all", headers="Content-Encoding: gzip\r\n"),
        Cause.PROTOCOL,
        "transfer",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_it_names_how_an_exchange_broke(look: Callable, name: str) -> None:
    handler, cause, step = BROKEN[name]
    assert failing(await look(handler, step=1.2, journey=1.5)) == (cause, step)


async def test_it_gives_the_first_byte_no_longer_than_a_step(ours: Authority) -> None:
    """Without its own limit the wait would be cut by the whole exchange's, here two minutes."""
    with serve(hang, context(ours.folder, ours.leaf(), ours.intermediate)) as server:
        terms = Terms(roots=str(ours.store), user_agent="t", step=0.5, total=120)
        seen = await asyncio.to_thread(exchange, server.url(), terms, threading.Event())
    assert seen.trouble.first_byte_late


async def test_it_does_not_take_a_slow_transfer_for_a_late_first_byte(look: Callable) -> None:
    def slow(peer: socket.socket, server: Server) -> None:
        read_request(peer, server)
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n")
        for _ in range(15):
            server.over.wait(0.1)
            peer.sendall(b".")

    assert (await look(slow, step=1, journey=10)).failure is None


async def test_it_reads_no_more_than_the_cap_of_a_huge_body(look: Callable) -> None:
    def endless(peer: socket.socket, server: Server) -> None:
        read_request(peer, server)
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE.encode())
        while True:
            peer.sendall(b" " * 65_536)

    seen = await look(endless, contains="Tra cứu")
    assert seen.failure is None
    assert MAX_BODY / 2 < seen.metrics["size_bytes"] < MAX_BODY * 2


async def test_it_reads_no_more_than_the_cap_of_a_zip_bomb(ours: Authority) -> None:
    bomb = answer(gzip.compress(b" " * 50_000_000), headers="Content-Encoding: gzip\r\n")
    with serve(bomb, context(ours.folder, ours.leaf(), ours.intermediate)) as server:
        terms = Terms(roots=str(ours.store), user_agent="t", step=5, total=10)
        seen = await asyncio.to_thread(exchange, server.url(), terms, threading.Event())
    assert (seen.trouble, len(seen.body)) == (None, MAX_BODY)


def certificates(ours: Authority, theirs: Authority) -> dict[str, tuple[list, Cause | None]]:
    return {
        "expired": ([ours.leaf(ends=-DAY), ours.intermediate], Cause.CERT_EXPIRED),
        "not yet valid": ([ours.leaf(starts=DAY), ours.intermediate], Cause.CERT_EXPIRED),
        "wrong host": ([ours.leaf("x.localhost", names=["x.localhost"]), ours.intermediate], Cause.CERT_WRONG_HOST),
        "self-signed": ([certify(HOST, names=[HOST])], Cause.CERT_SELF_SIGNED),
        "unknown root": ([theirs.leaf(), theirs.intermediate], Cause.CERT_UNTRUSTED),
        "unknown root served": ([theirs.leaf(), theirs.intermediate, theirs.root], Cause.CERT_UNTRUSTED),
        "incomplete": ([ours.leaf()], Cause.CERT_UNTRUSTED),
        "expires soon": ([ours.leaf(ends=2 * DAY), ours.intermediate], None),
        "other common name": ([ours.leaf("x.localhost", names=[HOST]), ours.intermediate], None),
        "root served too": ([ours.leaf(), ours.intermediate, ours.root, theirs.intermediate], None),
    }


NAMES = [
    "expired",
    "not yet valid",
    "wrong host",
    "self-signed",
    "unknown root",
    "unknown root served",
    "incomplete",
    "expires soon",
    "other common name",
    "root served too",
]


@pytest.mark.parametrize("name", NAMES)
async def test_it_verifies_the_certificate(ours: Authority, theirs: Authority, prober: HttpProber, name: str) -> None:
    chain, cause = certificates(ours, theirs)[name]
    with serve(answer(PAGE), context(ours.folder, *chain)) as server:
        seen = await attempt(prober, check_of(server.url()))
    assert (cause is None and seen.failure is None) or failing(seen) == (cause, "tls")


PLAIN = {
    "reset in the handshake": (reset, Cause.CONNECTION_RESET),
    "silence": (silent, Cause.TIMEOUT),
    "no tls": (lambda peer, _: (peer.recv(16), peer.sendall(b"HTTP/1.1 400 Bad\r\n\r\n")), Cause.TLS_HANDSHAKE),
}


@pytest.mark.parametrize("name", PLAIN)
async def test_it_names_how_a_handshake_broke_off(prober: HttpProber, name: str) -> None:
    handler, cause = PLAIN[name]
    with serve(handler) as server:
        seen = await attempt(prober, check_of(f"https://{HOST}:{server.port}", step=1, journey=2))
    assert failing(seen) == (cause, "tls")


async def test_it_sees_a_refused_connection(prober: HttpProber) -> None:
    with refused() as port:
        seen = await attempt(prober, check_of(f"https://{HOST}:{port}"))
    assert failing(seen) == (Cause.CONNECTION_REFUSED, "connect")
    assert seen.failure.detail == f"connection refused: https://{HOST}:{port}/"
    assert "connect_s" not in seen.metrics


async def test_it_sees_a_name_that_does_not_resolve(prober: HttpProber) -> None:
    assert failing(await attempt(prober, check_of("https://portal.invalid"))) == (Cause.DNS, "resolve")


def moving(target: Callable[[Server, int], str]) -> Handler:
    """Redirects each request to ``target(server, number)`` until that is empty, then gives the page."""

    def handle(peer: socket.socket, server: Server) -> None:
        there = target(server, len(server.requests))
        moved = answer("", status="302 Found", headers=f"Location: {there}\r\n")
        (moved if there else answer(PAGE, headers=SAFE))(peer, server)

    return handle


async def test_it_follows_redirects_within_the_site(look: Callable) -> None:
    places = ["/vi", f"https://{HOST}:{{port}}/vi/home", f"//{HOST}:{{port}}/tìm?q=1", ""]
    seen = await look(moving(lambda server, number: places[number].format(port=server.port)))
    assert seen.failure is None
    assert seen.steps[0].name == "redirect"
    assert seen.metrics["redirects"] == 3
    assert seen.metrics["redirect_s"] == seen.steps[0].duration_s > 0
    assert seen.metrics["total_s"] > seen.metrics["redirect_s"]


async def test_it_follows_to_another_name_of_the_site_and_checks_its_certificate(look: Callable) -> None:
    seen = await look(moving(lambda server, _: f"https://www.{HOST}:{server.port}/"))
    assert failing(seen) == (Cause.CERT_WRONG_HOST, "tls")


async def test_it_ends_a_redirect_loop_after_five(look: Callable) -> None:
    seen = await look(moving(lambda *_: "/again"))
    assert failing(seen) == (Cause.HTTP_STATUS, "assert")
    assert seen.failure.detail == "status 302, expected 200; more than 5 redirects"
    assert seen.metrics["redirects"] == 5


ELSEWHERE = {
    "https://other.localhost:1/a?token=x": "redirect to another site https://other.localhost:1/a",
    f"http://{HOST}/": f"redirect away from https to http://{HOST}/",
    "file:///etc/passwd": "redirect away from https to file:///etc/passwd",
    "https://127.0.0.1/": "redirect to another site https://127.0.0.1/",
    f"https://{HOST}:99999999/": f"redirect to another site https://{HOST}:99999999/",
}


@pytest.mark.parametrize("there", ELSEWHERE)
async def test_it_does_not_follow_to_anywhere_else(look: Callable, there: str) -> None:
    seen = await look(moving(lambda *_: there))
    assert failing(seen) == (Cause.HTTP_STATUS, "assert")
    assert seen.failure.detail == f"status 302, expected 200; {ELSEWHERE[there]}"


async def test_it_bounds_all_redirects_together(look: Callable) -> None:
    def crawl(peer: socket.socket, server: Server) -> None:
        server.over.wait(0.5)
        answer("", status="302 Found", headers="Location: /x\r\n")(peer, server)

    seen = await look(crawl, step=5, journey=1.2)
    assert seen.failure.cause is Cause.TIMEOUT


async def test_it_leaves_the_loop_free_while_it_waits(prober: HttpProber, ours: Authority) -> None:
    with serve(hang, context(ours.folder, ours.leaf(), ours.intermediate)) as server:
        waiting = asyncio.create_task(attempt(prober, check_of(server.url(), step=1, journey=1)))
        turns = 0
        while not waiting.done():
            await asyncio.sleep(0.01)
            turns += 1
    assert turns > 10


async def test_it_frees_its_thread_when_an_attempt_is_cancelled(ours: Authority) -> None:
    """The pool has one thread: a second attempt can only be answered when the first one let go of it."""
    one = HttpProber(trust_store=ours.store, user_agent="t", workers=1)
    tls = context(ours.folder, ours.leaf(), ours.intermediate)
    asked = threading.Event()

    def hold(peer: socket.socket, server: Server) -> None:
        read_request(peer, server)
        asked.set()
        server.over.wait(60)

    with serve(hold, tls) as stuck, serve(answer(PAGE), tls) as fine:
        first = asyncio.create_task(attempt(one, check_of(stuck.url(), step=60, journey=120)))
        assert await asyncio.to_thread(asked.wait, 20)
        first.cancel()
        seen = await asyncio.wait_for(attempt(one, check_of(fine.url())), 20)
    assert seen.failure is None
    one.close()


async def test_it_runs_many_at_once(prober: HttpProber, ours: Authority) -> None:
    with serve(answer(PAGE), context(ours.folder, ours.leaf(), ours.intermediate)) as server:
        seen = await asyncio.gather(*(attempt(prober, check_of(server.url())) for _ in range(40)))
    assert [each.failure for each in seen] == [None] * 40


ANSWERS = {"200": None, "301": None, "404": None, "500": Cause.HTTP_STATUS, "503": Cause.HTTP_STATUS}


@pytest.mark.parametrize("status", ANSWERS)
async def test_it_takes_any_answer_below_500_of_a_control(prober: HttpProber, ours: Authority, status: str) -> None:
    handler = answer("ok", status=f"{status} X", headers="Location: https://elsewhere.invalid/\r\n")
    with serve(handler, context(ours.folder, ours.leaf(), ours.intermediate)) as server:
        failure = await prober.probe_url(server.url("/"), timeout=5)
    assert (failure and failure.cause) is ANSWERS[status]


async def test_it_takes_no_answer_over_an_untrusted_certificate(prober: HttpProber, theirs: Authority) -> None:
    with serve(answer("ok"), context(theirs.folder, theirs.leaf(), theirs.intermediate)) as server:
        failure = await prober.probe_url(server.url("/"), timeout=5)
    assert failure.cause is Cause.CERT_UNTRUSTED


async def test_it_sees_that_a_control_is_gone(prober: HttpProber) -> None:
    with refused() as port:
        failure = await prober.probe_url(f"https://{HOST}:{port}/", timeout=5)
    assert failure.cause is Cause.CONNECTION_REFUSED


STARVED = """
import asyncio, os, resource, sys
from pathlib import Path
from probes.http import HttpProber
from probes.tls import TlsProber
from tests.integration.net_fixtures import attempt, check_of

async def main(url, store):
    for kind in (HttpProber, TlsProber):
        more = {"user_agent": "t"} if kind is HttpProber else {}
        prober = kind(trust_store=Path(store), **more)
        await attempt(prober, check_of(url))
        held = []
        try:
            while True:
                held.append(os.open(os.devnull, os.O_RDONLY))
        except OSError:
            pass
        seen = await attempt(prober, check_of(url))
        for each in held:
            os.close(each)
        again = await attempt(prober, check_of(url))
        print(seen.failure.cause, again.failure)

resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
asyncio.run(main(*sys.argv[1:]))
"""


def test_it_blames_nobody_else_when_this_process_is_out_of_files(ours: Authority) -> None:
    with serve(answer(PAGE), context(ours.folder, ours.leaf(), ours.intermediate)) as server:
        command = [sys.executable, "-c", textwrap.dedent(STARVED), server.url(), str(ours.store)]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2], timeout=60
        )
    assert done.stdout.split() == ["resources_short", "None"] * 2, done.stderr


async def test_it_says_so_when_no_thread_can_be_had(prober: HttpProber) -> None:
    prober.close()
    seen = await attempt(prober, check_of("https://portal.invalid"))
    assert seen.failure.cause is Cause.RESOURCES_SHORT


def test_it_refuses_a_trust_store_it_cannot_read(tmp_path: Path) -> None:
    with pytest.raises(PortalwatchError, match="can't be read: no such file or directory"):
        HttpProber(trust_store=tmp_path / "none.pem", user_agent="t")

import errno
import random
import socket
import struct
import zlib
from pathlib import Path

import pytest

from agent.clock import Clock
from agent.model import Portal
from demo import challenge
from demo.challenge import Desk, local_path
from demo.images import BEACON, digits, emblem, icon, landscape
from demo.options import parse
from demo.plays import REARM_S, Sort, Tripwire, sort_of
from demo.ready import Account, Ready, ReadyError
from demo.sockets import LOOPBACK, PortError, claim_block, ephemeral_start, release_all


def test_it_claims_a_block_below_the_ephemeral_range() -> None:
    claims = claim_block(5)
    ports = [one.port for one in claims]
    release_all(claims)
    assert ports == list(range(ports[0], ports[0] + 5))
    assert ports[-1] < ephemeral_start()


def test_it_refuses_connections_between_listeners() -> None:
    (claim,) = claim_block(1)
    with claim.holder:
        for _ in range(2):
            with claim.listen(), socket.create_connection((LOOPBACK, claim.port)):
                pass
            with socket.socket() as caller:
                assert caller.connect_ex((LOOPBACK, claim.port)) == errno.ECONNREFUSED


@pytest.mark.parametrize("reuse", [False, True])
def test_it_lets_nobody_take_a_port_that_is_closed_for_now(reuse: bool) -> None:
    (claim,) = claim_block(1)
    with claim.holder:
        with pytest.raises(PortError, match=f"port {claim.port} can't be taken"):
            claim_block(1, claim.port)
        with socket.socket() as thief:
            thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
            with pytest.raises(OSError, match="in use"):
                thief.bind((LOOPBACK, claim.port))


def test_it_gives_the_whole_block_back_when_one_port_is_taken() -> None:
    claims = claim_block(3)
    first, second, third = (one.port for one in claims)
    claims[0].release()
    claims[2].release()
    with pytest.raises(PortError, match=str(second)):
        claim_block(3, first)
    claims[1].release()
    release_all(claim_block(3, first))
    assert third == first + 2


def decode(picture: bytes) -> tuple[int, int, bytes]:
    """Width, height and pixel indexes of a PNG, its checksums checked."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, {}
    while at < len(picture):
        (length,) = struct.unpack_from(">I", picture, at)
        body = picture[at + 4 : at + 8 + length]
        assert struct.unpack_from(">I", picture, at + 8 + length)[0] == zlib.crc32(body)
        chunks[body[:4]] = body[4:]
        at += length + 12
    width, height = struct.unpack_from(">II", chunks[b"IHDR"])
    return width, height, zlib.decompress(chunks[b"IDAT"])


@pytest.mark.parametrize(
    ("picture", "size"),
    [
        (emblem("#102030", "#f0e0d0", 48), (48, 48)),
        (landscape("#0b5ea8", "#083d6e", 1, width=200, height=60), (200, 60)),
        (digits("01234", random.Random(1)), (170, 55)),
    ],
)
def test_it_writes_whole_pictures(picture: bytes, size: tuple[int, int]) -> None:
    width, height, pixels = decode(picture)
    assert (width, height) == size
    assert len(pixels) == (width + 1) * height
    assert len(set(pixels)) > 2


def test_it_wraps_a_picture_as_an_icon() -> None:
    picture = emblem("#102030", "#f0e0d0", 32)
    assert icon(picture, 32).endswith(picture)
    assert BEACON.startswith(b"GIF89a")


def test_it_admits_who_read_the_picture() -> None:
    desk = Desk()
    ticket = desk.issue()
    granted = desk.solve(ticket, f" {desk._codes[ticket]} ")
    assert desk.admits(granted)


@pytest.mark.parametrize("answer", ["", "abcde", "ố", "123456"])
def test_it_admits_nobody_else_and_takes_a_ticket_once(answer: str) -> None:
    desk = Desk()
    ticket = desk.issue()
    code = desk._codes[ticket]
    assert desk.solve(ticket, answer) is None
    assert desk.solve(ticket, code) is None
    assert not desk.admits(None)
    assert not desk.admits("made-up")


def test_it_forgets_the_oldest_tickets() -> None:
    desk = Desk()
    first = desk.issue()
    for _ in range(challenge._KEPT):
        desk.issue()
    assert desk.picture(first) is None


@pytest.mark.parametrize("text", ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nX: y"])
def test_it_goes_on_within_the_site_only(text: str) -> None:
    assert local_path(text) == "/"
    assert local_path("/dichvucong/bothutuc?trang=2") == "/dichvucong/bothutuc?trang=2"


def test_it_fires_once_in_half_a_minute_and_when_rearmed() -> None:
    now = [100.0]
    wire = Tripwire(Clock(monotonic=lambda: now[0]))
    assert [wire.fires(), wire.fires()] == [True, False]
    now[0] += REARM_S - 1
    assert not wire.fires()
    now[0] += 1
    assert [wire.fires(), wire.fires()] == [True, False]
    wire.rearm()
    assert wire.fires()


@pytest.mark.parametrize(
    ("path", "sort"),
    [
        ("/", Sort.DOCUMENT),
        ("/vi/procedure/search", Sort.DOCUMENT),
        ("/api/procedures", Sort.DATA),
        ("/favicon.ico", Sort.DECORATION),
        ("/assets/css/site.css", Sort.ASSET),
        ("/main.0123456789abcdef.js", Sort.ASSET),
    ],
)
def test_it_sorts_requests(path: str, sort: Sort) -> None:
    assert sort_of(path) is sort


def test_it_reads_back_the_line_it_wrote(portals: list[Portal]) -> None:
    ready = Ready(
        control="http://127.0.0.1:1",
        control_target="https://c:2/",
        ca=Path("/a"),
        seed=3,
        portals=tuple(portals),
        services={"vneid": "https://v:3"},
        accounts=(Account(holder="person", username="1", password="2", pin="3", key="/k", key_password="4"),),  # noqa: S106 - nobody's
        roots={"national": Path("/r")},
    )
    assert Ready.from_line(ready.to_line()) == ready
    assert "\n" not in ready.to_line()


@pytest.mark.parametrize("line", ["", "Traceback", "[]", "{}", '{"control": 1, "portals": 3}'])
def test_it_refuses_a_line_that_no_demo_wrote(line: str) -> None:
    with pytest.raises(ReadyError, match="first line"):
        Ready.from_line(line)


def test_it_draws_a_seed_unless_one_is_given() -> None:
    assert parse(["--seed", "0"]).seed == 0
    assert len({parse([]).seed for _ in range(5)}) > 1


def test_it_takes_several_faults() -> None:
    assert parse(["--fault", "a=down", "--fault=*=slow"]).faults == (("a", "down"), ("*", "slow"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--portals", "0"], "'0' must be at least 1"),
        (["--seed", "x"], "'x' must be a whole number"),
        (["--base-port", "80"], "'80' must be between 1024 and 65535"),
        (["--fault", "down"], "must read TARGET=FAULT"),
        (["--nothing"], "--nothing"),
    ],
)
def test_it_ends_with_one_line_for_bad_arguments(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(arguments)
    complaint = capsys.readouterr().err
    assert caught.value.code == 2
    assert said in complaint
    assert complaint.count("\n") == 1

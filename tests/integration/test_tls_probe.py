import asyncio
import socket
import ssl
import threading
import warnings
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from agent.errors import PortalwatchError
from agent.model import Attempt, Cause, Requirement, StepStatus
from probes.tls import TlsProber, name_trust_fault
from tests.integration.net_fixtures import (
    HOST,
    Authority,
    Holder,
    Server,
    attempt,
    certify,
    check_of,
    context,
    make_authority,
    refused,
    reset,
    serve,
    silent,
)

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("theirs"))


@pytest.fixture
def look(ours: Authority) -> Callable[..., object]:
    async def look_at(tls: ssl.SSLContext, *, host: str = HOST) -> Attempt:
        with serve(silent_after_tls, tls) as server:
            return await attempt(TlsProber(trust_store=ours.store), check_of(server.url(host=host)))

    return look_at


def silent_after_tls(peer: ssl.SSLSocket, _server: Server) -> None:
    peer.recv(1)


def statuses(seen: Attempt) -> list[str]:
    return [str(step.status) for step in seen.steps]


def old_protocols(tls: ssl.SSLContext, *, only: bool = False) -> ssl.SSLContext:
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        tls.minimum_version = ssl.TLSVersion.TLSv1
        if only:
            tls.maximum_version = ssl.TLSVersion.TLSv1_1
    tls.set_ciphers("ALL:@SECLEVEL=0")
    return tls


async def test_it_passes_a_sound_portal_with_all_figures(look: Callable, ours: Authority) -> None:
    seen = await look(context(ours.folder, ours.leaf(), ours.intermediate))
    assert seen.failure is None
    assert statuses(seen) == ["passed"] * 5
    assert [step.name for step in seen.steps] == ["resolve", "connect", "handshake", "verify", "legacy"]
    assert seen.metrics["leaf_days_left"] == pytest.approx(365, abs=0.01)
    assert seen.metrics["chain_days_left"] == pytest.approx(365, abs=0.01)
    assert seen.metrics["handshake_s"] > 0
    figures = ("served_chain_length", "verified_chain_length", "protocol", "legacy_accepted", "key_bits")
    assert [seen.metrics[name] for name in figures] == [2, 3, 1.3, 0, 256]
    assert set(seen.requirements) == {"SEC-1", "SEC-2", "SEC-3"}
    assert set(seen.requirements.values()) == {Requirement.FULFILLED}


async def test_it_tells_tls_1_2_from_1_3(look: Callable, ours: Authority) -> None:
    tls = context(ours.folder, ours.leaf(), ours.intermediate)
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    seen = await look(tls)
    assert (seen.failure, seen.metrics["protocol"], seen.requirements["SEC-1"]) == (None, 1.2, Requirement.FULFILLED)


def expired(ours: Authority, _: Authority) -> list[Holder]:
    return [ours.leaf(ends=-DAY), ours.intermediate]


def not_yet_valid(ours: Authority, _: Authority) -> list[Holder]:
    return [ours.leaf(starts=DAY), ours.intermediate]


def expired_intermediate(ours: Authority, _: Authority) -> list[Holder]:
    middle = certify("Old Intermediate", issuer=ours.root, authority=True, ends=-DAY)
    return [certify(HOST, issuer=middle, names=[HOST]), middle]


def wrong_host(ours: Authority, _: Authority) -> list[Holder]:
    return [ours.leaf("other.localhost", names=["other.localhost"]), ours.intermediate]


def common_name_only(ours: Authority, _: Authority) -> list[Holder]:
    return [ours.leaf(HOST, names=[]), ours.intermediate]


def self_signed(_ours: Authority, _: Authority) -> list[Holder]:
    return [certify(HOST, names=[HOST])]


def unknown_root(_ours: Authority, theirs: Authority) -> list[Holder]:
    return [theirs.leaf(), theirs.intermediate]


def unknown_root_served(_ours: Authority, theirs: Authority) -> list[Holder]:
    return [theirs.leaf(), theirs.intermediate, theirs.root]


def our_root_beside_their_chain(ours: Authority, theirs: Authority) -> list[Holder]:
    return [theirs.leaf(), theirs.intermediate, ours.root]


def incomplete(ours: Authority, _: Authority) -> list[Holder]:
    return [ours.leaf()]


def issued_by_a_leaf(ours: Authority, _: Authority) -> list[Holder]:
    middle = ours.leaf("shop.localhost", names=["shop.localhost"])
    return [certify(HOST, issuer=middle, names=[HOST]), middle, ours.intermediate]


BAD = [
    (expired, Cause.CERT_EXPIRED),
    (not_yet_valid, Cause.CERT_EXPIRED),
    (expired_intermediate, Cause.CERT_EXPIRED),
    (wrong_host, Cause.CERT_WRONG_HOST),
    (common_name_only, Cause.CERT_WRONG_HOST),
    (self_signed, Cause.CERT_SELF_SIGNED),
    (unknown_root, Cause.CERT_UNTRUSTED),
    (unknown_root_served, Cause.CERT_UNTRUSTED),
    (our_root_beside_their_chain, Cause.CERT_UNTRUSTED),
    (incomplete, Cause.CERT_UNTRUSTED),
    (issued_by_a_leaf, Cause.CERT_UNTRUSTED),
]


@pytest.mark.parametrize(("make", "cause"), BAD)
async def test_it_names_what_is_wrong_with_a_certificate(
    look: Callable, ours: Authority, theirs: Authority, make: Callable, cause: Cause
) -> None:
    seen = await look(context(ours.folder, *make(ours, theirs)))
    assert (seen.failure.cause, seen.failure.step) == (cause, "verify")
    assert statuses(seen) == ["passed", "passed", "passed", "failed", "passed"]
    assert (seen.requirements["SEC-1"], seen.requirements["SEC-2"]) == (Requirement.FULFILLED, Requirement.UNFULFILLED)


async def test_it_counts_the_days_since_a_certificate_expired(look: Callable, ours: Authority) -> None:
    seen = await look(context(ours.folder, ours.leaf(ends=-DAY), ours.intermediate))
    assert seen.metrics["leaf_days_left"] == pytest.approx(-1, abs=0.01)
    assert seen.requirements["SEC-3"] is Requirement.UNFULFILLED


def expires_soon(ours: Authority, _: Authority) -> list[Holder]:
    return [ours.leaf(ends=2 * DAY), ours.intermediate]


def other_common_name(ours: Authority, _: Authority) -> list[Holder]:
    return [ours.leaf("other.localhost", names=["more.localhost", HOST]), ours.intermediate]


def root_and_a_stranger_served_too(ours: Authority, theirs: Authority) -> list[Holder]:
    return [ours.leaf(), ours.intermediate, ours.root, theirs.intermediate]


def straight_from_the_root(ours: Authority, _: Authority) -> list[Holder]:
    return [certify(HOST, issuer=ours.root, names=[HOST])]


@pytest.mark.parametrize(
    "make", [expires_soon, other_common_name, root_and_a_stranger_served_too, straight_from_the_root]
)
async def test_it_passes_an_odd_chain_that_is_valid(
    look: Callable, ours: Authority, theirs: Authority, make: Callable
) -> None:
    seen = await look(context(ours.folder, *make(ours, theirs)))
    assert (seen.failure, seen.requirements["SEC-2"]) == (None, Requirement.FULFILLED)


async def test_it_passes_a_wildcard(look: Callable, ours: Authority) -> None:
    tls = context(ours.folder, ours.leaf("x", names=["*.angiang.localhost"]), ours.intermediate)
    assert (await look(tls, host="dvc.angiang.localhost")).failure is None


@pytest.mark.parametrize(("days", "state"), [(13, Requirement.UNFULFILLED), (15, Requirement.FULFILLED)])
async def test_it_asks_for_two_weeks(look: Callable, ours: Authority, days: int, state: Requirement) -> None:
    seen = await look(context(ours.folder, ours.leaf(ends=days * DAY), ours.intermediate))
    assert (seen.failure, seen.requirements["SEC-3"]) == (None, state)


async def test_it_sees_that_legacy_protocols_are_accepted_beside_modern_ones(look: Callable, ours: Authority) -> None:
    seen = await look(old_protocols(context(ours.folder, ours.leaf(), ours.intermediate)))
    assert (seen.failure, seen.metrics["protocol"], seen.metrics["legacy_accepted"]) == (None, 1.3, 1)
    assert seen.requirements["SEC-1"] is Requirement.UNFULFILLED


async def test_it_fails_a_portal_that_has_legacy_protocols_alone(look: Callable, ours: Authority) -> None:
    seen = await look(old_protocols(context(ours.folder, ours.leaf(), ours.intermediate), only=True))
    assert (seen.failure.cause, seen.failure.step) == (Cause.TLS_HANDSHAKE, "handshake")
    assert statuses(seen) == ["passed", "passed", "failed", "skipped", "passed"]
    assert (seen.requirements["SEC-1"], seen.requirements["SEC-2"]) == (Requirement.UNFULFILLED, Requirement.UNMEASURED)


def second(tls: ssl.SSLContext, then: Callable) -> Callable:
    """A handler that serves the first connection soundly and every later one by ``then``."""
    met: list[object] = []

    def handle(peer: socket.socket, server: Server) -> None:
        met.append(peer)
        if len(met) > 1:
            then(peer, server)
            return
        with tls.wrap_socket(peer, server_side=True) as wrapped:
            wrapped.recv(1)

    return handle


async def test_it_leaves_legacy_unmeasured_when_nothing_answers(ours: Authority) -> None:
    handler = second(context(ours.folder, ours.leaf(), ours.intermediate), silent)
    with serve(handler) as server:
        check = check_of(f"https://{HOST}:{server.port}", step=1, journey=2)
        seen = await attempt(TlsProber(trust_store=ours.store), check)
    assert seen.failure is None
    assert statuses(seen)[-1] == StepStatus.SKIPPED
    assert "legacy_accepted" not in seen.metrics
    assert seen.requirements["SEC-1"] is Requirement.UNMEASURED


@pytest.mark.parametrize("then", [reset, lambda peer, _: peer.recv(16)])
async def test_it_takes_a_slammed_door_for_a_refusal_of_legacy(ours: Authority, then: Callable) -> None:
    with serve(second(context(ours.folder, ours.leaf(), ours.intermediate), then)) as server:
        check = check_of(f"https://{HOST}:{server.port}")
        seen = await attempt(TlsProber(trust_store=ours.store), check)
    assert (seen.metrics["legacy_accepted"], seen.requirements["SEC-1"]) == (0, Requirement.FULFILLED)


def garbage(peer: socket.socket, _server: Server) -> None:
    peer.recv(16)
    peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def endless_handshake(peer: socket.socket, _server: Server) -> None:
    peer.recv(16)
    while True:
        peer.sendall(b"\x16\x03\x03\x40\x00" + b"\x02\x00\xff\xff" + b"\0" * 0x3FFC)


BROKEN = [
    (reset, Cause.CONNECTION_RESET, "handshake"),
    (silent, Cause.TIMEOUT, "handshake"),
    (garbage, Cause.TLS_HANDSHAKE, "handshake"),
    (endless_handshake, Cause.TLS_HANDSHAKE, "handshake"),
    (lambda peer, _: peer.recv(16), Cause.CONNECTION_RESET, "handshake"),
]


@pytest.mark.parametrize(("handler", "cause", "step"), BROKEN)
async def test_it_names_how_a_handshake_broke(ours: Authority, handler: Callable, cause: Cause, step: str) -> None:
    with serve(handler) as server:
        check = check_of(f"https://{HOST}:{server.port}", step=1, journey=2)
        seen = await attempt(TlsProber(trust_store=ours.store), check)
    assert (seen.failure.cause, seen.failure.step) == (cause, step)
    assert seen.requirements["SEC-3"] is Requirement.UNMEASURED


async def test_it_sees_a_refused_connection(ours: Authority) -> None:
    with refused() as port:
        seen = await attempt(TlsProber(trust_store=ours.store), check_of(f"https://{HOST}:{port}"))
    assert (seen.failure.cause, seen.failure.step) == (Cause.CONNECTION_REFUSED, "connect")
    assert statuses(seen) == ["passed", "failed", "skipped", "skipped", "skipped"]


async def test_it_sees_a_name_that_does_not_resolve(ours: Authority) -> None:
    seen = await attempt(TlsProber(trust_store=ours.store), check_of("https://portal.invalid"))
    assert (seen.failure.cause, seen.failure.step) == (Cause.DNS, "resolve")


@pytest.mark.parametrize(("workers", "cause"), [(2, Cause.TIMEOUT), (1, Cause.RESOURCES_SHORT)])
async def test_it_waits_for_no_resolver_and_blames_no_portal_for_a_full_pool(
    ours: Authority, monkeypatch: pytest.MonkeyPatch, workers: int, cause: Cause
) -> None:
    """The C library's resolver can't be hung on purpose, so one that never answers stands in for it."""
    answered = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answered.wait(30) and [])
    prober = TlsProber(trust_store=ours.store, workers=workers)
    first = asyncio.create_task(attempt(prober, check_of("https://a.invalid", step=1, journey=60)))
    await asyncio.sleep(0)
    seen = await attempt(prober, check_of("https://b.invalid", step=0.1, journey=0.2))
    answered.set()
    await first
    assert (seen.failure.cause, seen.failure.step) == (cause, "resolve")


async def test_it_names_a_trust_fault_for_who_only_knows_there_is_one(ours: Authority, theirs: Authority) -> None:
    with serve(silent_after_tls, context(ours.folder, *self_signed(ours, theirs))) as server:
        assert await name_trust_fault(server.url(), ours.store) is Cause.CERT_SELF_SIGNED
    with serve(silent_after_tls, context(ours.folder, ours.leaf(), ours.intermediate)) as server:
        assert await name_trust_fault(server.url(), ours.store) is Cause.CERT_UNTRUSTED


def test_it_refuses_a_trust_store_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PortalwatchError, match=r"roots\.pem' can't be read: no such file or directory"):
        TlsProber(trust_store=tmp_path / "roots.pem")


def test_it_refuses_a_trust_store_without_certificates(tmp_path: Path) -> None:
    store = tmp_path / "roots.pem"
    store.write_text("nothing")
    with pytest.raises(PortalwatchError, match="must hold certificates in PEM form"):
        TlsProber(trust_store=store)

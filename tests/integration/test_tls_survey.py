"""Versions and ciphers, asked of real servers with good and bad tastes."""

import json
import socket
import ssl
import struct
import threading
import warnings
from datetime import timedelta

import pytest

from agent.model import Requirement, StepStatus
from probes.net.suites import NAMES, TLS_1_0, TLS_1_2, TLS_1_3
from probes.net.survey import MOST_HELLOS, survey
from probes.tls import TlsProber
from tests.factories import Harmless
from tests.integration.net_fixtures import (
    HOST,
    certify,
    check_of,
    context,
    make_authority,
    refused,
    reset,
    serve,
    silent,
)


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return make_authority(tmp_path_factory.mktemp("ours"))


def greet(peer, _server):
    peer.recv(1)


def tastes(ours, ciphers, *, oldest=ssl.TLSVersion.TLSv1_2, newest=ssl.TLSVersion.TLSv1_3):
    tls = context(ours.folder, ours.leaf(), ours.intermediate)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        tls.minimum_version, tls.maximum_version = oldest, newest
    tls.set_ciphers(ciphers)
    return tls


def ask(url, total=20.0):
    return survey(url, total, threading.Event())


def names(seen, version):
    return {NAMES[suite] for suite in seen.taken[version]}


def test_it_finds_every_suite_of_every_version(ours):
    tls = tastes(ours, "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0", oldest=ssl.TLSVersion.TLSv1)
    with serve(greet, tls) as server:
        seen = ask(server.url())
    assert seen.whole
    assert names(seen, TLS_1_0) == {"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"}
    assert names(seen, TLS_1_2) == {
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    }
    assert names(seen, TLS_1_3) == {
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_AES_128_GCM_SHA256",
    }


@pytest.mark.parametrize(
    ("ciphers", "name"),
    [
        ("ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0", "TLS_ECDHE_ECDSA_WITH_NULL_SHA"),
        ("AECDH-AES128-SHA:@SECLEVEL=0", "TLS_ECDH_anon_WITH_AES_128_CBC_SHA"),
    ],
)
def test_it_finds_a_cipher_that_protects_nothing(ours, ciphers, name):
    with serve(greet, tastes(ours, ciphers)) as server:
        assert names(ask(server.url()), TLS_1_2) == {name}


async def attempt(ours, tmp_path, tls, **limits):
    with serve(greet, tls) as server:
        check = check_of(server.url(), ciphers="yes", **limits)
        prober = TlsProber(trust_store=ours.store)
        return await prober.attempt(check, folder=tmp_path / "1", traced=False, safeguards=Harmless())


def rules(tmp_path):
    return {one["rule"] for one in json.loads((tmp_path / "1" / "security.json").read_text())["findings"]}


async def test_it_fulfils_with_good_taste(ours, tmp_path):
    seen = await attempt(ours, tmp_path, tastes(ours, "ECDHE+AESGCM"))
    assert seen.failure is None
    assert (seen.steps[-1].name, seen.steps[-1].status) == ("ciphers", StepStatus.PASSED)
    assert set(seen.requirements.values()) == {Requirement.FULFILLED}
    assert (seen.metrics["tls11_offered"], seen.metrics["tls12_offered"], seen.metrics["tls13_offered"]) == (0, 1, 1)
    assert (seen.metrics["ciphers_offered"], seen.metrics["ciphers_broken"]) == (5, 0)
    assert rules(tmp_path) == set()


async def test_it_holds_a_broken_cipher_against_a_portal_that_works(ours, tmp_path):
    seen = await attempt(ours, tmp_path, tastes(ours, "ECDHE+AESGCM:ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0"))
    assert (seen.failure, seen.requirements["SEC-1"]) == (None, Requirement.UNFULFILLED)
    assert seen.metrics["ciphers_broken"] == 1
    assert rules(tmp_path) == {"cipher-broken"}


async def test_it_notes_a_dated_cipher_and_lets_it_pass(ours, tmp_path):
    seen = await attempt(ours, tmp_path, tastes(ours, "ECDHE+AESGCM:ECDHE-ECDSA-AES128-SHA"))
    assert (seen.failure, seen.requirements["SEC-1"]) == (None, Requirement.FULFILLED)
    assert rules(tmp_path) == {"cipher-cbc-sha1"}


async def test_it_keeps_the_chains_apart(ours, tmp_path):
    stray = certify("Cross-signed Intermediate", issuer=ours.root, authority=True, ends=timedelta(days=2))
    seen = await attempt(ours, tmp_path, context(ours.folder, ours.leaf(), ours.intermediate, stray))
    assert seen.requirements["SEC-3"] is Requirement.FULFILLED
    assert seen.metrics["served_days_left"] == pytest.approx(2, abs=0.01)
    assert seen.metrics["chain_days_left"] > 100
    assert "served-not-needed" in rules(tmp_path)


async def test_it_alarms_when_the_verified_chain_runs_out(ours, tmp_path):
    middle = certify("Short Intermediate", issuer=ours.root, authority=True, ends=timedelta(days=5))
    leaf = certify(HOST, issuer=middle, names=[HOST])
    seen = await attempt(ours, tmp_path, context(ours.folder, leaf, middle))
    assert (seen.failure, seen.requirements["SEC-3"]) == (None, Requirement.UNFULFILLED)
    assert seen.metrics["leaf_days_left"] > 100


@pytest.mark.parametrize(
    "handler", [silent, lambda peer, _: peer.sendall(b"HTTP/1.1 400 Bad\r\n\r\n") or peer.recv(9_999)]
)
def test_it_gives_up_on_what_does_not_speak(handler):
    with serve(handler) as server:
        seen = ask(f"https://{HOST}:{server.port}", total=1.0)
    assert (seen.taken, seen.whole) == ({}, False)


def test_it_takes_a_slammed_door_for_a_refusal():
    with serve(reset) as server:
        seen = ask(f"https://{HOST}:{server.port}")
    assert seen.whole
    assert not any(seen.taken.values())


def test_it_shrugs_when_nobody_is_there():
    with refused() as port:
        assert ask(f"https://{HOST}:{port}").taken == {}
    assert ask("https://portal.invalid").taken == {}


def yes_to_all(peer: socket.socket, server):
    """Chooses the first suite of whatever it is offered, without end."""
    hello = peer.recv(9_999)
    server.requests.append(hello)
    version, suite = hello[9:11], hello[46:48]
    body = version + bytes(32) + b"\0" + suite + b"\0"
    message = b"\2" + len(body).to_bytes(3) + body
    peer.sendall(b"\x16\x03\x03" + struct.pack(">H", len(message)) + message)
    peer.recv(1)


def test_it_bounds_its_connections_to_a_server_that_takes_all():
    with serve(yes_to_all) as server:
        seen = ask(f"https://{HOST}:{server.port}", total=60.0)
    assert len(server.requests) == MOST_HELLOS
    assert not seen.whole
    assert "TLS_DH_anon_EXPORT_WITH_RC4_40_MD5" in names(seen, TLS_1_0)


def test_it_stops_when_nobody_waits_any_more():
    stop = threading.Event()
    stop.set()
    with serve(yes_to_all) as server:
        assert survey(f"https://{HOST}:{server.port}", 20.0, stop).taken == {}
        assert server.requests == []

import struct
from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from probes.net.hello import Choice, NoTlsError, RefusedError, client_hello, read_choice
from probes.net.suites import TLS_1_0, TLS_1_2, TLS_1_3, VERSIONS, for_version

CIPHER_CHANGE = b"\x14\x03\x03\x00\x01\x01"


def server_hello(version=TLS_1_2, suite=0xC02F, extensions=b"", session=b""):
    body = struct.pack(">H", version) + bytes(32) + bytes([len(session)]) + session
    body += struct.pack(">HB", suite, 0) + (struct.pack(">H", len(extensions)) + extensions if extensions else b"")
    return b"\2" + len(body).to_bytes(3) + body


def record(payload, kind=22):
    return struct.pack(">BHH", kind, 0x0303, len(payload)) + payload


def test_it_reads_what_a_server_chose():
    assert read_choice(record(server_hello())) == Choice(version=TLS_1_2, suite=0xC02F)
    assert read_choice(record(server_hello(TLS_1_0, 0x2F, session=bytes(32)))) == Choice(version=TLS_1_0, suite=0x2F)


def test_it_believes_the_extension_before_the_version_of_old():
    truth = struct.pack(">HHBHHH", 5, 1, 7, 43, 2, TLS_1_3)
    found = read_choice(record(server_hello(suite=0x1301, extensions=truth)) + CIPHER_CHANGE)
    assert found == Choice(version=TLS_1_3, suite=0x1301)


def test_it_waits_for_the_rest():
    whole = record(server_hello()[:20]) + record(server_hello()[20:])
    assert [read_choice(whole[:end]) for end in range(len(whole))] == [None] * len(whole)
    assert read_choice(whole) == Choice(version=TLS_1_2, suite=0xC02F)


def test_it_tells_a_refusal_from_a_warning():
    with pytest.raises(RefusedError):
        read_choice(record(b"\2\x28", kind=21))
    warned = record(b"\1\x70", kind=21) + record(server_hello())
    assert read_choice(warned) == Choice(version=TLS_1_2, suite=0xC02F)


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400 Bad Request\r\n", b"SSH-2.0-x", record(b"\x0b\0\0\0"), record(b"\2\0\0\2xx")]
)
def test_it_knows_what_is_no_tls(answer):
    with pytest.raises(NoTlsError):
        read_choice(answer)


@given(st.binary(max_size=400))
def test_it_shrugs_at_any_bytes(data):
    for answer in (data, record(data), record(b"\2" + len(data).to_bytes(3) + data)):
        with suppress(RefusedError, NoTlsError):
            assert read_choice(answer) is None or isinstance(read_choice(answer), Choice)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("host", ["portal.localhost", "127.0.0.1"])
def test_it_says_how_long_everything_is(version, host):
    hello = client_hello(host, version, for_version(version))
    assert struct.unpack_from(">H", hello, 3) == (len(hello) - 5,)
    assert int.from_bytes(hello[6:9]) == len(hello) - 9
    assert (b"portal.localhost" in hello) is (host == "portal.localhost")

import errno

import pycurl
import pytest
from hypothesis import given, strategies as st

from agent.model import Cause, StepStatus
from probes.net.causes import of_trouble
from probes.net.expectation import expectation
from probes.net.failures import broken
from probes.net.phases import steps
from probes.net.text import decode, holds, one_line
from probes.net.transfer import Trouble
from probes.net.urls import downgrades, host_and_port, is_loopback, on_the_wire, redacted, same_site


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("http://127.0.0.1:8987/", True),
        ("ws://[::1]/", True),
        ("http://localhost/x", True),
        ("http://dvc.localhost./", True),
        ("http://127.0.0.1.example/", False),
        ("http://localhost.example/", False),
        ("http://10.0.0.1/", False),
        ("http://[::1", False),
        ("data:,", False),
    ],
)
def test_it_knows_this_machine_by_its_names_and_addresses(url: str, *, ours: bool) -> None:
    assert is_loopback(url) is ours


SAME = [
    ("https://dvc.angiang.gov.vn/", "https://angiang.gov.vn/x"),
    ("https://dichvucong.angiang.gov.vn", "https://www.angiang.gov.vn:8443/"),
    ("https://a.example.com", "https://b.example.com"),
    ("https://dvc.localhost:1/", "https://dvc.localhost:2/"),
    ("https://127.0.0.1:1/", "https://127.0.0.1:2/"),
]
OTHER = [
    ("https://dvc.angiang.gov.vn/", "https://dvc.haiphong.gov.vn/"),
    ("https://gov.vn/", "https://angiang.gov.vn/"),
    ("https://dvc.gov.vn.example.com/", "https://dvc.gov.vn/"),
    ("https://127.0.0.1/", "https://127.0.0.2/"),
    ("https://0.0.1/", "https://127.0.0.1/"),
    ("https://dvc.gov.vn/", "ftp://dvc.gov.vn/"),
    ("https://dvc.gov.vn/", "https://dvc.gov.vn:port/"),
    ("https://dvc.gov.vn/", "https:///x"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_it_follows_within_a_registrable_host(one: str, other: str) -> None:
    assert same_site(one, other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_it_does_not_follow_to_another_site(one: str, other: str) -> None:
    assert not same_site(one, other)


def test_it_knows_what_would_leave_tls() -> None:
    assert downgrades("https://a.vn", "http://a.vn")
    assert not downgrades("http://a.vn", "https://a.vn")


def test_it_shows_a_url_without_credentials_query_or_fragment() -> None:
    assert redacted("https://user:pw@a.vn:8443/tra-cuu?ma=123&ten=An#x") == "https://a.vn:8443/tra-cuu"


def test_it_shows_no_line_break_of_a_hostile_url() -> None:
    assert redacted("https://a.vn/x\u2028y\x1b[31m") == "https://a.vn/x?y?[31m"


def test_it_spells_an_international_name_as_dns_does() -> None:
    assert host_and_port("https://Dịch.vn/") == ("xn--dch-llz.vn", 443)
    assert on_the_wire("https://u:p@dịch.vn/tìm?q=số 1#x") == "https://xn--dch-llz.vn/t%C3%ACm?q=s%E1%BB%91%201"


def test_it_keeps_what_is_quoted_already() -> None:
    assert on_the_wire("https://[::1]:8443/a%20b?c=%E1") == "https://[::1]:8443/a%20b?c=%E1"


@given(st.text())
def test_it_redacts_any_text_to_one_line_without_a_query(text: str) -> None:
    shown = redacted(f"https://a.vn/{text}?secret=1")
    assert "secret" not in shown
    assert shown.isprintable()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Tiếng Việt".encode(), "text/html"),
        ("Tiếng Việt".encode("utf-16"), "text/html"),
        ("Tiếng Việt".encode("utf-8-sig"), "text/html; charset=iso-8859-1"),
        ("<meta charset='utf-8'>Tiếng Việt".encode(), "text/html; charset=nonsense"),
        ("Tiếng Việt".encode(), "text/html; charset=punycode"),
    ],
)
def test_it_decodes_a_body_by_what_it_says_it_is(body: bytes, kind: str) -> None:
    assert decode(body, kind).endswith("Tiếng Việt")


def test_it_believes_the_meta_charset_when_the_header_has_none() -> None:
    assert decode(b'<meta http-equiv=x content="text/html; charset=windows-1258">\xc2n', "text/html").endswith("Ân")


@given(st.binary(), st.text())
def test_it_decodes_any_bytes(body: bytes, kind: str) -> None:
    assert isinstance(decode(body, kind), str)


def test_it_finds_a_text_however_it_is_composed_cased_or_escaped() -> None:
    assert holds("<b>THU\u0309 TU\u0323C\n  h&agrave;nh ch\xednh</b>", "Thủ tục hành chính")


def test_it_keeps_a_long_text_on_one_short_line() -> None:
    assert one_line("a\nb\x00c " + "d" * 300, limit=10) == "a b c ddd…"


def test_it_marks_steps_passed_failed_and_skipped() -> None:
    made = steps(("a", "b", "c"), {"a": 0.5, "b": 1.0}, "b")
    assert [(step.status, step.duration_s) for step in made] == [
        (StepStatus.PASSED, 0.5),
        (StepStatus.FAILED, 1.0),
        (StepStatus.SKIPPED, 0.0),
    ]


CODES = [
    (pycurl.E_COULDNT_RESOLVE_HOST, 0, 0, Cause.DNS),
    (pycurl.E_COULDNT_CONNECT, errno.ECONNREFUSED, 0, Cause.CONNECTION_REFUSED),
    (pycurl.E_COULDNT_CONNECT, errno.EHOSTUNREACH, 0, Cause.TIMEOUT),
    (pycurl.E_COULDNT_CONNECT, errno.ETIMEDOUT, 0, Cause.TIMEOUT),
    (pycurl.E_COULDNT_CONNECT, errno.ECONNRESET, 0, Cause.CONNECTION_RESET),
    (pycurl.E_COULDNT_CONNECT, errno.EMFILE, 0, Cause.RESOURCES_SHORT),
    (pycurl.E_OPERATION_TIMEDOUT, 0, 0, Cause.TIMEOUT),
    (pycurl.E_SSL_CONNECT_ERROR, 0, 1, Cause.TLS_HANDSHAKE),
    (pycurl.E_SSL_CONNECT_ERROR, errno.ECONNRESET, 1, Cause.CONNECTION_RESET),
    (pycurl.E_GOT_NOTHING, 0, 0, Cause.CONNECTION_RESET),
    (pycurl.E_RECV_ERROR, 0, 0, Cause.CONNECTION_RESET),
    (pycurl.E_PARTIAL_FILE, 0, 0, Cause.CONNECTION_RESET),
    (pycurl.E_PEER_FAILED_VERIFICATION, 0, 10, Cause.CERT_EXPIRED),
    (pycurl.E_PEER_FAILED_VERIFICATION, 0, 9, Cause.CERT_EXPIRED),
    (pycurl.E_PEER_FAILED_VERIFICATION, 0, 18, Cause.CERT_SELF_SIGNED),
    (pycurl.E_PEER_FAILED_VERIFICATION, 0, 19, Cause.CERT_UNTRUSTED),
    (pycurl.E_PEER_FAILED_VERIFICATION, 0, 20, Cause.CERT_UNTRUSTED),
    (pycurl.E_PEER_FAILED_VERIFICATION, 0, 21, Cause.CERT_UNTRUSTED),
    (pycurl.E_PEER_FAILED_VERIFICATION, 0, 62, Cause.CERT_WRONG_HOST),
    (pycurl.E_PEER_FAILED_VERIFICATION, 0, 1, Cause.CERT_WRONG_HOST),
    (pycurl.E_PEER_FAILED_VERIFICATION, 0, 0, Cause.CERT_WRONG_HOST),
    (pycurl.E_OUT_OF_MEMORY, 0, 0, Cause.RESOURCES_SHORT),
    (pycurl.E_FAILED_INIT, 0, 0, Cause.RESOURCES_SHORT),
    (pycurl.E_SSL_CACERT_BADFILE, 0, 0, Cause.INTERNAL),
    (pycurl.E_HTTP2, 0, 0, Cause.PROTOCOL),
    (pycurl.E_BAD_CONTENT_ENCODING, 0, 0, Cause.PROTOCOL),
]


@pytest.mark.parametrize(("code", "number", "verify", "cause"), CODES)
def test_it_names_the_cause_of_each_code(code: int, number: int, verify: int, cause: Cause) -> None:
    assert of_trouble(Trouble(code=code, phase="tls", errno=number, verify=verify)) is cause


OURS = {pycurl.E_SSL_CACERT_BADFILE, pycurl.E_ABORTED_BY_CALLBACK}


@given(st.integers(1, 200).filter(lambda code: code not in OURS), st.integers(0, 140), st.integers(0, 100))
def test_it_never_calls_internal_what_a_portal_can_cause(code: int, number: int, verify: int) -> None:
    trouble = Trouble(code=code, phase="tls", errno=number, verify=verify)
    assert of_trouble(trouble) is not Cause.INTERNAL


def test_it_says_what_broke_without_the_query() -> None:
    failure = broken(Cause.TLS_HANDSHAKE, "tls", "https://a.vn/x?token=1", "alert\nprotocol version")
    assert failure.detail == "TLS handshake failed: https://a.vn/x (alert protocol version)"


def test_it_reads_the_accepted_statuses() -> None:
    assert expectation({"status": "200, 302"}).statuses == {200, 302}


def test_it_refuses_a_status_that_is_no_number() -> None:
    with pytest.raises(ValueError, match="option status '2xx' must be a comma list of numbers"):
        expectation({"status": "2xx"})

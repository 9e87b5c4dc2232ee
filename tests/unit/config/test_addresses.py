import pytest
from hypothesis import given, strategies as st

from agent.config.addresses import Address, is_local_url, is_loopback, parse_url


@pytest.mark.parametrize("host", ["localhost", "a.localhost", "a.b.localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_it_knows_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["example.vn", "localhost.example.vn", "notlocalhost", "127.0.0.1.example.vn", "10.0.0.1", "192.0.2.1",
     "2130706433",
     "127.1", "0x7f.1", "::", "::ffff:10.0.0.1", ""],
)  # fmt: skip
def test_it_takes_nothing_else_for_loopback(host: str) -> None:
    assert not is_loopback(host)


def test_it_reads_the_parts() -> None:
    assert parse_url("https://a.example.vn:8443/x?y=1") == Address(
        scheme="https", host="a.example.vn", port=8443, path="/x?y=1"
    )
    assert parse_url("http://[::1]/") == Address(scheme="http", host="::1", port=None, path="/")


@pytest.mark.parametrize(
    "url",
    ["", "a.example.vn", "ftp://a/", "https://", "https:///x", "https://u@a/", "https://u:p@a/", "https://a\\@b/",
     "https://a b/", "https://a/\\x", "https://a/\n", "https://a\n", "https://a/#x", "https://a?x", "https://A/",
     "https://-a/", "https://a..b/", "https://a./", "https://a:0/", "https://a:65536/", "https://a:x/", "https://[::x]/",
     "https://[127.0.0.1]/", "https://bộ.vn/", f"https://{'a' * 64}/", f"https://{'a.' * 130}a/"],
)  # fmt: skip
def test_it_refuses_odd_urls(url: str) -> None:
    assert parse_url(url) is None


@given(st.text() | st.from_regex(r"https?://[a-z0-9.:@\\/\[\]-]*", fullmatch=True))
def test_it_never_raises(text: str) -> None:
    assert is_local_url(text) in {True, False}

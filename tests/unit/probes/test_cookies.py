import pytest

from probes.net.cookies import Cookie, carries_session, flaws, judge

SESSIONS = (
    "JSESSIONID",
    "PHPSESSID",
    "ASP.NET_SessionId",
    ".ASPXAUTH",
    "sid",
    "connect.sid",
    "access_token",
    "jwt",
    "sso-login",
)
OTHERS = (
    "lang",
    "co-chu",
    "_ga",
    "cookie_consent",
    "XSRF-TOKEN",
    "csrftoken",
    "__RequestVerificationToken_forgery",
    "inside",
)


def cookie(name="lang", **flags):
    return Cookie(**{"name": name, "domain": "x.vn", "secure": True, "http_only": False, "same_site": "Lax", **flags})


@pytest.mark.parametrize("name", SESSIONS)
def test_it_wants_a_session_hidden_from_scripts(name):
    assert carries_session(name)
    assert list(flaws(cookie(name))) == ["cookie-httponly"]
    assert list(flaws(cookie(name, http_only=True))) == []


@pytest.mark.parametrize("name", OTHERS)
def test_it_lets_scripts_read_what_is_no_session(name):
    assert not carries_session(name)
    assert list(flaws(cookie(name))) == []


@pytest.mark.parametrize("same_site", ["", "Unspecified", "true"])
def test_it_wants_a_same_site_that_browsers_know(same_site):
    assert list(flaws(cookie(same_site=same_site))) == ["cookie-samesite"]


def test_it_tells_every_flaw_and_no_value():
    (secure, only) = judge([cookie("sid", secure=False), cookie()])
    assert (secure.rule, secure.text, secure.place) == ("cookie-secure", "cookie sid has no Secure", "x.vn")
    assert (only.rule, only.requirement, only.weight) == ("cookie-httponly", "SEC-5", "unmet")


def test_it_keeps_a_hostile_name_on_a_line():
    (found,) = judge([cookie("x\n" * 5_000, same_site="")])
    assert len(found.text) < 120
    assert "\n" not in found.text

import pytest

from probes.net.hardening import on_http
from probes.net.redirect import judge
from probes.net.transfer import Exchange, Trouble

PORTAL = "https://dvc.angiang.gov.vn"


def plain(**changes):
    return Exchange(**{"url": "http://dvc.angiang.gov.vn/", "total": 0.1, "phases": {}, "status": 301, **changes})


@pytest.mark.parametrize(
    ("status", "location", "leads", "rule"),
    [
        (301, "https://dvc.angiang.gov.vn/", True, None),
        (308, "https://www.angiang.gov.vn/vi/home", True, None),
        (200, "", False, "http-served"),
        (404, "", False, "http-served"),
        (301, "", False, "http-served"),
        (302, "https://evil.example/", False, "http-elsewhere"),
        (302, "https://dvc.angiang.gov.vn.evil.example/", False, "http-elsewhere"),
        (302, "http://dvc.angiang.gov.vn/vi", False, "http-stays"),
    ],
)
def test_it_wants_http_to_lead_to_https_on_the_same_site(status, location, leads, rule):
    seen, found = judge(plain(status=status, location=location), PORTAL)
    assert (seen, found and found.rule) == (leads, rule)


def test_it_does_not_mind_that_nothing_answers_on_http():
    seen, found = judge(plain(trouble=Trouble(code=7, phase="connect", message="refused")), PORTAL)
    assert (seen, found.rule, found.weight) == (None, "http-closed", "noted")


@pytest.mark.parametrize(
    ("url", "http"),
    [
        ("https://dvc.gov.vn", "http://dvc.gov.vn:80/"),
        ("https://dvc.gov.vn:8443/vi", "http://dvc.gov.vn:80/vi"),
        ("https://[::1]:8443", "http://[::1]:80/"),
    ],
)
def test_it_asks_the_same_host_on_plain_http(url, http):
    assert on_http(url, "80") == http

import pytest
from hypothesis import given, strategies as st

from agent.model import Requirement
from probes.net.headers import judge, sec_4

HALF_A_YEAR = "max-age=15768000"
SAFE = {
    "strict-transport-security": HALF_A_YEAR,
    "x-content-type-options": "NoSniff",
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'",
    "referrer-policy": "same-origin",
}


def told(**headers):
    """The rules that SAFE breaks with some headers changed; None takes one away."""
    changed = SAFE | {name.replace("_", "-"): value for name, value in headers.items()}
    return [(one.rule, one.weight) for one in judge({k: v for k, v in changed.items() if v is not None})]


def test_it_is_content_with_every_header_there():
    assert told() == []
    assert sec_4(judge(SAFE)) is Requirement.FULFILLED


def test_it_tells_everything_that_a_bare_answer_lacks():
    found = judge({})
    assert [one.rule for one in found] == ["hsts", "content-type-options", "csp", "frame", "referrer"]
    assert sec_4(found) is Requirement.UNFULFILLED


@pytest.mark.parametrize(
    ("strict", "good"),
    [
        (HALF_A_YEAR, True),
        ("includeSubDomains; Max-Age = 31536000 ; preload", True),
        ('max-age="31536000"', True),
        ("max-age=15767999", False),
        ("max-age=-1", False),
        ("x-max-age=31536000", False),
        ("", False),
    ],
)
def test_it_asks_for_half_a_year_of_hsts(strict, good):
    assert told(strict_transport_security=strict) == ([] if good else [("hsts", "unmet")])


@pytest.mark.parametrize(
    ("policy", "frame", "good"),
    [
        ("frame-ancestors 'self'; script-src 'self'", None, True),
        ("script-src 'self'", "deny", True),
        ("script-src 'self'", "SameOrigin", True),
        ("script-src 'self'; frame-ancestors *", "DENY", False),
        ("script-src 'self'", "ALLOWALL", False),
        ("script-src 'self'", None, False),
    ],
)
def test_it_asks_that_not_every_site_may_frame_the_page(policy, frame, good):
    assert told(content_security_policy=policy, x_frame_options=frame) == ([] if good else [("frame", "unmet")])


@pytest.mark.parametrize(
    ("sources", "rules"),
    [
        ("script-src 'self'", []),
        ("script-src *", ["csp-wildcard"]),
        ("script-src 'self' https:", ["csp-wildcard"]),
        ("default-src * 'unsafe-inline'", ["csp-wildcard", "csp-inline"]),
        ("default-src *; script-src 'self'", []),
        ("script-src 'self' 'unsafe-inline'", ["csp-inline"]),
        ("script-src 'unsafe-inline' 'nonce-abc'", []),
        ("script-src 'unsafe-inline' 'strict-dynamic'", []),
        ("img-src 'self'", ["csp-scripts"]),
        ("SCRIPT-SRC 'self'; script-src *", []),
    ],
)
def test_it_notes_a_policy_that_lets_any_script_in(sources, rules):
    found = told(content_security_policy=f"{sources}; frame-ancestors 'self'")
    assert found == [(rule, "noted") for rule in rules]


def test_it_counts_a_note_against_nobody():
    loose = SAFE | {"content-security-policy": "script-src *; frame-ancestors 'self'"}
    assert sec_4(judge(loose)) is Requirement.FULFILLED


@pytest.mark.parametrize(
    ("policy", "good"),
    [("no-referrer, strict-origin", True), ("strict-origin, nonsense", True), ("unsafe-url", False), ("x", False)],
)
def test_it_takes_the_last_referrer_policy_that_browsers_know(policy, good):
    assert told(referrer_policy=policy) == ([] if good else [("referrer", "unmet")])


@given(st.text(max_size=300))
def test_it_shrugs_at_any_value(text):
    names = ("strict-transport-security", "content-security-policy", "x-frame-options", "referrer-policy")
    found = judge(dict.fromkeys(names, text))
    assert all(len(one.text) < 400 for one in found)

"""How what the browser says translates to a cause."""

import pytest
from playwright.async_api import Error, TimeoutError as PlaywrightTimeout

from agent.errors import AccountLockedError, DeedRepeatedError
from agent.model import Cause
from agent.verdict import OURS
from probes.browser.saw import NET_ERRORS, SawError, brief, cause_of


@pytest.mark.parametrize(("code", "cause"), NET_ERRORS.items())
def test_it_knows_each_network_error(code, cause):
    whole = f"{code}EXAMPLE" if code.endswith("_") else code
    assert cause_of(Error(f"page.goto: net::{whole} at https://dichvucong.localhost/")) is cause


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (SawError(Cause.CAPTCHA, "challenge"), Cause.CAPTCHA),
        (PlaywrightTimeout("Timeout 5000ms exceeded"), Cause.TIMEOUT),
        (TimeoutError(), Cause.TIMEOUT),
        (Error("Target page, context or browser has been closed"), Cause.BROWSER_GONE),
        (Error("page.goto: net::ERR_SOMETHING_NEW at https://x/"), Cause.PROTOCOL),
        (Error("locator.click: strict mode violation"), Cause.INTERNAL),
        (AccountLockedError("account tester is locked"), Cause.CREDENTIALS_REFUSED),
        (DeedRepeatedError("begun before"), Cause.INTERNAL),
        (KeyError("a bug"), Cause.INTERNAL),
    ],
)
def test_it_knows_what_else_can_happen(error, cause):
    assert cause_of(error) is cause


def test_it_never_blames_a_portal_for_an_error_of_our_own():
    assert cause_of(ValueError("bug")) in OURS
    assert cause_of(Error("net::ERR_NETWORK_CHANGED")) in {Cause.NETWORK, *OURS}


def test_it_is_brief_and_keeps_no_query():
    error = Error("page.goto: net::ERR_TIMED_OUT at https://x.localhost/tim?ma=0123456789&ten=An \nCall log:\n  - more")
    assert brief(error) == "page.goto: net::ERR_TIMED_OUT at https://x.localhost/tim?…"
    assert len(brief(ValueError("a" * 5_000))) == 300
    assert brief(ValueError()) == "ValueError"

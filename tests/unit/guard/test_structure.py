"""What is secret by its name is masked in parsed JSON, whatever it holds."""

import pytest

from agent.guard.redaction import MASK, Redactor
from agent.guard.structure import cleaned, enters

REDACTOR = Redactor(["hunter2secret", "482913"])


def clean(value):
    return cleaned(value, REDACTOR.text)


def request(url="https://p.vn/nop", **body):
    return {"method": "POST", "url": url, "postData": {"mimeType": "text/plain", "params": [], "text": "", **body}}


@pytest.mark.parametrize("name", ["Cookie", "set-cookie", "Authorization", "proxy-authorization"])
def test_it_masks_a_header_as_a_pair_and_as_a_key(name):
    assert clean([{"name": name, "value": "x"}]) == [{"name": name, "value": MASK}]
    assert clean({"headers": {name: "x", "Accept": "y"}}) == {"headers": {name: MASK, "Accept": "y"}}


@pytest.mark.parametrize("name", ["code", "State", "SAMLResponse", "mat_khau"])
def test_it_masks_a_parameter_that_carries_a_log_in(name):
    assert clean([{"name": name, "value": "x"}, {"name": "q", "value": "y"}]) == [
        {"name": name, "value": MASK},
        {"name": "q", "value": "y"},
    ]


def test_it_masks_cookies_and_what_is_typed_into_a_password_field():
    assert clean({"cookies": [{"name": "sid", "value": "x", "path": "/"}]}) == {
        "cookies": [{"name": "sid", "value": MASK, "path": "/"}]
    }
    typed = ["INPUT", {"__playwright_value_": "x", "type": "Password", "id": "p"}]
    assert clean(typed) == ["INPUT", {"__playwright_value_": MASK, "type": "Password", "id": "p"}]


@pytest.mark.parametrize(
    "body",
    [
        {"text": "user=a&password=b"},
        {"text": '{"user": "a", "matkhau": "b"}'},
        {"text": 'Content-Disposition: form-data; name="pin"\r\n\r\n1'},
        {"params": [{"name": "otp", "value": "1"}]},
        {"url": "https://id.vn/oauth2/token", "text": "a=b"},
        {"url": "https://p.vn/dang-nhap", "text": "a=b", "_file": "resources/ab.dat"},
    ],
)
def test_it_drops_the_body_of_a_request_that_carries_credentials(body):
    assert clean(request(**body))["postData"] == {"mimeType": "text/plain", "params": [], "text": MASK}


def test_it_keeps_the_body_of_any_other_request():
    harmless = request(text='{"search": "khai sinh", "pass_rate": 3}', params=[{"name": "q", "value": "v"}])
    assert clean(harmless) == harmless
    assert not enters(harmless, b"q=khai+sinh&compass=n")


def test_it_masks_numbers_and_keys_that_are_secrets_and_no_others():
    assert clean({"hunter2secret": 482913, "n": 1482913, "t": 1.5, "ok": True, "none": None}) == {
        MASK: MASK, "n": 1482913, "t": 1.5, "ok": True, "none": None,
    }  # fmt: skip

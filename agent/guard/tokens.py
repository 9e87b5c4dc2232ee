"""What is secret by its name, whatever it holds: headers, and values that carry a log-in."""

import re

HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "set-cookie2"})

PASSES = frozenset({
    "access_token", "id_token", "refresh_token", "id_token_hint", "client_secret", "client_assertion", "assertion",
    "code_verifier", "samlrequest", "samlresponse",
})  # fmt: skip
"""Who holds one of these values is let in."""

PARAMETERS = PASSES | {
    "code", "state", "nonce", "session_state", "relaystate", "ticket", "token", "otp", "pin", "password", "passwd",
    "matkhau", "mat_khau",
}  # fmt: skip
"""The same, and what is harmless elsewhere but not in an address or a form."""

LOGIN = re.compile(
    r"log-?[io]n|sign-?in|dang-?nhap|oauth|openid|saml|\bsso\b|/auth|/token|/otp|/pin\b|callback", re.IGNORECASE
)
"""An address whose requests carry credentials."""

CREDENTIALS = re.compile(
    rb"(?:^|[\"&\n;]) ?(?:name=\")?(?:password|passwd|pass|pwd|matkhau|mat_khau|pin|otp|code)\"?[=:\r\n ]",
    re.IGNORECASE,
)
"""A body that carries credentials: a form, JSON or multipart."""


def _any(names: frozenset[str]) -> bytes:
    return "|".join(sorted(names, key=len, reverse=True)).encode()


IN_ADDRESS = re.compile(
    rb"((?:[?&#;]|%%3f|%%26|%%23|\\u0026)(?:%b)(?:=|%%3d|\\u003d))(?:(?!%%26|%%23)[^&#;\s\"'<>\\\x00])+"
    % _any(PARAMETERS),
    re.IGNORECASE,
)
IN_JSON = re.compile(rb"(\\{0,8}\"(?:%b)\\{0,8}\"\s{0,8}:\s{0,8}\\{0,8}\")[^\"\\]+" % _any(PASSES), re.IGNORECASE)
IN_FORM = re.compile(rb"(\bname=[\"']?(?:%b)[\"']?[^>]{0,200}?\bvalue=[\"']?)[^\"'\s>]+" % _any(PASSES), re.IGNORECASE)

TEXTS = (IN_ADDRESS, IN_JSON, IN_FORM)

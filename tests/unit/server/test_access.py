"""Who may read."""

import base64

import pytest

from agent.server import Key

TOKEN = Key(secret="a-token-of-some-length")  # noqa: S106 - a planted one
NAMED = Key(secret="mật khẩu", username="ops")  # noqa: S106 - a planted one


def basic(pair):
    return "Basic " + base64.b64encode(pair.encode()).decode()


@pytest.mark.parametrize(
    ("key", "header"),
    [
        (TOKEN, "Bearer a-token-of-some-length"),
        (TOKEN, "bearer a-token-of-some-length"),
        (TOKEN, basic("anyone:a-token-of-some-length")),
        (NAMED, basic("ops:mật khẩu")),
    ],
)
def test_it_opens_to_the_right_key(key, header):
    assert key.opens(header)


@pytest.mark.parametrize(
    ("key", "header"),
    [
        (TOKEN, ""),
        (TOKEN, "Bearer"),
        (TOKEN, "Bearer a-token-of-some-lengt"),
        (TOKEN, "Digest a-token-of-some-length"),
        (TOKEN, "Basic %%%"),
        (TOKEN, "Basic /w=="),
        (NAMED, "Bearer mật khẩu"),
        (NAMED, basic("root:mật khẩu")),
        (NAMED, basic("ops:")),
        (NAMED, basic("mật khẩu")),
    ],
)
def test_it_stays_shut_to_every_other(key, header):
    assert not key.opens(header)


def test_it_never_shows_its_secret():
    assert TOKEN.secret not in repr(TOKEN)

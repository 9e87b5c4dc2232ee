"""A person's log-in is kept encrypted, used until it expires, and ignored with a word when it is broken."""

import json
import stat
from datetime import timedelta

import pytest
import structlog

from agent.clock import Clock
from agent.guard.sessions import SUFFIX, SessionStore, expiry
from tests.factories import START

KEY = bytes(range(32))
STATE = {"cookies": [{"name": "sid", "value": "very-secret-cookie", "httpOnly": True, "expires": -1}], "origins": []}
HOUR = timedelta(hours=1)


def store(tmp_path, *, key=KEY, now=START):
    return SessionStore(folder=tmp_path / "sessions", key=key, clock=Clock(now=lambda: now))


def file_of(tmp_path, portal="hue"):
    return tmp_path / "sessions" / f"{portal}{SUFFIX}"


def cookie(expires, *, http_only=True):
    return {"name": "c", "value": "v", "httpOnly": http_only, "expires": expires}


def test_it_gives_back_what_it_was_given_after_a_restart(tmp_path):
    store(tmp_path).save("hue", STATE, START + HOUR)
    assert store(tmp_path).load("hue") == STATE
    assert store(tmp_path).load("angiang") is None


def test_it_keeps_nothing_readable_and_nothing_for_others(tmp_path):
    store(tmp_path).save("hue", STATE, START + HOUR)
    assert b"very-secret-cookie" not in file_of(tmp_path).read_bytes()
    assert stat.S_IMODE(file_of(tmp_path).stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "sessions").iterdir()] == [f"hue{SUFFIX}"]


def test_it_replaces_the_log_in_before(tmp_path):
    kept = store(tmp_path)
    kept.save("hue", STATE, START + HOUR)
    kept.save("hue", {"cookies": [], "origins": []}, START + HOUR)
    assert kept.load("hue") == {"cookies": [], "origins": []}


def forged(path):
    head, _, rest = path.read_bytes().partition(b"\n")
    said = json.loads(head) | {"expires": "2099-01-01T00:00:00.000Z"}
    path.write_bytes(json.dumps(said).encode() + b"\n" + rest)


BROKEN = {
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "empty": lambda path: path.write_bytes(b""),
    "altered": lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\x00"),
    "junk": lambda path: path.write_bytes(b"\xff" * 500),
    "longer life": forged,
    "headless": lambda path: path.write_bytes(b"[]\n" + path.read_bytes().partition(b"\n")[2]),
}


@pytest.mark.parametrize("harm", BROKEN.values(), ids=BROKEN)
def test_it_ignores_a_broken_log_in_and_says_so_once(tmp_path, harm):
    kept = store(tmp_path)
    kept.save("hue", STATE, START + HOUR)
    harm(file_of(tmp_path))
    with structlog.testing.capture_logs() as said:
        assert kept.load("hue") is None
        assert kept.load("hue") is None
    assert [(one["event"], one["portal"]) for one in said] == [("session.ignored", "hue")]


def test_it_ignores_what_another_key_encrypted_or_another_portal_has(tmp_path):
    store(tmp_path).save("hue", STATE, START + HOUR)
    assert store(tmp_path, key=bytes(32)).load("hue") is None
    file_of(tmp_path).rename(file_of(tmp_path, "angiang"))
    assert store(tmp_path).load("angiang") is None


def test_it_ignores_an_expired_log_in_and_tells_how_long_one_lasts(tmp_path):
    store(tmp_path).save("hue", STATE, START + HOUR)
    for now, left, state in ((START, 3600.0, STATE), (START + HOUR, 0.0, None), (START + 2 * HOUR, 0.0, None)):
        kept = store(tmp_path, now=now)
        assert kept.load("hue") == state
        (sample,) = kept.samples()
        assert (sample.name, sample.value, sample.labels) == (
            "portalwatch_session_expires_seconds",
            left,
            {"portal": "hue"},
        )


def test_it_tells_of_no_log_in_where_there_is_none(tmp_path):
    assert list(store(tmp_path).samples()) == []


@pytest.mark.parametrize("harm", BROKEN.values(), ids=BROKEN)
def test_it_goes_on_telling_when_a_log_in_is_broken(tmp_path, harm):
    kept = store(tmp_path)
    kept.save("angiang", STATE, START + HOUR)
    kept.save("hue", STATE, START + HOUR)
    harm(file_of(tmp_path))
    assert {sample.labels["portal"] for sample in kept.samples()} == {"angiang", "hue"}


@pytest.mark.parametrize(
    ("cookies", "ends"),
    [
        ([], HOUR),
        ([cookie(-1)], HOUR),
        ([cookie(START.timestamp() + 600), cookie(START.timestamp() + 900)], timedelta(minutes=10)),
        ([cookie(START.timestamp() + 60, http_only=False), cookie(-1)], HOUR),
        ([cookie(START.timestamp() + 10**12)], HOUR),
        ([cookie(float("inf"))], HOUR),
    ],
)
def test_it_ends_with_the_first_cookie_of_the_server_and_in_time(cookies, ends):
    assert expiry({"cookies": cookies}, START, HOUR) == START + ends

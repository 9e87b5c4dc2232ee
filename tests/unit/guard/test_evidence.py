"""Only what is clean is kept; what is not is gone, counted, and told without the secret."""

import io
import json
import zipfile
from pathlib import Path

import pytest
import structlog

from agent.guard import evidence
from agent.guard.evidence import EvidenceStore, Taken
from agent.guard.redaction import MASK
from agent.model import Evidence

SECRET = "Mật-khẩu#2026"  # noqa: S105 - planted
EMPTY_TRACE = b"PK\x05\x06" + bytes(18)
PLACE = Path("2026-11-01/run/2")


@pytest.fixture
def attempt(tmp_path):
    """Files of an attempt, taken into a store; what was kept, the store, and what it logged."""

    async def play(*, secrets=(SECRET,), **files):
        store = EvidenceStore(tmp_path / "evidence", lambda: secrets)
        raw = store.raw(PLACE)
        raw.mkdir(parents=True)
        (raw / "left-over.har").write_text(SECRET)
        for kind, data in files.items():
            (raw / f"{kind}.bin").write_bytes(data)
        with structlog.testing.capture_logs() as said:
            taken = await store.take(PLACE, [Evidence(kind=kind, path=f"{kind}.bin") for kind in files])
        assert not raw.exists()
        assert len(taken.kept) + taken.withheld == len(files)
        return taken.kept, store, said

    return play


def counted(store):
    return {tuple(sample.labels.values()): sample.value for sample in store.samples() if sample.value}


async def test_it_redacts_and_keeps(attempt, tmp_path):
    har = {"log": {"entries": [{"request": {"url": "u", "headers": [{"name": "X", "value": SECRET}]}}]}}
    kept, store, said = await attempt(har=json.dumps(har).encode(), console=f"log: {SECRET}\n".encode())
    assert kept == (
        Evidence(kind="har", path=f"{PLACE}/har.bin"),
        Evidence(kind="console", path=f"{PLACE}/console.bin"),
    )
    found = [(tmp_path / "evidence" / item.path).read_text() for item in kept]
    assert json.loads(found[0])["log"]["entries"][0]["request"]["headers"] == [{"name": "X", "value": MASK}]
    assert found[1] == f"log: {MASK}\n"
    assert (counted(store), said) == ({}, [])


async def test_it_keeps_what_holds_no_secret_as_it_is(attempt, tmp_path):
    har, picture, lines = b'{"log":{"entries":[],"version":"1.2"}}', b"\x89PNG\r\n\x1a\n", "lỗi: không rõ\n".encode()
    kept, store, _ = await attempt(har=har, screenshot=picture, console=lines)
    assert [(tmp_path / "evidence" / item.path).read_bytes() for item in kept] == [har, picture, lines]
    assert counted(store) == {}


async def test_it_withholds_what_it_cannot_clean_and_says_no_secret(attempt, tmp_path):
    kept, store, said = await attempt(
        screenshot=b"PNG" + SECRET.encode(), trace=b"PK\x03\x04", har=b"[" * 10_000, odd=b"PK\x03\x04"
    )
    assert kept == ()
    assert counted(store) == {
        ("screenshot", "secret"): 1,
        ("trace", "unreadable"): 1,
        ("har", "unreadable"): 1,
        ("other", "unreadable"): 1,
    }
    assert {(line["event"], line["kind"], line["reason"]) for line in said} >= {
        ("evidence.withheld", "trace", "unreadable")
    }
    assert SECRET not in repr(said)
    assert [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()] == []


async def test_it_withholds_what_is_too_large(attempt, monkeypatch):
    monkeypatch.setattr(evidence, "LARGEST", 10)
    kept, store, _ = await attempt(console=b"." * 11, har=b"{}")
    assert ([item.kind for item in kept], counted(store)) == (["har"], {("console", "too_large"): 1})


async def test_it_gives_up_on_what_takes_too_long(attempt, monkeypatch):
    monkeypatch.setattr(evidence, "LONGEST_S", -1.0)
    kept, store, _ = await attempt(console=b"." * 11, trace=EMPTY_TRACE)
    assert (kept, counted(store)) == ((), {("console", "too_slow"): 1, ("trace", "too_slow"): 1})


async def test_it_withholds_what_it_may_not_read(tmp_path):
    store = EvidenceStore(tmp_path)
    store.raw(PLACE).mkdir(parents=True)
    (store.raw(PLACE) / "console.txt").mkdir()
    missing = [Evidence(kind="har", path="none.har"), Evidence(kind="console", path="console.txt")]
    assert await store.take(PLACE, missing) == Taken(withheld=2)
    assert counted(store) == {("har", "unreadable"): 1, ("console", "unreadable"): 1}


@pytest.mark.parametrize(
    "event", [b"[]", b'7 "postData"', b'{"snapshot":{"request":{"postData":{"_file":["a"]}}}}', b'{"a":\xff}']
)
async def test_it_survives_events_that_no_trace_has(attempt, event):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("trace.network", event)
    kept, store, _ = await attempt(trace=held.getvalue())
    assert len(kept) + sum(counted(store).values()) == 1


async def test_it_takes_the_secrets_of_the_moment(tmp_path):
    known = []
    store = EvidenceStore(tmp_path, lambda: known)
    for number in range(2):
        place = PLACE.with_name(str(number))
        store.raw(place).mkdir(parents=True)
        (store.raw(place) / "c").write_text(SECRET)
        (item,) = (await store.take(place, [Evidence(kind="console", path="c")])).kept
        assert (tmp_path / item.path).read_text() == (MASK if number else SECRET)
        known.append(SECRET)


async def test_it_removes_what_attempts_left_that_never_ended(tmp_path):
    store = EvidenceStore(tmp_path)
    store.raw(PLACE).mkdir(parents=True)
    with zipfile.ZipFile(store.raw(PLACE) / "trace.zip", "w"):
        store.sweep()
    assert list(tmp_path.iterdir()) == []

"""A trace is rewritten without secrets; names still follow content; what is no secret stays byte for byte."""

import hashlib
import json
import zipfile

import pytest

from agent.guard.archives import BROKEN, Deadline, WithheldError
from agent.guard.leaks import LeakGate
from agent.guard.redaction import MASK, Redactor
from agent.guard.traces import rewrite

SECRET = "Mật-khẩu#2026"  # noqa: S105 - planted
OTHER = "another-secret-value"
LOGO = b"\x89PNG" + bytes(range(256)) * 20


def named(data, ending):
    return f"resources/{hashlib.sha1(data, usedforsecurity=False).hexdigest()}.{ending}"


PAGE = f"<p>Xin chào {SECRET}</p>".encode()
PLAIN = "<p>Xin chào</p>".encode()
FORM = b"a=1&password=whatever-it-is"
NAMES = {
    "page": named(PAGE, "html"),
    "plain": named(PLAIN, "html"),
    "form": named(FORM, "dat"),
    "logo": named(LOGO, "png"),
}


def entry(url, file, body=None, *, old=False):
    request = {"method": "GET", "url": url, "headers": [{"name": "Cookie", "value": "sid=1"}], "cookies": []}
    if body:
        request["postData"] = {"mimeType": "x", "text": "", "params": [], **place(body, old=old)}
    content = place(file, old=old)
    return {"type": "resource-snapshot", "snapshot": {"request": request, "response": {"content": content}}}


def place(name, *, old):
    """How an event names a body: older versions of Playwright left the folder out."""
    return {"_sha1": name.removeprefix("resources/")} if old else {"_file": name}


def trace(path, *, events=(), network=(), **more):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("trace.trace", "".join(json.dumps(event) + "\n" for event in events))
        archive.writestr("trace.network", "".join(json.dumps(event) + "\n" for event in network))
        for name, data in more.items():
            archive.writestr(NAMES.get(name, name.replace("__", "/")), data)
    return path


@pytest.fixture
def rewritten(tmp_path):
    def play(**parts):
        target = tmp_path / "clean.zip"
        rewrite(trace(tmp_path / "trace.zip", **parts), target, Redactor([SECRET, OTHER]))
        LeakGate([SECRET, OTHER], Deadline(60)).require_clean(target)
        with zipfile.ZipFile(target) as archive:
            assert archive.testzip() is None
            members = {info.filename: archive.read(info) for info in archive.infolist()}
        lines = {
            name: [json.loads(line) for line in members.pop(f"trace.{name}").splitlines()]
            for name in ("trace", "network")
        }
        return lines["trace"], lines["network"], members

    return play


@pytest.mark.parametrize("old", [False, True])
def test_it_names_a_changed_body_by_its_new_content_wherever_it_is_named(rewritten, old):
    overrides = [{"url": "u", **place(NAMES["page"], old=old)}]
    events, network, members = rewritten(
        events=[{"type": "frame-snapshot", "snapshot": {"resourceOverrides": overrides}}],
        network=[entry("https://p.vn/", NAMES["page"], old=old)],
        page=PAGE,
    )
    ((name, data),) = members.items()
    assert data == f"<p>Xin chào {MASK}</p>".encode()
    assert name == named(data, "html")
    assert events[0]["snapshot"]["resourceOverrides"] == [{"url": "u", **place(name, old=old)}]
    assert network[0]["snapshot"]["response"]["content"] == place(name, old=old)


def test_it_masks_what_was_typed_in_actions_logs_and_snapshots(rewritten):
    typed = ["INPUT", {"__playwright_value_": SECRET, "type": "password"}]
    said = [
        {"type": "before", "params": {"selector": "#p", "value": SECRET}},
        {"type": "log", "message": f'  fill("{SECRET}")'},
        {"type": "frame-snapshot", "snapshot": {"html": ["BODY", {}, typed, "Mật khẩu"]}},
    ]
    events, _, _ = rewritten(events=said)
    assert events[0]["params"] == {"selector": "#p", "value": MASK}
    assert events[1]["message"] == f'  fill("{MASK}")'
    assert events[2]["snapshot"]["html"] == [
        "BODY",
        {},
        ["INPUT", {"__playwright_value_": MASK, "type": "password"}],
        "Mật khẩu",
    ]


@pytest.mark.parametrize("old", [False, True])
def test_it_drops_the_body_of_a_log_in_and_the_screencast(rewritten, old):
    frame = {"type": "screencast-frame", "file": "screencast/page@1.jpeg", "pageId": "page@1"}
    events, network, members = rewritten(
        events=[frame, {"type": "after"}],
        network=[entry("https://p.vn/x", NAMES["plain"], NAMES["form"], old=old)],
        plain=PLAIN,
        form=FORM,
        screencast__page="JPEG",
    )
    assert events == [{"type": "after"}]
    assert list(members) == [NAMES["plain"]]
    assert "postData" not in network[0]["snapshot"]["request"]
    assert network[0]["snapshot"]["request"]["headers"] == [{"name": "Cookie", "value": MASK}]


def test_it_loses_nothing_of_what_is_no_secret(rewritten):
    said = [{"type": "log", "message": "Điền họ tên", "time": 1.25}, {"type": "after", "callId": "call@7"}]
    events, _, members = rewritten(events=said, plain=PLAIN, logo=LOGO, **{"trace.stacks": '{"files":[]}'})
    assert events == said
    assert members == {NAMES["plain"]: PLAIN, NAMES["logo"]: LOGO, "trace.stacks": b'{"files":[]}\n'}


def test_it_writes_two_bodies_that_became_one_once(rewritten):
    one, two = f"a {SECRET}".encode(), f"a {OTHER}".encode()
    names = [named(one, "txt"), named(two, "txt")]
    _, _, members = rewritten(**{names[0]: one, names[1]: two})
    assert members == {named(f"a {MASK}".encode(), "txt"): f"a {MASK}".encode()}


def test_it_streams_what_is_large(rewritten):
    large = b"." * (9 * 2**20) + SECRET.encode() + b"." * 2**20
    _, _, members = rewritten(**{"resources/large.html": large})
    ((name, data),) = members.items()
    assert data == large.replace(SECRET.encode(), MASK.encode())
    assert name == named(data, "html")


def cut(path):
    path.write_bytes(path.read_bytes()[:-40])


def with_half_an_event(path):
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("1.trace", f'{{"a": {SECRET}')


def with_a_member_twice(path):
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("trace.trace", "{}")


def replaced_by_a_page(path):
    path.write_bytes(b"<html>")


@pytest.mark.parametrize("damage", [cut, with_half_an_event, with_a_member_twice, replaced_by_a_page])
def test_it_refuses_what_it_cannot_read(tmp_path, damage):
    path = trace(tmp_path / "trace.zip", events=[{"type": "after", "secret": SECRET}], logo=LOGO)
    damage(path)
    with pytest.raises((*BROKEN, WithheldError)):
        rewrite(path, tmp_path / "clean.zip", Redactor([SECRET]))


@pytest.mark.parametrize("unit", ["a", "1", "A-", "a1_", "a=", "=", "a&", "\\", '"', "eyJ", "."])
def test_it_reads_a_file_within_an_event_once(rewritten, unit):
    """What a page uploads stands in one line as base64: read again from each of its letters, it would take hours."""
    said = [{"type": "before", "params": {"payloads": [{"buffer": unit * 2**20}]}}]
    events, _, _ = rewritten(events=said, page=PAGE)
    assert events == said

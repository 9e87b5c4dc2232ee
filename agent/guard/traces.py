"""Rewrites a Playwright trace without secrets, so that it still opens in Playwright's viewer.

A trace is a zip: ``*.trace`` and ``*.network`` hold one JSON event a line, ``resources/`` bodies named by the
SHA-1 of their content, ``screencast/`` pictures of the page, which can't be searched and are left out.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha1
from pathlib import Path, PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from agent.guard.archives import WithheldError, members, pieces
from agent.guard.redaction import Redactor
from agent.guard.structure import TELLING, Text, bodies, cleaned, enters

LARGEST_TEXT = 4 * 2**20
LARGEST_EVENT = 8 * 2**20
LARGEST_BODY = 2**20
"""What of a request's body is looked at for credentials."""

EVENTS = frozenset({".trace", ".network", ".stacks"})
TEXTS = frozenset({".html", ".json", ".txt", ".xml", ".dat", ".svg"})
BODIES = "resources/"
FRAMES = ("screencast/", "resources/page@")
FILE_NAME = re.compile(rb"(?<![A-Za-z0-9_@-])[A-Za-z0-9_@-]++\.[a-z0-9]+")
"""A word is read once: one that is not begun within, and not given back, can't cost its length squared."""
FRAME_EVENT = b'"screencast-frame"'


def rewrite(path: Path, target: Path, redactor: Redactor) -> None:
    """Write the trace at ``path`` to ``target`` without secrets.

    Raises:
        WithheldError: it is too large.
        BadZipFile: it is no trace; reading what is damaged raises any of ``archives.BROKEN``.
    """
    with ZipFile(path) as source, ZipFile(target, "w", ZIP_DEFLATED) as written:
        found = members(source)
        events = [info for info in found if PurePosixPath(info.filename).suffix in EVENTS]
        rewriting = _Rewriting(source=source, written=written, redactor=redactor)
        for info in events:
            rewriting.find_credentials(info)
        for info in found:
            if info not in events and not info.filename.startswith(FRAMES):
                rewriting.copy(info)
        for info in events:
            rewriting.rewrite_events(info)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rewriting:
    """``renamed`` maps members to their new names, ``dropped`` are the bodies that carry credentials."""

    source: ZipFile
    written: ZipFile
    redactor: Redactor
    renamed: dict[str, str] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    copied: set[str] = field(default_factory=set)

    def find_credentials(self, info: ZipInfo) -> None:
        for line in self._lines(info):
            if b'"postData"' in line:
                request = _request(json.loads(line))
                name = _body_name(request)
                if name and enters(request, self._body(name)):
                    self.dropped.add(name)

    def copy(self, info: ZipInfo) -> None:
        """Copy a member; when its content changed, under the new content's SHA-1."""
        if info.filename in self.dropped:
            return
        digest, changed = sha1(usedforsecurity=False), False
        with self.source.open(info) as file, SpooledTemporaryFile(max_size=LARGEST_TEXT) as held:
            for piece, is_changed in self._redacted(info, pieces(file)):
                digest.update(piece)
                held.write(piece)
                changed |= is_changed
            name = _named(info.filename, digest.hexdigest()) if changed else info.filename
            if name != info.filename:
                self.renamed.update({info.filename: name, _short(info.filename): _short(name)})
            if name not in self.copied:
                self.copied.add(name)
                held.seek(0)
                with self.written.open(_member(name), "w") as copy:
                    copy.writelines(pieces(held))

    def rewrite_events(self, info: ZipInfo) -> None:
        """Copy a file of events, without those of the screencast."""
        text = self._text()
        with self.written.open(_member(info.filename), "w") as copy:
            for line in self._lines(info):
                if line.strip() and FRAME_EVENT not in line[:64]:
                    copy.write(self._event(line.rstrip(b"\r\n"), text) + b"\n")

    def _event(self, line: bytes, text: Text) -> bytes:
        renamed = any(match.group().decode() in self.renamed for match in FILE_NAME.finditer(line))
        if not renamed and TELLING.search(line) is None and self.redactor.data(line) == line:
            return line
        event = json.loads(line)
        if _body_name(_request(event)) in self.dropped:
            del event["snapshot"]["request"]["postData"]
        return json.dumps(cleaned(event, text), separators=(",", ":")).encode()

    def _text(self) -> Text:
        """Redacts one text; names of members follow their files. Snapshots say the same again and again."""

        @lru_cache(maxsize=10_000)
        def text(value: str) -> str:
            return self.renamed.get(value) or self.redactor.text(value)

        return text

    def _lines(self, info: ZipInfo) -> Iterator[bytes]:
        with self.source.open(info) as file:
            while line := file.readline(LARGEST_EVENT):
                if len(line) == LARGEST_EVENT:
                    raise WithheldError("too_large")
                yield line

    def _body(self, name: str) -> bytes:
        with suppress(KeyError), self.source.open(name) as file:
            return file.read(LARGEST_BODY)
        return b""

    def _redacted(self, info: ZipInfo, source: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
        if PurePosixPath(info.filename).suffix in TEXTS and info.file_size <= LARGEST_TEXT:
            whole = b"".join(source)
            clean = self.redactor.data(whole)
            yield clean, clean != whole
        else:
            yield from self.redactor.stream(source)


def _request(event: object) -> Mapping[str, Any]:
    """The request of a network event; empty for any other."""
    snapshot = event.get("snapshot") if isinstance(event, Mapping) else None
    request = snapshot.get("request") if isinstance(snapshot, Mapping) else None
    return request if isinstance(request, Mapping) else {}


def _body_name(request: Mapping[str, Any]) -> str:
    """The member that holds the body of a request; empty when none does."""
    body = bodies(request)
    return str(body.get("_file") or (BODIES + str(body["_sha1"]) if "_sha1" in body else ""))


def _short(name: str) -> str:
    """What older versions called a body by."""
    return name.removeprefix(BODIES)


def _named(name: str, digest: str) -> str:
    """The name that a changed body goes by; what is no body keeps its own."""
    path = PurePosixPath(name)
    return str(path.with_name(digest + path.suffix)) if name.startswith(BODIES) else name


def _member(name: str) -> ZipInfo:
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    return info

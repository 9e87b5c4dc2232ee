"""Attended log-ins at rest: a browser's storage state for each portal, encrypted, with its expiry."""

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from typing import Any

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from agent.clock import EPOCH, Clock, iso, parse_iso
from agent.model import Sample

log = structlog.get_logger(__name__)

SUFFIX = ".session"
NONCE_BYTES = 12
LARGEST = 20_000_000
"""Bytes of one kept log-in; a state holds cookies and local storage, some kilobytes as a rule."""


class SessionStore:
    """Log-ins in ``folder``, one file a portal, under a key of 32 bytes.

    A file is one line of JSON that tells its portal and its expiry, then a nonce, then the state under AES-GCM, which
    also vouches for the line.
    """

    def __init__(self, *, folder: Path, key: bytes, clock: Clock | None = None) -> None:
        self._folder = folder
        self._cipher = AESGCM(key)
        self._clock = clock or Clock()
        self._said: set[tuple[str, str]] = set()

    def save(self, portal: str, state: Mapping[str, Any], expires: datetime) -> None:
        """Keep a portal's storage state in place of the one before; whole, or not at all."""
        head = json.dumps({"portal": portal, "expires": iso(expires)}).encode()
        nonce = token_bytes(NONCE_BYTES)
        sealed = head + b"\n" + nonce + self._cipher.encrypt(nonce, json.dumps(state).encode(), head)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._folder / f".{portal}.{os.getpid()}"
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path(portal))
        finally:
            with suppress(FileNotFoundError):
                part.unlink()

    def load(self, portal: str) -> Mapping[str, Any] | None:
        """A portal's storage state; None, with a word in the log, when it is expired or can't be read."""
        if not self._path(portal).exists():
            return None
        state, fault = self._opened(portal)
        # Said once, not at every run.
        if fault and (portal, fault) not in self._said:
            log.warning("session.ignored", portal=portal, reason=fault, rule="run portalwatch session login")
            self._said.add((portal, fault))
        return state

    def samples(self) -> Iterable[Sample]:
        """How long each kept log-in lasts."""
        for path in sorted(self._folder.glob(f"*{SUFFIX}")):
            left = max((_expiry(path) - self._clock.now()).total_seconds(), 0.0)
            yield Sample(
                name="portalwatch_session_expires_seconds",
                value=left,
                labels={"portal": path.name.removesuffix(SUFFIX)},
            )

    def _path(self, portal: str) -> Path:
        return self._folder / f"{portal}{SUFFIX}"

    def _opened(self, portal: str) -> tuple[Mapping[str, Any] | None, str]:
        """The state, or why there is none."""
        try:
            head, sealed = _read(self._path(portal))
            state = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], head)
            said = json.loads(head)
            if said["portal"] != portal:
                return None, "it is another portal's"
            if parse_iso(said["expires"]) <= self._clock.now():
                return None, "it has expired"
            return dict(json.loads(state)), ""
        except (OSError, ValueError, KeyError, TypeError, InvalidTag):
            return None, "it can't be read with this key"


def expiry(state: Mapping[str, Any], now: datetime, max_age: timedelta) -> datetime:
    """When a log-in ends: with the first cookie that only the server can read, after ``max_age`` at the latest.

    Cookies that scripts can read hold preferences and statistics; a cookie without an end lasts until ``max_age``.
    """
    ends = [cookie["expires"] for cookie in state.get("cookies", ()) if cookie["httpOnly"] and cookie["expires"] > 0]
    latest = now + max_age
    return min([latest, *(EPOCH + timedelta(seconds=end) for end in ends if end < latest.timestamp())])


def _read(path: Path) -> tuple[bytes, bytes]:
    with path.open("rb") as file:
        head, _, sealed = file.read(LARGEST).partition(b"\n")
    return head, sealed


def _expiry(path: Path) -> datetime:
    try:
        return parse_iso(json.loads(_read(path)[0])["expires"])
    except (OSError, ValueError, KeyError, TypeError):
        return EPOCH

"""Every form in which a text may hold a secret, as one pattern over UTF-8 bytes.

A browser writes one value in many ways: URL-encoded in an address, JSON-escaped in a trace, both within JSON
within JSON, HTML-escaped in a page, base64 in a header. Each character of the pattern stands for all of its
spellings, so that any mixture of them matches too.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html.entities import html5
from itertools import groupby
from urllib.parse import quote, quote_plus

SHORTEST = 4
"""Shorter values would mask half of every text; config refuses none, so they are left alone."""

LEAST_CORE = 6
"""Fewer characters of base64 would match by chance; so four bytes have no base64 form."""

UNIQUE_DIGITS = 8
"""Fewer digits occur within other numbers by chance; such a number is a secret only when it stands alone."""

LONGEST_SPELLING = 32
"""Bytes that one character takes at most in any form that is looked for."""

SLASH = rb"(?:\\|%(?:25){0,3}5[Cc])"
ALONE = (
    rb"(?:(?<![0-9])(?<![0-9]\.)|(?<=%[0-9A-Fa-f]{2})|(?<=u[0-9A-Fa-f]{4})|(?<=x[0-9A-Fa-f]{2}))",
    rb"(?![0-9]|\.[0-9])",
)

_LETTER = rb"(?:3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa])"
NEEDLESS = re.compile(
    rb"[%%\\#](?:(?<=%%)(?:25){0,3}(?:%b|5[Cc](?:u(?:00|\{0{0,4})|x)%b)|(?<=\\)(?:u(?:00|\{0{0,4})|x)%b"
    rb"|(?<=#)(?:[xX]0{0,4}%b|0{0,4}(?:4[89]|5[0-7]|6[5-9]|[78][0-9]|90|9[7-9]|1[01][0-9]|12[0-2])))" % (4 * (_LETTER,))
)
"""A letter or digit that was encoded though no writer has to. Where one is, no anchor can be trusted."""

_NAMES: dict[str, list[str]] = {}
for _name, _chars in html5.items():
    if _name.endswith(";") and len(_chars) == 1:
        _NAMES.setdefault(_chars, []).append(_name[:-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Needle:
    """One secret to look for. Each match of ``source`` holds one of ``anchors``, or letters needlessly encoded.

    An empty anchor is everywhere. ``reach`` is more bytes than a match ever has.
    """

    source: bytes
    anchors: tuple[bytes, ...]
    reach: int

    def pattern(self) -> re.Pattern[bytes]:
        """The pattern, compiled when it is first needed."""
        return _compiled(self.source)


def needles(secrets: Iterable[str]) -> tuple[Needle, ...]:
    """What to look for, for each secret that is long enough."""
    return tuple(_needle(secret) for secret in sorted(set(secrets)) if len(secret) >= SHORTEST)


def utf8(text: str) -> bytes:
    """The text as bytes; half of a surrogate pair, which a page can send, keeps a form of its own."""
    return text.encode(errors="surrogatepass")


@lru_cache(maxsize=1024)
def _compiled(source: bytes) -> re.Pattern[bytes]:
    return re.compile(source)


def _needle(secret: str) -> Needle:
    plain = b"".join(_run(char, len(list(run))) for char, run in groupby(secret))
    if secret.isascii() and secret.isdigit() and len(secret) < UNIQUE_DIGITS:
        plain = plain.join(ALONE)
    cores = list(_cores(secret))
    return Needle(
        source=b"|".join([plain, *(pattern for pattern, _ in cores)]),
        anchors=(_anchor(utf8(secret)), *(_anchor(core) for _, core in cores)),
        reach=LONGEST_SPELLING * (len(secret) + 1),
    )


def _anchor(literal: bytes) -> bytes:
    """The longest part of letters and digits, which nobody has to encode."""
    return max(re.findall(rb"[A-Za-z0-9]+", literal), key=len, default=b"")


def _run(char: str, count: int) -> bytes:
    if char != "\\":
        return _char(char) * count
    # One token for all of them: how often each was doubled can't be told apart, and trying is exponential.
    code, most = rb"(?:%b{1,8}(?i:u005c|x5c)){%d}" % (SLASH, count), 8 * count
    return rb"(?:%b{%d,%d}|%b|(?:&(?:amp;){0,2}(?i:#92|#x5c|bsol);?){%d})" % (SLASH, count, most, code, count)


def _char(char: str) -> bytes:
    encoded = utf8(char)
    percent = b"".join(b"%%(?:25){0,3}%02x" % byte for byte in encoded)
    raw, entity = re.escape(encoded), _entity(char)
    escaped = rb"%b{1,8}(?i:%b)" % (SLASH, _escapes(char))
    if char.isascii() and char.isalnum():
        return rb"(?:%b|(?i:%b)|%b|%b)" % (raw, percent, escaped, entity)
    more = rb"|\+" if char == " " else b""
    return rb"(?:%b{0,8}(?:(?i:%b)|%b|%b%b)|%b)" % (SLASH, percent, entity, raw, more, escaped)


def _escapes(char: str) -> bytes:
    """What may stand behind a backslash, in JSON and in scripts."""
    code, units = ord(char), char.encode("utf-16-be", errors="surrogatepass")
    pairs = (units[at : at + 2].hex().encode() for at in range(0, len(units), 2))
    long = (SLASH + rb"{1,8}u").join(pairs)
    byte = b"|x%02x" % code if code < 256 else b""  # noqa: PLR2004 - what \xNN can say
    return rb"u%b|u\{0{0,4}%x\}%b" % (long, code, byte)


def _entity(char: str) -> bytes:
    code = ord(char)
    named = b"".join(b"|" + re.escape(name.encode()) for name in _NAMES.get(char, ()))
    return rb"&(?:amp;){0,2}(?:#0{0,4}%d|(?i:#x0{0,4}%x)%b);?" % (code, code, named)


def _cores(secret: str) -> Iterator[tuple[bytes, bytes]]:
    """For each alignment in base64 the pattern, and the characters that depend on the secret alone."""
    spelt = {secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
    seen: set[bytes] = set()
    for data in sorted(map(utf8, spelt)):
        for shift in range(3):
            first, last = -(-8 * shift // 6), 8 * (shift + len(data)) // 6
            core = base64.b64encode(b"\0" * shift + data)[first:last]
            if len(core) < LEAST_CORE or core in seen:
                continue
            seen.add(core)
            # The character on an edge holds bits of the secret and of its neighbour.
            edge = rb"[A-Za-z0-9+/_-]?"
            before, behind = edge if shift else b"", edge if (8 * (shift + len(data))) % 6 else b""
            yield before + b"".join(map(_digit, core.decode())) + behind, core


def _digit(char: str) -> bytes:
    other = {"+": b"-", "/": b"_"}.get(char)
    return char.encode() if other is None else rb"(?:%b|%b)" % (other, _char(char))

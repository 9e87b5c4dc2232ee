"""Bytes of a portal's answer to text, whatever the portal says they are."""

import codecs
import html
import re
import unicodedata

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})")
_META_WITHIN = 2_048
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Python calls more things text encodings than browsers do, and some of those (punycode) take quadratic time.
_PAGE_ENCODINGS = re.compile(r"utf-?(8|16)|ascii|iso8859|cp12|cp8|koi8|gb|big5|euc|shift|mac-roman")


def _usable(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return name if _PAGE_ENCODINGS.match(name) else None


def _charset(body: bytes, content_type: str) -> str:
    for bom, name in _BOMS:
        if body.startswith(bom):
            return name
    head = body[:_META_WITHIN].decode("latin-1")
    for source in (content_type, head):
        found = _CHARSET.search(source)
        if found and (usable := _usable(found[1])):
            return usable
    return "utf-8"


def decode(body: bytes, content_type: str = "") -> str:
    """The text of ``body``; bytes that don't fit the charset become U+FFFD, an unknown charset is UTF-8."""
    return body.decode(_charset(body, content_type), errors="replace")


def comparable(text: str) -> str:
    """``text`` in one form: composed (Vietnamese comes both ways), case folded, blanks as single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def holds(page: str, wanted: str) -> bool:
    """Whether ``wanted`` stands anywhere in the page's source, entities resolved."""
    return comparable(wanted) in comparable(html.unescape(page))


def one_line(text: str, limit: int = 160) -> str:
    """``text`` on one printable line of at most ``limit`` characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"

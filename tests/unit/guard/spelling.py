"""Writes a secret as browsers, servers and libraries do."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

ALIGNMENTS = range(3)


def _utf16(text, form):
    units = text.encode("utf-16-be")
    return "".join(form.format(int.from_bytes(units[at : at + 2])) for at in range(0, len(units), 2))


def _inside(written):
    return written[1:-1]


def _base64(text, encode, before):
    return encode(b"u" * before + text.encode() + b":z").decode()


SPELLINGS = {
    "raw": str,
    "url": lambda text: quote(text, safe=""),
    "url-form": quote_plus,
    "url-twice": lambda text: quote(quote(text, safe=""), safe=""),
    "url-all-upper": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "url-all-lower": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "json": lambda text: _inside(json.dumps(text)),
    "json-utf8": lambda text: _inside(json.dumps(text, ensure_ascii=False)),
    "json-in-json": lambda text: _inside(json.dumps(_inside(json.dumps(text)))),
    "json-all-lower": lambda text: _utf16(text, "\\u{:04x}"),
    "json-all-upper": lambda text: _utf16(text, "\\u{:04X}"),
    "json-all-in-json": lambda text: _inside(json.dumps(_utf16(text, "\\u{:04x}"))),
    "json-in-url": lambda text: quote(_inside(json.dumps(text)), safe=""),
    "json-in-html": lambda text: html.escape(_inside(json.dumps(text))),
    "html": html.escape,
    "html-decimal": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "html-hex": lambda text: "".join(f"&#x{ord(char):X};" for char in text),
    "html-in-json": lambda text: _inside(json.dumps(html.escape(text))),
    **{
        f"{name}-{before}": lambda text, encode=encode, before=before: _base64(text, encode, before)
        for name, encode in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode))
        for before in ALIGNMENTS
    },
    **{
        f"base64-in-url-{before}": lambda text, before=before: quote(_base64(text, base64.b64encode, before), safe="")
        for before in ALIGNMENTS
    },
}

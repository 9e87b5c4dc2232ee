"""Files that we make, so that whatever of them is found on a portal is known to be ours."""

import secrets
from dataclasses import dataclass, field
from hashlib import sha256

PREFIX = "portalwatch"
_AROUND = 487
"""Bytes of a PDF without its padding, or nearly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A file with a name that nobody else would give, and bytes that nobody else has."""

    name: str
    type: str
    data: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 in hex."""
        return sha256(self.data).hexdigest()


def mark() -> str:
    """A new mark: recognisable, and different each time."""
    return f"{PREFIX}-{secrets.token_hex(6)}"


def request() -> str:
    """What an e-form asks for: words for whoever reads it, and a mark at their end."""
    return f"Hồ sơ kiểm thử tự động, xin bỏ qua. {mark()}"


def pdf(size: int) -> Marked:
    """A PDF of one empty page that says its mark, padded to about ``size`` bytes."""
    name = mark()
    # Random, so that no portal that compresses or deduplicates gives back somebody else's bytes unseen.
    padding = secrets.token_hex(max(0, size - _AROUND) // 2).encode()
    return Marked(name=f"{name}.pdf", type="application/pdf", data=_laid_out(name.encode(), padding))


def _laid_out(title: bytes, padding: bytes) -> bytes:
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>",
        b"<</Title(%s)>>" % title,
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(padding), padding),
    )
    body, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<</Size %d/Root 1 0 R/Info 4 0 R>>" % (len(objects) + 1)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return body + head + b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer, len(body))

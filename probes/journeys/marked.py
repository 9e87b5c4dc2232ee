"""Files that we make, so that whatever of them is found on a portal is known to be ours."""

import secrets
from dataclasses import dataclass, field
from hashlib import sha256

PREFIX = "portalwatch"


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


def pdf(size: int) -> Marked:
    """A small PDF padded to ``size`` bytes, at least a few hundred."""
    name = mark()
    body = b"".join(
        [
            b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
            b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>endobj\n",
            b"trailer<</Root 1 0 R>>\n%%EOF\n",
            b"% " + name.encode() + b"\n",
        ]
    )
    # Random, so that no portal that compresses or deduplicates gives back somebody else's bytes unseen.
    padding = secrets.token_hex(max(0, size - len(body) - 3) // 2).encode()
    return Marked(name=f"{name}.pdf", type="application/pdf", data=body + b"% " + padding + b"\n")

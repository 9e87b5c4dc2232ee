"""The electronic data store: documents of each person and organisation, apart."""

import secrets
from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

LARGEST = 20 * 2**20
_KEPT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A stored file."""

    name: str
    type: str
    data: bytes = field(repr=False)
    at: datetime
    id: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.data)

    @property
    def digest(self) -> str:
        """SHA-256 in hex."""
        return sha256(self.data).hexdigest()


class Store:
    """Shelves by owner."""

    def __init__(self) -> None:
        self._shelves: defaultdict[str, OrderedDict[str, Document]] = defaultdict(OrderedDict)

    def __len__(self) -> int:
        """How many documents are here, of all owners."""
        return sum(map(len, self._shelves.values()))

    def of(self, owner: str) -> list[Document]:
        """Somebody's documents, newest first."""
        return list(reversed(self._shelves[owner].values()))

    def find(self, owner: str, document_id: str) -> Document | None:
        """One document of somebody's."""
        return self._shelves[owner].get(document_id)

    def put(self, owner: str, document: Document) -> None:
        """Keep a file; the oldest of somebody's too many are forgotten."""
        shelf = self._shelves[owner]
        shelf[document.id] = document
        while len(shelf) > _KEPT:
            shelf.popitem(last=False)

    def remove(self, owner: str, document_id: str) -> bool:
        """Whether the document was there."""
        return self._shelves[owner].pop(document_id, None) is not None

"""What is secret, as one value that grows."""

from collections.abc import Iterable


class Vault:
    """Call it for all that was secret at any time: what was replaced may still stand in a page or a file."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._known = frozenset(secrets)

    def know(self, secrets: Iterable[str]) -> None:
        """Add secrets."""
        self._known |= frozenset(secrets)

    def __call__(self) -> frozenset[str]:
        """All of them."""
        return self._known

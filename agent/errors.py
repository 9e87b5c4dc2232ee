"""The handful of errors that cross a room's door. Each writes its own sentence."""

from collections.abc import Sequence
from enum import StrEnum


class PortalwatchError(Exception):
    """Shown to a user as one line, never as a traceback."""


class ConfigError(PortalwatchError):
    """The configuration can't be used; ``problems`` holds one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class MissingPartError(PortalwatchError):
    """Something this command needs is not on the machine."""


class JournalError(PortalwatchError):
    """The journal can't be opened or was written by a newer version."""


class AccountLockedError(PortalwatchError):
    """An account may not be used until a person has looked at it: the identity provider refused it before."""


class DeedRepeatedError(PortalwatchError):
    """A run may not do a deed again: it was begun before, and doing it twice may harm."""


class Delivery(StrEnum):
    """What to do after a sink refused a batch."""

    RETRY = "retry"
    """The sink is away or busy: try again, backing off."""
    WAIT = "wait"
    """Only a person can mend it (credentials, bucket): try again slowly and say so."""
    SPLIT = "split"
    """The batch was refused as too large: halve it, and set a single point aside."""
    PARTIAL = "partial"
    """The good lines were stored and the bad ones were not: find the bad ones."""


class DeliveryError(PortalwatchError):
    """A sink did not take a batch; ``kind`` says what to do, ``retry_after`` seconds if it told."""

    def __init__(self, kind: Delivery, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after = retry_after

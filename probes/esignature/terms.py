"""What is handed to the judge beside the file."""

from dataclasses import dataclass
from datetime import datetime

from probes.esignature.trust import TrustStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a file is judged by: ``fetch_hosts`` empty fetches nothing."""

    stores: tuple[TrustStore, ...]
    fetch_hosts: frozenset[str]
    now: datetime

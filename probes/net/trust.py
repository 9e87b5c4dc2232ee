"""Which roots are trusted."""

import ssl
from pathlib import Path

from cryptography import x509

from agent.errors import MissingPartError, PortalwatchError


def bundle(trust_store: Path | None) -> Path:
    """The PEM file of trusted roots: the one given, and nothing beside it, or else the system's.

    Raises:
        PortalwatchError: the file given can't be read or holds no certificate.
        MissingPartError: none was given and the system has none.
    """
    if trust_store is None:
        system = ssl.get_default_verify_paths().cafile
        if system is None:
            raise MissingPartError(
                "trust_store is not set and the system has no file of trusted roots; set trust_store"
            )
        return Path(system)
    try:
        x509.load_pem_x509_certificates(trust_store.read_bytes())
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise PortalwatchError(f"trust_store {str(trust_store)!r} can't be read: {reason}") from error
    except ValueError as error:
        raise PortalwatchError(f"trust_store {str(trust_store)!r} must hold certificates in PEM form") from error
    return trust_store

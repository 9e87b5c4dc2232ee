"""The e-signature probe: PDF signatures validated against configured trust stores."""

from probes.esignature.report import WORDS, Coverage, Level, Reason, Report, SignatureReport, State, to_public
from probes.esignature.trust import TrustStore, from_pem, load
from probes.esignature.verifier import PdfVerifier

__all__ = [
    "WORDS",
    "Coverage",
    "Level",
    "PdfVerifier",
    "Reason",
    "Report",
    "SignatureReport",
    "State",
    "TrustStore",
    "from_pem",
    "load",
    "to_public",
]

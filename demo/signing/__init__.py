"""A signing PKI made at start: roots, signers good and bad, OCSP, CRL and time stamps, and PDFs signed by it."""

from demo.signing.cast import Level, Signer
from demo.signing.document import make_pdf
from demo.signing.pen import Manner, Reserved
from demo.signing.pki import SigningPki

__all__ = ["Level", "Manner", "Reserved", "Signer", "SigningPki", "make_pdf"]

"""What a portal looks at when a signed file is handed in: whether it still is what was signed."""

from io import BytesIO

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext


async def intact(pdf: bytes) -> bool:
    """Whether every signature covers what it was made over; who signed is not looked at. False without any."""
    try:
        embedded = PdfFileReader(BytesIO(pdf), strict=False).embedded_signatures
        states = [await async_validate_pdf_signature(one, ValidationContext(trust_roots=[])) for one in embedded]
    except (PdfError, SignatureValidationError, ValueError, KeyError, TypeError):
        return False
    return bool(states) and all(state.intact and state.valid for state in states)

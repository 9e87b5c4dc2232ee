"""The file before its signatures: is it a whole, plain PDF?"""

from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader

from probes.esignature.report import Reason

_HEAD = 1024
_TAIL = 1024


def misfit(data: bytes, *, most: int) -> Reason | None:
    """What shows without parsing; ``most`` is bytes."""
    if len(data) > most:
        return Reason.TOO_LARGE
    if not data:
        return Reason.EMPTY
    if b"%PDF-" not in data[:_HEAD]:
        return Reason.NOT_A_PDF
    return None


def opened(data: bytes) -> PdfFileReader | Reason:
    """The file parsed, or why it can't be."""
    try:
        reader = PdfFileReader(BytesIO(data))
        if reader.encrypted:
            return Reason.ENCRYPTED
        _ = reader.root
    except Exception:  # noqa: BLE001 - a hostile file raises what it likes
        return Reason.MALFORMED if b"%%EOF" in data[-_TAIL:] else Reason.TRUNCATED
    return reader

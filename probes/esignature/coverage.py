"""What of the file a signature covers, and whether what came later may have come."""

import re
from collections.abc import Iterator

from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel

from probes.esignature.report import Coverage, Reason

_HEX = re.compile(rb"<[0-9A-Fa-f\s]*>")
_NUMBERS = 4
_HARMLESS = frozenset({ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING})


def gap_is_the_signature(data: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether ByteRange leaves out /Contents and nothing else, and lies within the file."""
    numbers = [int(each) for each in signature.byte_range]
    if len(numbers) != _NUMBERS or min(numbers) < 0 or numbers[0] != 0:
        return False
    _, begin, end, tail = numbers
    gap = data[begin:end]
    if end + tail > len(data) or not _HEX.fullmatch(gap):
        return False
    return bytes.fromhex(gap[1:-1].decode("ascii")) == signature.pkcs7_content


def coverage(data: bytes, signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> Coverage:
    """What the signature covers."""
    if not gap_is_the_signature(data, signature) or status.coverage is None:
        return Coverage.UNCLEAR
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return Coverage.UNCLEAR
    return Coverage.FILE if _end(signature) == len(data) else Coverage.REVISION


def changes(data: bytes, signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> Iterator[Reason]:
    """What is wrong with the signature's reach."""
    if not gap_is_the_signature(data, signature):
        yield Reason.BYTE_RANGE
    elif _trailing(data, signature) or not _allowed(signature, status):
        yield Reason.CHANGED_AFTER_SIGNING


def _trailing(data: bytes, signature: EmbeddedPdfSignature) -> bool:
    # Bytes behind the last revision belong to none, so no comparison of revisions sees them.
    newest = signature.signed_revision == signature.reader.xrefs.total_revisions - 1
    rest = data[_end(signature) :]
    return bool(rest.strip() if newest else not rest.rstrip().endswith(b"%%EOF"))


def _allowed(signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> bool:
    level = status.modification_level
    if level is ModificationLevel.ANNOTATIONS:
        return signature.docmdp_level is MDPPerm.ANNOTATE
    return bool(level in _HARMLESS and status.docmdp_ok)


def _end(signature: EmbeddedPdfSignature) -> int:
    return int(signature.byte_range[2]) + int(signature.byte_range[3])

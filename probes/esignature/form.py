"""The file before it is parsed: may it be looked into at all?"""

from probes.esignature.report import Reason

_HEAD = 1024


def misfit(data: bytes, *, most: int) -> Reason | None:
    """What shows without parsing; ``most`` is bytes."""
    if len(data) > most:
        return Reason.TOO_LARGE
    if not data:
        return Reason.EMPTY
    if b"%PDF-" not in data[:_HEAD]:
        return Reason.NOT_A_PDF
    return None

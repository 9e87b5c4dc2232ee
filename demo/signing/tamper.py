"""Alters a signed PDF, as someone would who hopes that nobody checks."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from io import BytesIO

from asn1crypto.cms import ContentInfo
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

_CONTENTS = re.compile(rb"/Contents <([0-9a-fA-F]+)>")
_BYTE_RANGE = re.compile(rb"/ByteRange \[0 (\d+) (\d+) (\d+)")
_SHOWN = re.compile(rb"\((\w)")


class Tampering(StrEnum):
    """What is altered."""

    TEXT = "text"
    """A letter of the signed page."""
    PAGE = "page"
    """The page, by an update behind the signature."""
    TRAILING = "trailing"
    """Bytes behind the end."""
    BYTE_RANGE = "byte-range"
    """What the signature says it covers."""
    SIGNATURE = "signature"
    """The signature's value."""
    ATTRIBUTE = "attribute"
    """The digest that was signed."""


def tamper(pdf: bytes, how: Tampering) -> bytes:
    """The signed PDF, altered.

    Raises:
        ValueError: the PDF isn't one of ours, or not signed.
    """
    return _WAYS[how](pdf)


def _text(pdf: bytes) -> bytes:
    place = _found(_SHOWN, pdf).start(1)
    return pdf[:place] + bytes([pdf[place] ^ 0x20]) + pdf[place + 1 :]


def _page(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(StreamObject(stream_data=b"BT /F1 18 Tf 60 780 Td (Something else) Tj ET"))
    writer.update_container(page)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _trailing(pdf: bytes) -> bytes:
    return pdf + b"% one more line\n"


def _byte_range(pdf: bytes) -> bytes:
    match = _found(_BYTE_RANGE, pdf)
    first = b"%0*d" % (len(match[1]), int(match[1]) - 2)
    return pdf[: match.start(1)] + first + pdf[match.end(1) :]


def _signature(pdf: bytes) -> bytes:
    def alter(info: ContentInfo) -> None:
        signer = info["content"]["signer_infos"][0]
        value = signer["signature"].native
        signer["signature"] = value[:-1] + bytes([value[-1] ^ 1])

    return _reworked(pdf, alter)


def _attribute(pdf: bytes) -> bytes:
    def alter(info: ContentInfo) -> None:
        attributes = info["content"]["signer_infos"][0]["signed_attrs"]
        digest = next(each for each in attributes if each["type"].native == "message_digest")
        digest["values"] = [bytes(32)]

    return _reworked(pdf, alter)


def _reworked(pdf: bytes, alter: Callable[[ContentInfo], None]) -> bytes:
    match = _found(_CONTENTS, pdf)
    info = ContentInfo.load(bytes.fromhex(match[1].decode("ascii")))
    alter(info)
    value = info.dump(force=True).hex().encode("ascii").ljust(len(match[1]), b"0")
    return bytes(pdf[: match.start(1)] + value + pdf[match.end(1) :])


def _found(pattern: re.Pattern[bytes], pdf: bytes) -> re.Match[bytes]:
    match = pattern.search(pdf)
    if match is None:
        raise ValueError("not one of our signed PDFs")
    return match


_WAYS: Mapping[Tampering, Callable[[bytes], bytes]] = {
    Tampering.TEXT: _text,
    Tampering.PAGE: _page,
    Tampering.TRAILING: _trailing,
    Tampering.BYTE_RANGE: _byte_range,
    Tampering.SIGNATURE: _signature,
    Tampering.ATTRIBUTE: _attribute,
}

"""A small plain PDF, laid out by hand: one page, one font, a title and lines."""

from collections.abc import Sequence
from unicodedata import combining, normalize

_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
    b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
)


def make_pdf(title: str, lines: Sequence[str]) -> bytes:
    """A PDF of one A4 page. The font is Latin only, so Vietnamese marks are left out."""
    content = _content(title, lines)
    stream = b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content)
    return _file([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", _PAGE, stream])


def _content(title: str, lines: Sequence[str]) -> bytes:
    shown = [b"BT /F1 18 Tf 60 780 Td (%s) Tj /F1 11 Tf 0 -30 Td" % _text(title)]
    shown += [b"(%s) Tj 0 -16 Td" % _text(line) for line in lines]
    return b"\n".join((*shown, b"ET"))


def _text(text: str) -> bytes:
    plain = "".join(each for each in normalize("NFD", text.replace("đ", "d").replace("Đ", "D")) if not combining(each))
    return plain.encode("ascii", "replace").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


def _file(objects: Sequence[bytes]) -> bytes:
    body, places = _HEAD, []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R"
        b"/ID[<31323334353637383930313233343536><31323334353637383930313233343536>]>>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(body))
    )

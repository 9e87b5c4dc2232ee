"""Files that are known to be ours, and what is changed in a signed one."""

import re
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from probes.journeys.e_signature import tampered
from probes.journeys.marked import mark, pdf

MARK = re.compile(r"portalwatch-[0-9a-f]{12}")


@pytest.mark.parametrize("size", [1024, 2048, 4096, 64 * 1024, 1024 * 1024])
def test_it_makes_a_pdf_of_about_a_size(size):
    assert abs(len(pdf(size).data) - size) < 16


@pytest.mark.parametrize("size", [0, 1, 4096])
def test_it_makes_a_pdf_that_opens_and_says_its_mark(size):
    file = pdf(size)
    document = PdfFileReader(BytesIO(file.data), strict=True)
    assert len(document.root["/Pages"]["/Kids"]) == 1
    assert document.trailer["/Info"]["/Title"] == file.name.removesuffix(".pdf")
    assert list(document.root["/Pages"]["/Kids"][0]["/MediaBox"]) == [0, 0, 595, 842]


def test_it_makes_no_file_twice():
    one, other = pdf(2048), pdf(2048)
    assert MARK.fullmatch(one.name.removesuffix(".pdf"))
    assert (one.name, one.digest) != (other.name, other.digest)
    assert len({mark() for _ in range(100)}) == 100


def test_it_shows_no_content_in_reports():
    assert "PDF-1.7" not in repr(pdf(2048))


def test_it_changes_one_byte_that_the_page_shows():
    file = pdf(2048).data
    changed = tampered(file)
    places = [at for at, (one, other) in enumerate(zip(file, changed, strict=True)) if one != other]
    assert len(places) == 1
    box = list(PdfFileReader(BytesIO(changed)).root["/Pages"]["/Kids"][0]["/MediaBox"])
    assert box != [0, 0, 595, 842]


def test_it_always_changes_something():
    file = b"... /MediaBox[1 0 595 842] ..."
    assert tampered(file) == b"... /MediaBox[2 0 595 842] ..."


def test_it_refuses_a_file_without_a_page():
    with pytest.raises(ValueError, match="subsection not found"):
        tampered(b"%PDF-1.7")

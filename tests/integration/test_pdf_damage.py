"""Whatever byte of a signed file changes, it does not pass, and nothing is raised."""

import random
import re
import sys
import tracemalloc
import zlib
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, StreamObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from demo.signing import Level, Signer
from probes.esignature import Reason
from probes.esignature.judge import judge
from probes.esignature.terms import Terms
from tests.integration.pki_lab import PDF, serving, stores

FLIPS = 40
CONTENTS = re.compile(rb"/Contents <([0-9a-fA-F]+)>")


def flipped(data: bytes, place: int, bit: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]


async def test_no_damage_passes(capsys: pytest.CaptureFixture[str]) -> None:
    seed = random.randrange(10**6)
    with capsys.disabled():
        sys.stdout.write(f" seed {seed} ")
    drawn = random.Random(seed)
    async with serving() as pki:
        data = await pki.sign(PDF, signer=Signer.PERSON, level=Level.B_B)
    terms = Terms(stores=stores(pki), fetch_hosts=frozenset(), now=datetime.now(UTC))
    assert (await judge(data, terms)).reasons == (Reason.REVOCATION_UNKNOWN,)
    signature = CONTENTS.search(data)
    assert signature
    covered = [place for place in range(len(data)) if not signature.start(1) <= place < signature.end(1)]
    for place in drawn.sample(covered, FLIPS):
        report = await judge(flipped(data, place, drawn.randrange(8)), terms)
        assert set(report.reasons) - {Reason.REVOCATION_UNKNOWN}, f"place {place}"


async def test_no_cut_passes() -> None:
    async with serving() as pki:
        data = await pki.sign(PDF, signer=Signer.PERSON, level=Level.B_B)
    terms = Terms(stores=stores(pki), fetch_hosts=frozenset(), now=datetime.now(UTC))
    for length in range(len(PDF) + 8, len(data) - 1, len(data) // 30):
        report = await judge(data[:length], terms)
        assert set(report.reasons) - {Reason.REVOCATION_UNKNOWN}, f"length {length}"


def with_proof(pdf: bytes, ocsp: bytes) -> bytes:
    """The PDF with one packed stream as its embedded OCSP response."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    stream = writer.add_object(
        StreamObject(dict_data={pdf_name("/Filter"): pdf_name("/FlateDecode")}, encoded_data=ocsp)
    )
    writer.root["/DSS"] = DictionaryObject({pdf_name("/OCSPs"): ArrayObject([stream])})
    writer.update_root()
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


async def test_no_stream_unpacks_without_end() -> None:
    """A quarter of a megabyte that unpacks to 256."""
    async with serving() as pki:
        data = with_proof(await pki.sign(PDF, signer=Signer.PERSON), zlib.compress(bytes(2**28)))
        tracemalloc.start()
        terms = Terms(stores=stores(pki), fetch_hosts=frozenset(), now=datetime.now(UTC))
        report = await judge(data, terms)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert report.reasons == (Reason.MALFORMED,)
    assert peak < 2**27

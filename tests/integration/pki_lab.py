"""A signing PKI with its services on loopback, and PDFs that only tests need."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from io import BytesIO

from aiohttp import web
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from demo.signing import SigningPki, make_pdf
from probes.esignature import PdfVerifier, TrustStore, from_pem

PDF = make_pdf("Đơn đề nghị", ["Kính gửi: Sở Thử Nghiệm", "Nội dung (thử)"])


@asynccontextmanager
async def on(app: web.Application, listener: socket.socket) -> AsyncIterator[None]:
    """The app on a bound socket."""
    runner = web.AppRunner(app)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    try:
        yield
    finally:
        await runner.cleanup()


def bound() -> socket.socket:
    """A socket on a free loopback port."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    return listener


def origin(listener: socket.socket, host: str = "127.0.0.1") -> str:
    """Where a socket is reached."""
    return f"http://{host}:{listener.getsockname()[1]}"


@asynccontextmanager
async def serving() -> AsyncIterator[SigningPki]:
    """A PKI whose services answer."""
    with bound() as listener:
        pki = SigningPki.make(now=datetime.now(UTC), base_url=origin(listener))
        async with on(pki.app(), listener):
            yield pki


def stores(pki: SigningPki) -> tuple[TrustStore, ...]:
    """The two roots, apart."""
    return (from_pem("national", pki.national_root), from_pem("government", pki.government_root))


def verifier(pki: SigningPki, *, fetch: bool = True) -> PdfVerifier:
    """A verifier that may ask this machine."""
    return PdfVerifier(stores(pki), fetch=fetch, fetch_hosts=["127.0.0.1"])


def with_form(pdf: bytes) -> bytes:
    """The PDF with an empty text field."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    field = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/T"): TextStringObject("note"),
            NameObject("/Rect"): ArrayObject(map(NumberObject, (60, 60, 300, 80))),
            NameObject("/P"): writer.root["/Pages"]["/Kids"].raw_get(0),
        }
    )
    reference = writer.add_object(field)
    page["/Annots"] = ArrayObject([reference])
    writer.root["/AcroForm"] = DictionaryObject({NameObject("/Fields"): ArrayObject([reference])})
    writer.update_container(page)
    writer.update_root()
    return _written(writer)


def filled(pdf: bytes, text: str) -> bytes:
    """The PDF with the text field filled by an update."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    field = next(
        each for each in (one.get_object() for one in writer.root["/AcroForm"]["/Fields"]) if each["/T"] == "note"
    )
    field["/V"] = TextStringObject(text)
    writer.update_container(field)
    return _written(writer)


def encrypted(pdf: bytes) -> bytes:
    """The PDF under a password."""
    writer = copy_into_new_writer(PdfFileReader(BytesIO(pdf)))
    writer.encrypt("owner", "user")
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    output = BytesIO()
    writer.write(output)
    return output.getvalue()

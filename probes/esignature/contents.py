"""What a PDF brings: its signature fields, and the proof embedded beside them."""

from dataclasses import dataclass
from io import BytesIO

from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError

from probes.esignature.report import Reason

_DOCUMENT_STAMP = "/ETSI.RFC3161"
_TAIL = 1024


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureField:
    """A filled signature field."""

    reader: PdfFileReader
    name: str
    field: DictionaryObject
    subfilter: str


def signature_fields(reader: PdfFileReader) -> list[SignatureField]:
    """Every filled signature field but document time stamps, in the form's order."""
    # Not the reader's own list of signatures: it leaves out, without a word, those of a SubFilter that it doesn't know.
    found = []
    for name, value, field in enumerate_sig_fields(reader, filled_status=True):
        signature = value.get_object()
        kind, subfilter = signature.get("/Type", "/Sig"), str(signature.get("/SubFilter", ""))
        if (kind, subfilter) != ("/DocTimeStamp", _DOCUMENT_STAMP):
            found.append(SignatureField(reader=reader, name=name, field=field, subfilter=subfilter))
    return found


def embedded_proof(reader: PdfFileReader) -> tuple[list[Certificate], list[OCSPResponse], list[CertificateList]]:
    """Certificates, OCSP responses and CRLs of the document security store."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return [], [], []
    ocsps = [OCSPResponse.load(_bytes(each.get_object(), DecodePurpose.OCSP_RESPONSE)) for each in store.ocsps]
    crls = [CertificateList.load(_bytes(each.get_object(), DecodePurpose.CRL)) for each in store.crls]
    return list(store.load_certs()), ocsps, crls


def _bytes(stream: StreamObject, purpose: DecodePurpose) -> bytes:
    # By its purpose the reader knows how much a stream may unpack to.
    return bytes(stream.read_data(purpose))

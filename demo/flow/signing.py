"""A portal's signing desk: a file is handed over, signed by the service or by a plug-in, and given back."""

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from demo.faults import Fault
from demo.flow.store import Document
from demo.people import Citizen
from demo.services.signing import Declined, Phone, RemoteSigning
from demo.signing import Level, Reserved, Signer, SigningPki
from demo.signing.check import intact
from demo.signing.tamper import Tampering, tamper
from demo.stage import Stage

BACK = "/ky-so/quay-lai"
_KEPT = 100
_NO_STAMP = "Không lấy được dấu thời gian cho chữ ký."
_OTHER_SIGNER = {
    Fault.SIGN_EXPIRED: (Signer.EXPIRED, Level.B_B),
    Fault.SIGN_UNKNOWN_CA: (Signer.UNKNOWN, Level.B_B),
    Fault.NEAR_SIGN_UNKNOWN_CA: (Signer.OFFICIAL, Level.B_T),
}


_PHONES = {
    Fault.SIGN_REJECTED: Phone.REJECTS,
    Fault.SIGN_TIMEOUT: Phone.SILENT,
    Fault.NEAR_SIGN_TIMEOUT: Phone.SLOW,
}
_DECLINED = {
    Declined.REJECTED: "Người ký đã từ chối trên điện thoại.",
    Declined.TIMED_OUT: "Đã hết thời gian chờ người ký xác nhận trên điện thoại.",
}
_REMOTELY = frozenset({*_PHONES, Fault.NEAR_SIGN_REJECTED})


class Way(StrEnum):
    """How somebody signs."""

    REMOTE = "remote"
    PLUGIN = "plugin"


class State(StrEnum):
    """How far a job is."""

    OPEN = "open"
    WAITING = "waiting"
    SIGNED = "signed"
    FAILED = "failed"


@dataclass(slots=True)
class Job:
    """One file to be signed; ``url`` is where a remote signer goes."""

    owner: str
    name: str
    way: Way
    original: bytes = field(repr=False)
    reserved: Reserved | None = field(default=None, repr=False)
    url: str = ""
    state: State = State.OPEN
    problem: str = ""
    result: bytes = field(default=b"", repr=False)
    id: str = field(default_factory=lambda: secrets.token_hex(8))


class SigningDesk:
    """The jobs of one portal."""

    def __init__(self, stage: Stage, pki: SigningPki, remote: RemoteSigning) -> None:
        self._stage = stage
        self._pki = pki
        self._remote = remote
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        offers = stage.dice("signing").choice(((Way.REMOTE,), (Way.PLUGIN,), (Way.REMOTE, Way.PLUGIN)))
        self._ways: tuple[Way, ...] = offers

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways offered now."""
        if self._stage.fault in _REMOTELY:
            return (Way.REMOTE,)
        return self._ways[:1] if self._stage.fault is Fault.NEAR_SIGN_ABSENT else self._ways

    def find(self, citizen: Citizen, job_id: str) -> Job | None:
        """A job of somebody's."""
        job = self._jobs.get(job_id)
        return job if job and job.owner == citizen.number else None

    async def begin(self, citizen: Citizen, document: Document, way: Way) -> Job:
        """Take a PDF; its state tells when it can't be signed."""
        job = Job(citizen.number, document.name, way, document.data)
        self._jobs[job.id] = job
        while len(self._jobs) > _KEPT:
            self._jobs.popitem(last=False)
        signer = Signer(citizen.holder.value)
        try:
            job.reserved = await self._pki.reserve(document.data, signer=signer, level=self._level())
        except OSError:
            job.state, job.problem = State.FAILED, _NO_STAMP
            return job
        except Exception:  # noqa: BLE001 - whatever is no PDF that pyHanko can sign
            job.state, job.problem = State.FAILED, "Tệp không phải là tài liệu PDF hợp lệ."
            return job
        if way is Way.REMOTE:
            digest = job.reserved.digest
            job.url = self._remote.order(
                citizen,
                back=self._stage.portal.base_url + BACK,
                state=job.id,
                sign=lambda: self._pki.sign_digest(digest, signer),
                deliver=lambda signature: self.complete(job, signature),
                phone=_PHONES.get(self._stage.fault or Fault.SLOW, Phone.CONFIRMS),
            )
        return job

    def redeem(self, job: Job, query: Mapping[str, str]) -> None:
        """Take up a signer who was at the signing service. Raises :class:`demo.services.signing.SigningError`."""
        self._remote.redeem(query.get("code", ""))
        job.state = State.WAITING

    async def complete(self, job: Job, signature: bytes | Declined) -> None:
        """Put a signature into its file, or tell why there is none."""
        if isinstance(signature, Declined):
            job.state, job.problem = State.FAILED, _DECLINED[signature]
            return
        if job.reserved is None:
            return
        try:
            job.result = await self._changed(job, await self._pki.complete(job.reserved, signature))
        except ValueError:
            job.state, job.problem = State.FAILED, "Chữ ký trả về không hợp lệ."
        except Exception:  # noqa: BLE001 - the time stamp's service may be away in many ways
            job.state, job.problem = State.FAILED, _NO_STAMP
        else:
            job.state = State.SIGNED

    async def accepts(self, pdf: bytes) -> bool:
        """Whether a signed file is as it was signed."""
        return await intact(pdf)

    def _level(self) -> Level:
        return Level.B_LT if self._stage.fault is Fault.NEAR_SIGN_EXPIRED else Level.B_T

    async def _changed(self, job: Job, signed: bytes) -> bytes:
        """The signed file, as the portal's fault has it."""
        fault = self._stage.fault
        if fault in _OTHER_SIGNER:
            signer, level = _OTHER_SIGNER[fault]
            return await self._pki.sign(job.original, signer=signer, level=level)
        if fault is Fault.SIGN_TAMPERED:
            return tamper(signed, Tampering.TEXT)
        if fault is Fault.NEAR_SIGN_TAMPERED:
            return await self._pki.sign(signed, signer=Signer.OFFICIAL)
        return signed

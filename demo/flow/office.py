"""What one portal knows of those who use it, and what it makes of their wishes while it suffers from a fault."""

from dataclasses import dataclass

from demo.faults import Fault
from demo.flow import wording
from demo.flow.dossiers import Dossier, Dossiers, Draft
from demo.flow.sessions import Login, Sessions, Visit
from demo.flow.signing import SigningDesk
from demo.flow.store import Document, Store
from demo.flow.wording import FlowWords
from demo.people import Citizen
from demo.services.identity import Identity
from demo.services.payment import Payment
from demo.services.signing import RemoteSigning
from demo.signing import SigningPki
from demo.stage import Stage

LATE_S = 1.0
_FEES = 20_000, 50_000, 75_000, 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The services that all portals share."""

    identity: Identity
    identity_origin: str
    payment: Payment
    signing: RemoteSigning
    pki: SigningPki


class Office:
    """One portal's counter. ``linked`` portals give dossiers numbers of another form."""

    def __init__(self, stage: Stage, shared: Shared, *, linked: bool = False) -> None:
        self.stage = stage
        self.sessions = Sessions()
        self.store = Store()
        self.dossiers = Dossiers(stage.procedures[0].code.rpartition(".")[2], linked=linked)
        self.login = Login(
            shared.identity,
            origin=shared.identity_origin,
            client_id=stage.portal.id,
            redirect_uri=stage.portal.base_url + stage.links.callback,
        )
        self.desk = SigningDesk(stage, shared.pki, shared.signing)
        self._payment = shared.payment
        self._usual = wording.draw(stage.portal.platform, stage.dice("flow"))

    @property
    def words(self) -> FlowWords:
        """What everything is called now."""
        return wording.under(self._usual, self.stage.fault, self.stage.dice("flow-fault"))

    def documents(self, citizen: Citizen) -> list[Document]:
        """What somebody's shelf shows."""
        if self.stage.fault is Fault.STORE_LOST:
            return []
        shown = self.store.of(citizen.number)
        if self.stage.fault is Fault.NEAR_STORE_LOST:
            now = self.stage.clock.now()
            return [one for one in shown if (now - one.at).total_seconds() >= LATE_S]
        return shown

    def content(self, document: Document) -> bytes:
        """What comes back of a document."""
        if self.stage.fault is not Fault.STORE_CORRUPT:
            return document.data
        middle = len(document.data) // 2
        return document.data[:middle] + bytes([document.data[middle] ^ 0xFF]) + document.data[middle + 1 :]

    def receive(self, name: str, media_type: str, data: bytes) -> Document:
        """A file that somebody handed over just now."""
        return Document(name=name, type=media_type, data=data, at=self.stage.clock.now())

    def fee(self, draft: Draft) -> int:
        """What a dossier costs, in đồng."""
        return _FEES[draft.procedure.number % len(_FEES)]

    def payment_url(self, draft: Draft, back: str) -> str:
        """Where a dossier's fee is paid; ``back`` is a path of this portal."""
        base = self.stage.portal.base_url
        return self._payment.order(payee=self.stage.body_title, amount=self.fee(draft), back=base + back)

    def hand_in(self, visit: Visit, citizen: Citizen, draft: Draft) -> Dossier:
        """Make a visitor's draft a dossier."""
        visit.draft = None
        return self.dossiers.hand_in(draft, owner=citizen.number, name=citizen.name, at=self.stage.clock.now())

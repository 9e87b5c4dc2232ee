"""Remote signing: the signer gives a PIN, a code goes back to the portal, the phone confirms, one callback follows."""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlencode

from aiohttp import web

from agent.clock import Clock
from demo.people import Citizen
from demo.services.page import page, refusal

CODE_VALID_S = 15.0
CONFIRMED_AFTER_S = 0.6
SLOW_AFTER_S = 3.0
GIVEN_UP_AFTER_S = 5.0
_KEPT = 500


class Phone(StrEnum):
    """What the signer's phone does when it is asked."""

    CONFIRMS = "confirms"
    SLOW = "slow"
    """Confirms after some seconds."""
    REJECTS = "rejects"
    SILENT = "silent"
    """Nobody looks at it, until the service gives up."""


class Declined(StrEnum):
    """Why no signature comes back."""

    REJECTED = "rejected"
    TIMED_OUT = "timed_out"


Sign = Callable[[], bytes]
Deliver = Callable[[bytes | Declined], Awaitable[None]]


class SigningError(Exception):
    """A code or a request that the service does not accept."""


@dataclass(slots=True)
class _Order:
    citizen: Citizen
    back: str
    state: str
    sign: Sign
    deliver: Deliver
    phone: Phone
    until: float = 0.0
    code: str = ""


@dataclass(slots=True)
class _Tasks:
    running: set[asyncio.Task[None]] = field(default_factory=set)

    def start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self.running.add(task)
        task.add_done_callback(self.running.discard)


class RemoteSigning:
    """Orders by ticket. ``origin`` is where its pages are."""

    def __init__(self, people: Sequence[Citizen], origin: str, clock: Clock) -> None:
        self._people = people
        self._origin = origin
        self._clock = clock
        self._orders: OrderedDict[str, _Order] = OrderedDict()
        self._tasks = _Tasks()

    def order(
        self, citizen: Citizen, *, back: str, state: str, sign: Sign, deliver: Deliver, phone: Phone = Phone.CONFIRMS
    ) -> str:
        """Take a digest to sign; returns the address that the signer is sent to.

        ``sign`` makes the signature once the signer has confirmed; ``deliver`` gets it, once, or why
        there is none.
        """
        ticket = secrets.token_urlsafe(18)
        self._orders[ticket] = _Order(citizen, back, state, sign, deliver, phone)
        while len(self._orders) > _KEPT:
            self._orders.popitem(last=False)
        return f"{self._origin}/sign?{urlencode({'ticket': ticket})}"

    def known(self, ticket: str) -> bool:
        """Whether there is such an order."""
        return ticket in self._orders

    def authorise(self, ticket: str, pin: str) -> str | None:
        """Where to send whoever gave the right PIN; None for anybody else. Raises :class:`SigningError`."""
        order = self._orders.get(ticket)
        if order is None or order.code:
            raise SigningError("Yêu cầu ký số đã hết hạn.")
        if not secrets.compare_digest(order.citizen.pin.encode(), pin.encode()):
            return None
        order.code, order.until = secrets.token_urlsafe(24), self._clock.monotonic() + CODE_VALID_S
        return f"{order.back}?{urlencode({'code': order.code, 'state': order.state})}"

    def redeem(self, code: str) -> None:
        """Start what a code stands for: the phone asks, the signer confirms. Raises :class:`SigningError`."""
        found = next((ticket for ticket, order in self._orders.items() if code and order.code == code), None)
        order = self._orders.pop(found) if found else None
        if order is None or order.until < self._clock.monotonic():
            raise SigningError("invalid_grant")
        self._tasks.start(_answered(order))


async def _answered(order: _Order) -> None:
    seconds = {Phone.SLOW: SLOW_AFTER_S, Phone.SILENT: GIVEN_UP_AFTER_S}
    await asyncio.sleep(seconds.get(order.phone, CONFIRMED_AFTER_S))
    declined = {Phone.REJECTS: Declined.REJECTED, Phone.SILENT: Declined.TIMED_OUT}
    await order.deliver(declined.get(order.phone) or order.sign())


def signing_app(signing: RemoteSigning) -> web.Application:
    """Its pages: ``/sign`` and ``/health``."""

    async def ask(request: web.Request) -> web.Response:
        ticket = request.query.get("ticket", "")
        if not signing.known(ticket):
            return refusal("Không tìm thấy yêu cầu ký số", "Yêu cầu đã hết hạn hoặc không tồn tại.", 404)
        return page("sign.html", ticket=ticket, refused=False)

    async def given(request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        ticket = form.get("ticket", "")
        try:
            target = signing.authorise(ticket, form.get("pin", ""))
        except SigningError as error:
            return refusal("Không ký được", str(error))
        if target is None:
            return page("sign.html", ticket=ticket, refused=True)
        return web.Response(status=303, headers={"Location": target, "Cache-Control": "no-store"})

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "UP"})

    app = web.Application()
    app.add_routes([web.get("/sign", ask), web.post("/sign", given), web.get("/health", health)])
    return app

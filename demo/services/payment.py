"""The payment gateway: shows an order and takes no money."""

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from demo.services.page import page, refusal

_KEPT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be paid, in đồng; ``back`` is where the payer returns to."""

    number: str
    payee: str
    amount: int
    back: str


class Payment:
    """Orders by number. ``origin`` is where its pages are."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._orders: OrderedDict[str, Order] = OrderedDict()

    def order(self, *, payee: str, amount: int, back: str) -> str:
        """Take an order; returns the address that the payer is sent to."""
        number = f"TT{secrets.randbelow(10**10):010d}"
        self._orders[number] = Order(number=number, payee=payee, amount=amount, back=back)
        while len(self._orders) > _KEPT:
            self._orders.popitem(last=False)
        return f"{self._origin}/pay?{urlencode({'order': number})}"

    def find(self, query: Mapping[str, str]) -> Order | None:
        """The order that a request is about."""
        return self._orders.get(query.get("order", ""))


def payment_app(payment: Payment) -> web.Application:
    """Its pages: ``/pay`` and ``/health``."""

    async def pay(request: web.Request) -> web.Response:
        order = payment.find(request.query)
        if order is None:
            return refusal("Không tìm thấy đơn hàng", "Giao dịch đã hết hạn hoặc không tồn tại.", 404)
        return page("pay.html", order=order, amount=f"{order.amount:,}".replace(",", "."))

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "UP"})

    app = web.Application()
    app.add_routes([web.get("/pay", pay), web.get("/health", health)])
    return app

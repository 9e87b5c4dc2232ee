from aiohttp.test_utils import TestClient, TestServer

from demo.services.payment import Payment, payment_app

ORIGIN = "https://payment.localhost"


def path_of(url: str) -> str:
    assert url.startswith(f"{ORIGIN}/pay?order=TT")
    return url.removeprefix(ORIGIN)


async def test_it_shows_an_order_and_the_way_back() -> None:
    payment = Payment(ORIGIN)
    path = path_of(payment.order(payee="Sở <Tư pháp>", amount=75_000, back="https://hue.localhost/le-phi"))
    async with TestClient(TestServer(payment_app(payment))) as caller, caller.get(path) as answer:
        page = await answer.text()
    assert answer.status == 200
    assert "75.000 đồng" in page
    assert "Sở &lt;Tư pháp&gt;" in page
    assert 'href="https://hue.localhost/le-phi"' in page


async def test_it_knows_no_other_order() -> None:
    async with TestClient(TestServer(payment_app(Payment(ORIGIN)))) as caller:
        for path in ("/pay", "/pay?order=TT0000000000"):
            async with caller.get(path) as answer:
                assert answer.status == 404


def test_it_forgets_the_oldest_orders() -> None:
    payment = Payment(ORIGIN)
    first = {"order": payment.order(payee="A", amount=1, back="/").partition("=")[2]}
    assert payment.find(first)
    for _ in range(1000):
        payment.order(payee="A", amount=1, back="/")
    assert payment.find(first) is None

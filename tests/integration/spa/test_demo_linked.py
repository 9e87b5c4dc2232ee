"""Portals of the family with hash routes, as a visitor meets them."""

import re

import pytest
from playwright.async_api import expect

from demo.faults import Fault
from tests.integration.demo_judges import JUDGES
from tests.integration.demo_visitor import PAPER, SIGN_ON, Visitor, called
from tests.integration.demo_wire import CLUES, Running, anyhow

pytestmark = pytest.mark.asyncio(loop_scope="module")

NUMBER = re.compile(r"G22\.99\.\d\d-\d{6}-\d{4}")
SUCCESS = re.compile("thành công|đã được gửi|hoàn thành|hoàn tất", re.IGNORECASE)


@pytest.fixture(scope="module")
def family() -> str:
    return "linked"


async def test_it_takes_a_declaration_from_the_procedure_to_its_withdrawal(visitor: Visitor) -> None:
    page, procedure = visitor.page, visitor.procedure
    await visitor.open(procedure["path"])
    await page.get_by_role("main").get_by_role("link", name=re.compile("^Nộp")).click()
    await visitor.button(SIGN_ON).click()
    await visitor.identify()
    await visitor.is_at("Kê khai trực tuyến")
    await expect(page.get_by_label("Họ và tên")).to_have_value(re.compile(".{5}"))
    await visitor.button("Tiếp theo").click()
    await visitor.reads("Vui lòng nhập số điện thoại gồm 10 chữ số.")
    await visitor.field("phone").fill("0912345678")
    await visitor.field("content").fill("Kiểm thử, không xử lý")
    await visitor.field("file").set_input_files(PAPER)
    await visitor.button(called("upload")).click()
    await visitor.reads("giấy khai.pdf")
    await visitor.finds_it_accessible()
    await visitor.button("Tiếp theo").click()
    await visitor.is_at("Phí và nơi nhận kết quả")
    await visitor.button(called("pay")).click()
    await visitor.is_at("Thanh toán phí, lệ phí")
    await visitor.follow("Hủy giao dịch")
    await visitor.button(re.compile("^(Nộp|Gửi)")).click()
    await visitor.reads("Vui lòng chọn hình thức nhận kết quả.")
    await page.get_by_role("group", name=called("delivery")).get_by_label("Nhận qua bưu chính tại nhà").check()
    await visitor.field("agree").check()
    await visitor.finds_it_accessible()
    await visitor.button(re.compile("^(Nộp|Gửi)")).click()
    await visitor.is_at("Phiếu tiếp nhận")
    number = await page.get_by_role("main").get_by_text(NUMBER).inner_text()
    assert "/#/ket-qua/" in page.url
    assert not SUCCESS.search(await page.get_by_role("main").inner_text())
    await expect(page.get_by_role("main").get_by_text(re.compile(r"^\d\d/\d\d/\d{4}$"))).to_be_visible()
    await visitor.finds_it_accessible()
    await look_up(visitor, number)
    await visitor.reads("Mới đăng ký")
    await visitor.finds_it_accessible()
    await visitor.open("/#/ho-so")
    await page.get_by_role("listitem").filter(has_text=number).get_by_role("button", name="Rút hồ sơ").click()
    await visitor.reads("Bạn chưa gửi hồ sơ nào.")
    await visitor.finds_it_accessible()
    await look_up(visitor, number)
    await visitor.reads("Không có hồ sơ nào mang số")


async def look_up(visitor: Visitor, code: str) -> None:
    await visitor.follow("Tra cứu hồ sơ")
    await visitor.field("lookup").fill(code)
    await visitor.button(called("find")).click()


@pytest.mark.parametrize("fault", list(JUDGES))
async def test_it_plays_on_the_wire_what_the_catalogue_says(demo: Running, fault: Fault) -> None:
    await demo.fault("linked", fault)
    await JUDGES[fault](demo, "linked")


@pytest.mark.parametrize("fault", [one for one in Fault if one not in {Fault.DOWN, Fault.HANG, Fault.SLOW}])
async def test_it_gives_nothing_away(demo: Running, fault: Fault) -> None:
    await demo.fault("linked", fault)
    home = await anyhow(demo, "linked", "/")
    script = re.search(r'src="(/main\.[^"]+)"', home.text)
    paths = ["/api/session", "/api/home", "/assets/css/app.css", *([script[1]] if script else [])]
    for got in [home, *[await anyhow(demo, "linked", path) for path in paths]]:
        assert not CLUES.search(got.body), (fault, CLUES.findall(got.body))

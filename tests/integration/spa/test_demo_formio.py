"""Portals of the family drawn in the browser with a server's addresses, as a visitor meets them."""

import re

import pytest
from playwright.async_api import expect

from tests.integration.demo_visitor import PAPER, Visitor, called

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = re.compile(r"000\.\d\d\.\d\d\.[GH]\d\d-\d{6}-\d{4}")


@pytest.fixture(scope="module")
def family() -> str:
    return "formio"


async def test_it_takes_a_dossier_from_the_search_to_its_withdrawal(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.apply_for(visitor.procedure["path"])
    await visitor.is_at("Thông tin người nộp hồ sơ")
    await expect(page.get_by_label("Họ và tên")).to_have_value(re.compile(".{5}"))
    await visitor.button("Tiếp tục").click()
    await visitor.reads("Vui lòng nhập số điện thoại gồm 10 chữ số.")
    await visitor.field("phone").fill("0912345678")
    await visitor.field("content").fill("Kiểm thử, không xử lý")
    await visitor.finds_it_accessible()
    await visitor.button("Tiếp tục").click()
    await visitor.is_at("Giấy tờ đính kèm")
    await visitor.button("Tiếp tục").click()
    await visitor.reads("Vui lòng đính kèm ít nhất một giấy tờ.")
    await visitor.field("file").set_input_files(PAPER)
    await visitor.button(called("upload")).click()
    await visitor.reads("giấy khai.pdf")
    await visitor.finds_it_accessible()
    await visitor.button("Tiếp tục").click()
    await visitor.is_at("Lệ phí và hình thức nhận kết quả")
    await visitor.follow(called("pay"))
    await visitor.is_at("Thanh toán phí, lệ phí")
    await visitor.follow("Hủy giao dịch")
    await visitor.is_at("Lệ phí và hình thức nhận kết quả")
    await visitor.reads("Tài khoản thử nghiệm: không cần nhập mã xác nhận")
    await visitor.field("delivery").select_option(label="Nhận qua bưu chính công ích")
    await visitor.field("agree").check()
    await visitor.finds_it_accessible()
    await page.locator('button[form="captchaForm"]').click()
    await visitor.is_at("Kết quả nộp hồ sơ")
    code = await page.get_by_role("main").get_by_text(CODE).inner_text()
    await visitor.finds_it_accessible()
    await visitor.follow("Hồ sơ của tôi")
    await visitor.is_at("Hồ sơ của tôi")
    await visitor.reads(code)
    await visitor.finds_it_accessible()
    await look_up(visitor, code)
    await visitor.reads("Mới đăng ký")
    await visitor.finds_it_accessible()
    await visitor.open("/vi/dossier/my-dossier")
    await page.get_by_role("row").filter(has_text=code).get_by_role("button", name="Rút hồ sơ").click()
    await visitor.reads("Bạn chưa nộp hồ sơ nào.")
    await look_up(visitor, code)
    await visitor.reads("Không tìm thấy hồ sơ có mã")


async def look_up(visitor: Visitor, code: str) -> None:
    await visitor.follow("Tra cứu hồ sơ")
    await visitor.field("lookup").fill(code)
    await visitor.button(called("find")).click()

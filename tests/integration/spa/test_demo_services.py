"""What portals drawn in the browser offer beside the dossier: reuse of stored papers, opinions, leaving."""

import re

import pytest
from playwright.async_api import expect

from tests.integration.demo_visitor import PAPER, Visitor, called
from tests.integration.demo_wire import CODE

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORM = {"formio": ("/procedure/detail/", "/padsvc/apply-online/"), "linked": ("/thu-tuc/", "/ke-khai/")}
LOGIN = {"formio": "/vi/login", "linked": "/#/dang-nhap"}
FEEDBACK = {"formio": "/vi/feedback", "linked": "/#/danh-gia"}


@pytest.fixture(scope="module", params=["formio", "linked"])
def family(request: pytest.FixtureRequest) -> str:
    return request.param


async def test_it_attaches_what_the_data_store_holds(visitor: Visitor, family: str) -> None:
    await visitor.enter(LOGIN[family])
    await visitor.follow("Kho dữ liệu")
    await visitor.field("file").set_input_files(PAPER)
    await visitor.button(called("upload")).click()
    await visitor.reads("giấy khai.pdf")
    await visitor.finds_it_accessible()
    await visitor.open(visitor.procedure["path"].replace(*FORM[family]))
    await visitor.field("phone").fill("0912345678")
    await visitor.field("content").fill("Kiểm thử, không xử lý")
    if family == "formio":
        await visitor.button("Tiếp tục").click()
    await visitor.button(called("take")).click()
    await visitor.reads("Vui lòng chọn giấy tờ.")
    await visitor.field("choose").select_option(label="giấy khai.pdf")
    await visitor.button(called("take")).click()
    await expect(visitor.page.get_by_role("listitem").filter(has_text="giấy khai.pdf")).to_be_visible()
    await visitor.finds_it_accessible()


async def test_it_asks_for_a_log_in_again_after_leaving(visitor: Visitor, family: str) -> None:
    await visitor.enter(LOGIN[family])
    leave = re.compile("^Đăng xuất$")
    await visitor.page.get_by_role("link", name=leave).or_(visitor.page.get_by_role("button", name=leave)).click()
    await expect(visitor.page.get_by_role("link", name="Đăng nhập", exact=True)).to_be_visible()
    await visitor.open(visitor.procedure["path"].replace(*FORM[family]))
    await visitor.is_at("Đăng nhập")


async def test_it_takes_a_rating_and_a_complaint(visitor: Visitor, family: str) -> None:
    await visitor.open(FEEDBACK[family])
    await visitor.button(called("rate")).click()
    await visitor.reads("Vui lòng chọn mức độ hài lòng")
    if family == "formio":
        await visitor.page.get_by_label("Hài lòng", exact=True).check()
    else:
        await visitor.page.get_by_label("Mức độ hài lòng").select_option(label="Hài lòng")
    await visitor.button(called("rate")).click()
    await visitor.reads("Cảm ơn bạn đã gửi ý kiến.")
    await visitor.page.get_by_label("Nội dung phản ánh").fill("Chờ lâu")
    await visitor.button("Gửi phản ánh").click()
    await visitor.reads("Cảm ơn bạn đã gửi ý kiến.")


async def test_its_public_pages_are_accessible(visitor: Visitor, family: str) -> None:
    for path in ("/", LOGIN[family], FEEDBACK[family], visitor.procedure["path"]):
        await visitor.open(path)
        await expect(visitor.page.get_by_role("main").get_by_role("heading").first).to_be_visible()
        await visitor.finds_it_accessible()
    await visitor.search_for("đăng ký")
    await visitor.reads(re.compile(CODE))
    await visitor.finds_it_accessible()

"""Each family's portals as a person uses them in Chromium, with a seed nobody chose."""

import re

import pytest
from playwright.async_api import expect

from tests.integration.demo_walk import (
    DOSSIER,
    FEE,
    FIND,
    LEVEL,
    LOOKUP,
    TIME,
    Visitor,
)
from tests.integration.demo_wire import Running

pytestmark = pytest.mark.asyncio(loop_scope="module")

ONWARD = {
    "aspx": ("Tiếp tục", "Tiếp tục", "Nộp hồ sơ"),
    "eform": ("Tiếp tục", "Tiếp tục", "Tiếp tục", "Gửi hồ sơ"),
    "liferay": ("Tiếp theo", "Tiếp theo", "Nộp hồ sơ"),
    "plain": ("Lưu", "Lưu", "Lưu và nộp hồ sơ"),
    "tiepnhan": ("Đồng ý và tiếp tục", "Đồng ý và tiếp tục"),
}


async def test_it_takes_a_person_from_search_to_rating(demo: Running, visitor: Visitor) -> None:
    """The whole flow on a healthy portal, with every page open to all."""
    page, main = visitor.page, visitor.main
    offered = next(one for one in demo.portal(visitor.family)["procedures"] if one["level"] != "none")

    await visitor.open()
    await visitor.look()
    await visitor.search(offered["title"])
    found = main.get_by_role("link", name=offered["title"], exact=True).first
    await expect(found).to_be_visible()
    await visitor.look()
    await found.click()
    for text in (offered["code"], offered["fee"], offered["time_limit"], offered["level_text"]):
        await expect(main.get_by_text(text).first).to_be_visible()
    for label in (FEE, TIME, LEVEL):
        await expect(main.get_by_text(label).first).to_be_visible()
    await visitor.look()

    await visitor.apply()
    await visitor.look()
    await visitor.log_in()
    await expect(page.get_by_text(visitor.name).first).to_be_visible()

    paid = 0
    for name in ONWARD[visitor.family]:
        await visitor.look()
        paid += await visitor.go_and_pay()
        await visitor.fill_what_is_there()
        await main.get_by_role("button", name=name, exact=True).click()
    assert paid == 1

    code = await visitor.read(DOSSIER)
    await visitor.look()
    await visitor.menu("Tra cứu hồ sơ")
    for given, answer in ((code, "Mới đăng ký"), ("000.00.00.H01-260101-0000", "Không tìm thấy hồ sơ")):
        await main.get_by_label(LOOKUP).first.fill(given)
        await main.get_by_role("button", name=FIND).first.click()
        await expect(main.get_by_text(answer)).to_be_visible()
        await visitor.look()

    await page.get_by_role("link", name=visitor.name).first.click()
    await visitor.look()
    row = main.get_by_role("row").filter(has_text=code)
    await row.get_by_text("Rút hồ sơ", exact=True).click()
    await expect(main.get_by_text(code)).to_have_count(0)

    await visitor.menu("Phản ánh, kiến nghị")
    await visitor.look()
    await main.get_by_label("Rất hài lòng").check()
    await main.get_by_role("button", name=re.compile("đánh giá$|^Đánh giá$", re.IGNORECASE)).first.click()
    await expect(main.get_by_text("Cảm ơn")).to_be_visible()
    assert not visitor.flaws

"""The data store as a person uses it, healthy and with each of its faults."""

import pytest
from playwright.async_api import expect

from demo.faults import Fault
from demo.flow.office import LATE_S
from tests.integration.demo_walk import Visitor
from tests.integration.demo_wire import Running

pytestmark = pytest.mark.asyncio(loop_scope="module")

CONTENT = bytes(range(256)) * 8


async def test_it_keeps_files_and_gives_them_to_a_form(demo: Running, visitor: Visitor) -> None:
    main = visitor.main
    offered = next(one for one in demo.portal(visitor.family)["procedures"] if one["level"] != "none")
    await visitor.to_store()
    await visitor.upload("ban-ve.bin", CONTENT)
    await expect(main.get_by_text("ban-ve.bin")).to_be_visible()
    await visitor.look()
    assert await visitor.download() == ("ban-ve.bin", CONTENT)
    await visitor.page.goto(visitor.origin + offered["path"])
    await visitor.apply()
    await visitor.pass_identity()
    await visitor.take_from_store("ban-ve.bin")
    await expect(main.get_by_label("Giấy tờ đã đính kèm").get_by_text("ban-ve.bin")).to_be_visible()
    await visitor.open_store()
    await visitor.remove()
    await expect(main.get_by_text("Chưa có tài liệu")).to_be_visible()
    assert not visitor.flaws


async def test_it_loses_files_or_lists_them_late(demo: Running, visitor: Visitor) -> None:
    await visitor.to_store()
    await demo.fault(visitor.family, Fault.STORE_LOST)
    await visitor.upload("mat.bin", CONTENT)
    await expect(visitor.main.get_by_text("Chưa có tài liệu")).to_be_visible()
    await demo.fault(visitor.family, Fault.NEAR_STORE_LOST)
    await visitor.upload("tre.bin", CONTENT)
    await visitor.page.wait_for_timeout(LATE_S * 1000)
    await visitor.open_store()
    await expect(visitor.main.get_by_text("tre.bin")).to_be_visible()
    for _ in ("mat.bin", "tre.bin"):
        await visitor.remove()


async def test_it_brings_back_other_bytes_or_another_name(demo: Running, visitor: Visitor) -> None:
    await visitor.to_store()
    await visitor.upload("ho-so.bin", CONTENT)
    await demo.fault(visitor.family, Fault.STORE_CORRUPT)
    name, data = await visitor.download()
    assert (name, data != CONTENT, len(data)) == ("ho-so.bin", True, len(CONTENT))
    await demo.fault(visitor.family, Fault.NEAR_STORE_CORRUPT)
    name, data = await visitor.download()
    assert (name != "ho-so.bin", data) == (True, CONTENT)
    await visitor.remove()


async def test_it_offers_no_store_or_calls_it_otherwise(demo: Running, visitor: Visitor) -> None:
    links = visitor.page.get_by_role("link")
    await visitor.to_store()
    await demo.fault(visitor.family, Fault.STORE_ABSENT)
    await visitor.open()
    await expect(links.filter(has_text=visitor.name)).to_be_visible()
    await expect(links.filter(has_text="Kho dữ liệu")).to_have_count(0)
    await demo.fault(visitor.family, Fault.NEAR_STORE_ABSENT)
    await visitor.open()
    await links.filter(has_text="Giấy tờ của tôi").first.click()
    await expect(visitor.main.get_by_text("Chưa có tài liệu")).to_be_visible()

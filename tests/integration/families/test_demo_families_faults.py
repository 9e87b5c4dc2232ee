"""What a person sees of each fault, and that each near-miss leaves the portal usable."""

import pytest
from playwright.async_api import expect

from demo.faults import Fault
from tests.integration.demo_judges import JUDGES
from tests.integration.demo_walk import CODE, SEARCH_LABEL, Visitor
from tests.integration.demo_wire import Running

pytestmark = pytest.mark.asyncio(loop_scope="module")

ON_THE_WIRE = (
    Fault.ERROR_PAGE_200,
    Fault.NEAR_ERROR_PAGE_200,
    Fault.MAINTENANCE,
    Fault.NEAR_MAINTENANCE,
    Fault.CAPTCHA,
    Fault.NEAR_CAPTCHA,
    Fault.FLICKER,
    Fault.NEAR_FLICKER,
    Fault.NEAR_HTTP500,
)
REFUSALS = {
    Fault.BAD_PASSWORD: "không đúng",
    Fault.QR: "Quét mã QR để đăng nhập",
    Fault.OTP: "Nhập mã OTP",
}


@pytest.mark.parametrize("fault", ON_THE_WIRE)
@pytest.mark.parametrize("family", ["aspx", "eform", "liferay", "plain"])
async def test_it_plays_on_the_wire_what_the_catalogue_says(demo: Running, family: str, fault: Fault) -> None:
    await demo.fault(family, fault)
    await JUDGES[fault](demo, family)
    await demo.fault(family, None)


async def test_it_asks_to_read_a_picture_before_results(demo: Running, visitor: Visitor) -> None:
    main = visitor.main
    await demo.fault(visitor.family, Fault.CAPTCHA)
    await visitor.open()
    await visitor.search("đăng ký")
    await expect(main.get_by_role("img", name="CAPTCHA")).to_be_visible()
    await expect(main.get_by_text(CODE)).to_have_count(0)
    await main.get_by_label("Mã xác nhận").fill("abc")
    await main.get_by_label("Mã xác nhận").press("Enter")
    await expect(main.get_by_role("img", name="CAPTCHA")).to_be_visible()
    await demo.fault(visitor.family, Fault.NEAR_CAPTCHA)
    await visitor.open()
    await visitor.search("đăng ký")
    await expect(main.get_by_text(CODE).first).to_be_visible()
    await expect(visitor.page.get_by_role("contentinfo").get_by_text("CAPTCHA").first).to_be_visible()
    await visitor.look()
    assert not visitor.flaws


async def test_it_renames_what_people_search_with(demo: Running, visitor: Visitor) -> None:
    usual = await looks(visitor)
    await demo.fault(visitor.family, Fault.DRIFT)
    drifted = await looks(visitor)
    await visitor.look()
    assert all(now != before for now, before in zip(drifted, usual, strict=True))
    await demo.fault(visitor.family, Fault.NEAR_DRIFT)
    label, name = await looks(visitor)
    assert (label != usual[0]) is not (name != usual[1])
    await visitor.search("đăng ký")
    await expect(visitor.main.get_by_text(CODE).first).to_be_visible()
    assert not visitor.flaws


async def looks(visitor: Visitor) -> tuple[str, str]:
    """The label of the search box, and its id."""
    await visitor.open()
    box = visitor.main.get_by_label(SEARCH_LABEL).first
    name = await box.get_attribute("id") or ""
    return await visitor.main.locator(f'label[for="{name}"]').inner_text(), name


@pytest.mark.parametrize("fault", REFUSALS)
async def test_it_is_refused_by_the_identity_provider(demo: Running, visitor: Visitor, fault: Fault) -> None:
    await demo.fault(visitor.family, fault)
    await visitor.to_log_in()
    if fault is Fault.BAD_PASSWORD:
        await visitor.give_password()
    await expect(visitor.page.get_by_role("main")).to_contain_text(REFUSALS[fault])
    await demo.fault(visitor.family, Fault(f"near-{fault}"))
    await visitor.to_log_in()
    await visitor.give_password()
    await expect(visitor.page.get_by_text(visitor.name).first).to_be_visible()


async def test_it_gives_no_session_after_a_good_log_in(demo: Running, visitor: Visitor) -> None:
    await demo.fault(visitor.family, Fault.LOGIN_BROKEN)
    await visitor.to_log_in()
    await visitor.give_password()
    await expect(visitor.main.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    await expect(visitor.page.get_by_text(visitor.name)).to_have_count(0)
    await demo.fault(visitor.family, Fault.NEAR_LOGIN_BROKEN)
    await visitor.log_in()
    await expect(visitor.page.get_by_text(visitor.name).first).to_be_visible()

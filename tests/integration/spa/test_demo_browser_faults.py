"""What a visitor sees of each fault, and does not see of its near-miss, where pages are drawn in the browser."""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping

import pytest
from playwright.async_api import expect

from demo.faults import Fault
from demo.wording import LABELS
from tests.integration.demo_visitor import PAPER, Visitor, called, one_of
from tests.integration.demo_wire import CODE, Running

pytestmark = pytest.mark.asyncio(loop_scope="module")

Sight = Callable[[Visitor], Awaitable[None]]
LOGIN = {"formio": "/vi/login", "linked": "/#/dang-nhap"}
STORE = {"formio": "/vi/storage", "linked": "/#/kho"}
APOLOGY = re.compile("lỗi|sự cố", re.IGNORECASE)


@pytest.fixture(scope="module", params=["formio", "linked"])
def family(request: pytest.FixtureRequest) -> str:
    return request.param


async def knock(visitor: Visitor) -> None:
    await visitor.knock(LOGIN[visitor.portal["platform"]])


async def enter(visitor: Visitor) -> None:
    await visitor.enter(LOGIN[visitor.portal["platform"]])


async def sees_results(visitor: Visitor) -> None:
    await visitor.search_for("đăng ký")
    await visitor.reads(re.compile(CODE))


async def sees_an_apology(visitor: Visitor) -> None:
    await visitor.open("/")
    await expect(visitor.page.get_by_role("heading", name=APOLOGY).first).to_be_visible()
    await expect(visitor.page.get_by_role("main").get_by_role("textbox")).to_have_count(0)


async def sees_a_challenge(visitor: Visitor) -> None:
    await visitor.search_for("đăng ký")
    await expect(visitor.page.get_by_role("main").get_by_role("img")).to_be_visible()
    await expect(visitor.page.get_by_role("main").get_by_text(re.compile(CODE))).to_have_count(0)


async def sees_unheard_of_labels(visitor: Visitor) -> None:
    await visitor.search_for("đăng ký", strange=True)
    await visitor.reads(re.compile(CODE))


async def sees_maintenance(visitor: Visitor) -> None:
    await visitor.open("/")
    await visitor.is_at("Hệ thống đang bảo trì")


async def is_asked_to_log_in_again(visitor: Visitor) -> None:
    await knock(visitor)
    await visitor.identify()
    await visitor.is_at("Đăng nhập")
    await expect(visitor.page).to_have_url(re.compile("angiang"))
    await expect(visitor.page.get_by_role("button", name="Đăng xuất")).to_have_count(0)


async def is_refused(visitor: Visitor) -> None:
    await knock(visitor)
    await visitor.identify()
    await expect(visitor.page.get_by_role("alert")).to_contain_text("không đúng")


async def is_asked_for_more(visitor: Visitor) -> None:
    await knock(visitor)
    await expect(visitor.page.get_by_text(re.compile("QR|OTP")).first).to_be_visible()
    await expect(visitor.page.get_by_label("Mật khẩu")).to_have_count(0)


async def finds_no_store(visitor: Visitor) -> None:
    await enter(visitor)
    await expect(visitor.page.get_by_role("link", name=re.compile("Kho|Giấy tờ"))).to_have_count(0)
    await visitor.open(STORE[visitor.portal["platform"]])
    await visitor.is_at("Không")


async def shelves(visitor: Visitor) -> str:
    """Put a paper into the data store, by the link that leads there; returns the paper's name."""
    await enter(visitor)
    await visitor.follow(re.compile("^(Kho dữ liệu|Giấy tờ của tôi)$"))
    name = f"giấy {secrets.token_hex(4)}.pdf"
    await visitor.field("file").set_input_files(PAPER | {"name": name})
    async with visitor.page.expect_response(lambda one: one.request.method == "POST"):
        await visitor.button(called("upload")).click()
    return name


async def finds_it_lost(visitor: Visitor) -> None:
    await shelves(visitor)
    await visitor.page.reload()
    await visitor.reads(re.compile("Chưa có tài liệu|Kho chưa có tài liệu"))


async def gets_back(visitor: Visitor) -> tuple[bool, bytes]:
    """Whether the paper comes back with its name, and its bytes; then it is thrown away."""
    name = await shelves(visitor)
    main = visitor.page.get_by_role("main")
    line = main.get_by_role("row").or_(main.get_by_role("listitem")).filter(has_text=name)
    async with visitor.page.expect_download() as arriving:
        await line.get_by_role("link", name=called("fetch")).click()
    arrived = await arriving.value
    content = await asyncio.to_thread((await arrived.path()).read_bytes)
    await line.get_by_role("button", name=called("remove")).click()
    await expect(line).to_have_count(0)
    return arrived.suggested_filename == name, content


async def gets_other_bytes(visitor: Visitor) -> None:
    named, content = await gets_back(visitor)
    assert (named, len(content)) == (True, len(PAPER["buffer"]))
    assert content != PAPER["buffer"]


async def gets_another_name(visitor: Visitor) -> None:
    assert await gets_back(visitor) == (False, PAPER["buffer"])


async def gets_the_same(visitor: Visitor) -> None:
    assert await gets_back(visitor) == (True, PAPER["buffer"])


SIGHTS: Mapping[Fault, Sight] = {
    Fault.ERROR_PAGE_200: sees_an_apology,
    Fault.HTTP500: sees_an_apology,
    Fault.CAPTCHA: sees_a_challenge,
    Fault.DRIFT: sees_unheard_of_labels,
    Fault.MAINTENANCE: sees_maintenance,
    Fault.LOGIN_BROKEN: is_asked_to_log_in_again,
    Fault.BAD_PASSWORD: is_refused,
    Fault.QR: is_asked_for_more,
    Fault.OTP: is_asked_for_more,
    Fault.STORE_ABSENT: finds_no_store,
    Fault.STORE_LOST: finds_it_lost,
    Fault.STORE_CORRUPT: gets_other_bytes,
    Fault.NEAR_ERROR_PAGE_200: sees_results,
    Fault.NEAR_HTTP500: sees_results,
    Fault.NEAR_HANG: sees_results,
    Fault.NEAR_CAPTCHA: sees_results,
    Fault.NEAR_MAINTENANCE: sees_results,
    Fault.NEAR_FLICKER: sees_results,
    Fault.NEAR_LOGIN_BROKEN: enter,
    Fault.NEAR_BAD_PASSWORD: enter,
    Fault.NEAR_QR: enter,
    Fault.NEAR_OTP: enter,
    Fault.NEAR_STORE_ABSENT: gets_the_same,
    Fault.NEAR_STORE_LOST: gets_the_same,
    Fault.NEAR_STORE_CORRUPT: gets_another_name,
}


@pytest.mark.parametrize("fault", list(SIGHTS))
async def test_it_shows_what_the_catalogue_says(demo: Running, family: str, visitor: Visitor, fault: Fault) -> None:
    await demo.fault(family, fault)
    await SIGHTS[fault](visitor)


async def test_it_keeps_labels_or_ids_in_the_near_miss_of_drift(demo: Running, family: str, visitor: Visitor) -> None:
    main = visitor.page.get_by_role("main")
    await visitor.open("/")
    by_label = main.get_by_label(one_of(LABELS))
    by_id = main.locator(f"[id='{await by_label.get_attribute('id')}']")
    await demo.fault(family, Fault.NEAR_DRIFT)
    await visitor.page.reload()
    await expect(by_label.or_(by_id)).to_be_visible()
    assert await by_label.count() + await by_id.count() == 1
    await by_label.or_(by_id).fill("đăng ký")
    await by_label.or_(by_id).press("Enter")
    await visitor.reads(re.compile(CODE))

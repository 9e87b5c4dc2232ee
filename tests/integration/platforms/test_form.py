"""The e-form on real pages: from the procedure to a dossier that is looked up and withdrawn."""

import pytest

from agent.model import Cause, Item, ItemKind
from demo.faults import Fault
from probes.browser.saw import SawError
from probes.journeys.lookup import BOGUS
from probes.journeys.marked import mark, pdf
from probes.platforms.form import DOSSIER_CODE
from probes.platforms.lookup import Answer
from tests.integration.platforms.conftest import Walk

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHONE = "0900000000"


async def to_form(walk: Walk) -> None:
    await walk.log_in()
    await walk.portal.open_home()
    await walk.portal.search("đăng ký")
    await walk.portal.open_online_procedure()
    await walk.portal.eform.open()


async def test_it_takes_a_dossier_from_the_form_to_its_withdrawal(walk: Walk) -> None:
    eform, file, wish = walk.portal.eform, pdf(4096), mark()
    await to_form(walk)
    assert await eform.is_prefilled()
    assert await eform.checks_required()
    await eform.fill(phone=PHONE, content=f"Hồ sơ kiểm thử {wish}")
    await eform.to_attachments()
    await eform.attach(file.name, file.type, file.data)
    await eform.to_fee()
    await eform.see_gateway()
    code = await eform.hand_in()
    assert DOSSIER_CODE.fullmatch(code)
    walk.portal.stage.begin_step()
    await walk.portal.lookup.open()
    assert await walk.portal.lookup.ask(code) is Answer.FOUND
    item = Item(portal="x", account=walk.person.name, kind=ItemKind.DOSSIER, mark=wish)
    await walk.portal.dossiers.withdraw(item)
    await walk.portal.dossiers.withdraw(item)
    await walk.portal.lookup.open()
    assert await walk.portal.lookup.ask(code) is Answer.NOT_FOUND


async def test_it_attaches_what_the_data_store_holds(walk: Walk) -> None:
    file = pdf(4096)
    await walk.log_in()
    await walk.portal.shelf.open()
    await walk.portal.shelf.put(file.name, file.type, file.data)
    await walk.portal.open_home()
    await walk.portal.search("đăng ký")
    await walk.portal.open_online_procedure()
    await walk.portal.eform.open()
    await walk.portal.eform.fill(phone=PHONE, content="Hồ sơ kiểm thử")
    await walk.portal.eform.to_attachments()
    await walk.portal.eform.take_from_store(file.name)
    await walk.portal.shelf.open()
    await walk.portal.shelf.clear(file.name)


async def test_it_finds_no_dossier_for_a_code_that_is_nobodys_and_both_ways_to_speak_up(walk: Walk) -> None:
    await walk.portal.lookup.open()
    assert await walk.portal.lookup.ask(BOGUS) is Answer.NOT_FOUND
    await walk.portal.feedback.open()
    assert await walk.portal.feedback.takes_both()


@pytest.mark.parametrize("fault", [Fault.NEAR_CAPTCHA, Fault.NEAR_ERROR_PAGE_200, Fault.NEAR_MAINTENANCE])
async def test_it_looks_a_dossier_up_beside_what_only_looks_like_a_fault(walk: Walk, fault: Fault) -> None:
    await walk.demo.fault(walk.family, fault)
    await walk.portal.lookup.open()
    assert await walk.portal.lookup.ask(BOGUS) is Answer.NOT_FOUND
    await walk.portal.feedback.open()
    assert await walk.portal.feedback.takes_both()


async def looked_up(walk: Walk) -> Answer:
    """Where a script draws the page, a fault may come with the data that only an answer needs."""
    await walk.portal.lookup.open()
    return await walk.portal.lookup.ask(BOGUS)


@pytest.mark.parametrize(
    ("fault", "cause"), [(Fault.ERROR_PAGE_200, Cause.ERROR_PAGE), (Fault.MAINTENANCE, Cause.MAINTENANCE_PAGE)]
)
async def test_it_tells_what_stands_in_place_of_the_look_up(walk: Walk, fault: Fault, cause: Cause) -> None:
    await walk.demo.fault(walk.family, fault)
    with pytest.raises(SawError) as seen:
        await looked_up(walk)
    assert seen.value.cause is cause

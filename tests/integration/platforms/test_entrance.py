"""Logging in on real pages: what is journaled when, and what each fault is taken for."""

from dataclasses import replace

import pytest
from playwright.async_api import expect

from agent.model import Cause, Deed, Holder, Outcome
from demo.faults import Fault
from probes.browser.saw import SawError
from probes.platforms.entrance import SIGNED_IN
from tests.integration.platforms.conftest import Walk

pytestmark = pytest.mark.asyncio(loop_scope="module")

PERSON, COMPANY = "demo-person", "demo-organisation"
GOOD = [(Deed.LOGIN, PERSON), (Deed.LOGIN, PERSON, Outcome.DONE)]


async def test_it_leaves_with_a_sound_request_and_comes_back_with_a_session(walk: Walk) -> None:
    await walk.portal.entrance.open()
    assert await walk.portal.entrance.leave_for_provider() == []
    assert walk.deeds.told == []
    await walk.portal.entrance.log_in(walk.person, walk.deeds)
    assert walk.deeds.told == GOOD
    await expect(SIGNED_IN.find(walk.portal.stage.page).first).to_be_visible()


async def test_it_goes_out_and_in_again_with_another_account(walk: Walk) -> None:
    await walk.log_in()
    await walk.portal.entrance.change_to(walk.accounts[Holder.ORGANISATION], walk.deeds)
    assert walk.deeds.told == [*GOOD, (Deed.LOGIN, COMPANY), (Deed.LOGIN, COMPANY, Outcome.DONE)]


@pytest.mark.parametrize(
    "fault", [Fault.NEAR_BAD_PASSWORD, Fault.NEAR_QR, Fault.NEAR_OTP, Fault.NEAR_LOGIN_BROKEN, Fault.NEAR_DRIFT]
)
async def test_it_is_not_misled_by_what_only_looks_like_a_fault(walk: Walk, fault: Fault) -> None:
    await walk.demo.fault(walk.family, fault)
    await walk.log_in()
    assert walk.deeds.told == GOOD


@pytest.mark.parametrize(("fault", "cause"), [(Fault.QR, Cause.QR), (Fault.OTP, Cause.OTP)])
async def test_it_gives_no_password_where_a_person_is_asked_for(walk: Walk, fault: Fault, cause: Cause) -> None:
    await walk.demo.fault(walk.family, fault)
    with pytest.raises(SawError) as seen:
        await walk.log_in()
    assert (seen.value.cause, walk.deeds.told) == (cause, [])


async def test_it_tries_a_refused_account_once(walk: Walk) -> None:
    await walk.demo.fault(walk.family, Fault.BAD_PASSWORD)
    with pytest.raises(SawError) as seen:
        await walk.log_in()
    assert seen.value.cause is Cause.CREDENTIALS_REFUSED
    assert walk.deeds.told == [(Deed.LOGIN, PERSON), (Deed.LOGIN, PERSON, Outcome.REFUSED)]


async def test_it_tells_a_wrong_password_without_repeating_it(walk: Walk) -> None:
    wrong = replace(walk.person, password="not-it-8842")  # noqa: S106 - nobody's
    await walk.portal.entrance.open()
    await walk.portal.entrance.leave_for_provider()
    with pytest.raises(SawError) as seen:
        await walk.portal.entrance.log_in(wrong, walk.deeds)
    assert seen.value.cause is Cause.CREDENTIALS_REFUSED
    assert "not-it" not in str(seen.value)


async def test_it_tells_a_good_log_in_without_a_session(walk: Walk) -> None:
    await walk.demo.fault(walk.family, Fault.LOGIN_BROKEN)
    with pytest.raises(SawError) as seen:
        await walk.log_in()
    assert (seen.value.cause, walk.deeds.told) == (Cause.NO_SESSION, GOOD)

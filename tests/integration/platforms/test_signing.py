"""The signing desk on real pages: signed once, checked, and what each fault is taken for."""

from dataclasses import replace
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from agent.model import Cause, Deed, Holder, Outcome
from demo.faults import Fault
from probes.browser.saw import SawError
from probes.journeys.e_signature import tampered
from probes.journeys.marked import pdf
from tests.integration.platforms.conftest import Walk

pytestmark = pytest.mark.asyncio(loop_scope="module")

PIN = [(Deed.PIN, "demo-person"), (Deed.PIN, "demo-person", Outcome.DONE)]


async def to_desk(walk: Walk) -> None:
    await walk.log_in()
    walk.deeds.told.clear()
    await walk.portal.signing.open()


async def sign(walk: Walk) -> bytes:
    file = pdf(2048)
    return await walk.portal.signing.sign(file.name, file.data, walk.person, walk.deeds)


async def test_it_signs_once_and_tells_a_changed_file_from_the_signed_one(walk: Walk) -> None:
    await to_desk(walk)
    assert await walk.portal.signing.offers_a_way()
    signed = await sign(walk)
    assert walk.deeds.told == PIN
    assert len(PdfFileReader(BytesIO(signed)).embedded_regular_signatures) == 1
    await walk.portal.signing.open()
    assert not await walk.portal.signing.refuses("ours.pdf", signed)
    assert await walk.portal.signing.refuses("ours.pdf", tampered(signed))


async def test_it_offers_an_organisation_a_way_to_sign_too(walk: Walk) -> None:
    await to_desk(walk)
    await walk.portal.entrance.change_to(walk.accounts[Holder.ORGANISATION], walk.deeds)
    await walk.portal.signing.open()
    assert await walk.portal.signing.offers_a_way()


async def test_it_finds_the_way_to_signing_under_another_name(walk: Walk) -> None:
    await walk.demo.fault(walk.family, Fault.NEAR_SIGN_GONE)
    await to_desk(walk)
    assert await walk.portal.signing.offers_a_way()


@pytest.mark.parametrize("fault", [Fault.SIGN_GONE, Fault.SIGN_ABSENT])
async def test_it_tells_a_portal_that_offers_no_signing(walk: Walk, fault: Fault) -> None:
    await walk.demo.fault(walk.family, fault)
    with pytest.raises(SawError) as seen:
        await to_desk(walk)
    assert (seen.value.cause, seen.value.function) == (Cause.FUNCTION_MISSING, "e-signature")


async def test_it_gives_a_wrong_secret_once(walk: Walk) -> None:
    """A PIN for the remote service, or the password of the key: portals offer either or both."""
    wrong = replace(walk.person, pin="00000000", key_password="no")  # noqa: S106 - nobody's
    await to_desk(walk)
    file = pdf(2048)
    with pytest.raises(SawError) as seen:
        await walk.portal.signing.sign(file.name, file.data, wrong, walk.deeds)
    remote = [(Deed.PIN, "demo-person"), (Deed.PIN, "demo-person", Outcome.REFUSED)]
    told = {Cause.CREDENTIALS_REFUSED: remote, Cause.SIGNING_FAILED: PIN[:1]}
    assert walk.deeds.told == told[seen.value.cause]


async def test_it_tells_that_signing_failed(walk: Walk) -> None:
    await to_desk(walk)
    with pytest.raises(SawError) as seen:
        await walk.portal.signing.sign("broken.pdf", b"%PDF-1.7 but no more", walk.person, walk.deeds)
    assert seen.value.cause in {Cause.SIGNING_FAILED, Cause.TIMEOUT, Cause.CONTROL_MISSING}

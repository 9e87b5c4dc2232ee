"""The data store on real pages: kept, listed, fetched byte for byte, deleted; and what each fault shows."""

from hashlib import sha256

import pytest

from agent.model import Cause
from demo.faults import Fault
from probes.browser.saw import SawError
from probes.journeys.marked import Marked, pdf
from tests.integration.platforms.conftest import Walk

pytestmark = pytest.mark.asyncio(loop_scope="module")

SIZE = 64 * 1024
PATIENCE_S = 3.0


async def put(walk: Walk, file: Marked) -> None:
    await walk.log_in()
    await walk.portal.shelf.open()
    await walk.portal.shelf.put(file.name, file.type, file.data)


async def put_more(walk: Walk, file: Marked) -> None:
    """Another one, once the one before is there: a script that stores one draws its form anew."""
    await walk.portal.shelf.put(file.name, file.type, file.data)
    assert await walk.portal.shelf.lists(file.name, patience_s=PATIENCE_S)


async def test_it_keeps_a_file_until_it_is_deleted(walk: Walk) -> None:
    shelf, file, other = walk.portal.shelf, pdf(SIZE), pdf(SIZE)
    await put(walk, file)
    assert await shelf.lists(file.name, patience_s=PATIENCE_S)
    await put_more(walk, other)
    assert await shelf.says_size(file.name, len(file.data))
    assert not await shelf.says_size(file.name, 3 * SIZE)
    back = await shelf.fetch(file.name)
    assert (back.type, sha256(back.data).hexdigest()) == (file.type, file.digest)
    await shelf.remove(file.name)
    assert await shelf.gone(file.name)
    assert await shelf.shows(other.name)
    await shelf.clear(other.name)
    await shelf.clear(other.name)
    await shelf.open()
    assert await shelf.gone(other.name)


async def test_it_clears_every_file_of_a_name(walk: Walk) -> None:
    file = pdf(SIZE)
    await put(walk, file)
    assert await walk.portal.shelf.lists(file.name, patience_s=PATIENCE_S)
    await put_more(walk, file)
    await walk.portal.shelf.clear(file.name)
    assert await walk.portal.shelf.gone(file.name)


async def test_it_shows_one_account_nothing_of_another(walk: Walk) -> None:
    file = pdf(SIZE)
    await put(walk, file)
    company = next(one for one in walk.accounts.values() if one is not walk.person)
    await walk.portal.entrance.change_to(company, walk.deeds)
    await walk.portal.shelf.open()
    assert not await walk.portal.shelf.shows(file.name)


@pytest.mark.parametrize(("fault", "listed"), [(Fault.STORE_LOST, False), (Fault.NEAR_STORE_LOST, True)])
async def test_it_tells_a_lost_file_from_one_that_is_listed_late(walk: Walk, fault: Fault, listed: bool) -> None:
    await walk.demo.fault(walk.family, fault)
    file = pdf(SIZE)
    await put(walk, file)
    assert await walk.portal.shelf.lists(file.name, patience_s=PATIENCE_S) is listed


@pytest.mark.parametrize(("fault", "same"), [(Fault.STORE_CORRUPT, False), (Fault.NEAR_STORE_CORRUPT, True)])
async def test_it_fetches_the_bytes_that_the_portal_gives(walk: Walk, fault: Fault, same: bool) -> None:
    await walk.demo.fault(walk.family, fault)
    file = pdf(SIZE)
    await put(walk, file)
    assert await walk.portal.shelf.lists(file.name, patience_s=PATIENCE_S)
    assert ((await walk.portal.shelf.fetch(file.name)).data == file.data) is same


async def test_it_finds_the_store_under_another_name(walk: Walk) -> None:
    await walk.demo.fault(walk.family, Fault.NEAR_STORE_ABSENT)
    await put(walk, file := pdf(SIZE))
    assert await walk.portal.shelf.lists(file.name, patience_s=PATIENCE_S)


async def test_it_tells_a_portal_without_a_store(walk: Walk) -> None:
    await walk.demo.fault(walk.family, Fault.STORE_ABSENT)
    await walk.log_in()
    with pytest.raises(SawError) as seen:
        await walk.portal.shelf.open()
    assert (seen.value.cause, seen.value.function) == (Cause.FUNCTION_MISSING, "data-store")

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from agent.clock import Clock
from demo.board import Placed
from demo.challenge import COOKIE
from demo.common import routes
from demo.families import FAMILIES
from demo.faults import Fault
from demo.flow.office import Office
from demo.gate import make_gate
from demo.plays import Tripwire
from demo.stage import Stage

SEARCH = {
    "aspx": "/portaldvc/ThuTuc/default.aspx?tukhoa=%C4%91",
    "eform": "/dich-vu-cong?search=%C4%91",
    "formio": "/api/procedures?keyword=%C4%91",
    "linked": "/api/procedures?keyword=%C4%91",
    "liferay": "/web/guest/bo-thu-tuc?_danhsach_WAR_dvcportlet_tuKhoa=%C4%91",
    "plain": "/thu-tuc-hanh-chinh?ten=%C4%91",
    "tiepnhan": "/dichvucong/bothutuc?tu_khoa=%C4%91",
}


@pytest.fixture
async def caller(stage: Stage, office: Office) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """A caller of a portal that asks to read a picture first."""
    stage.become(Placed(Fault.CAPTCHA, 1))
    app = web.Application(middlewares=[make_gate(stage, Tripwire(Clock()), error_in_data=False)])
    app.add_routes([*routes(stage), *FAMILIES[stage.portal.platform].routes(office)])
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_it_shows_results_to_whoever_read_the_picture(
    stage: Stage, caller: TestClient[web.Request, web.Application]
) -> None:
    path = SEARCH[stage.portal.platform]
    async with caller.get(path) as before:
        assert stage.procedures[0].code[-3:] not in await before.text()
    ((ticket, code),) = stage.desk._codes.items()
    answer = {"phien": ticket, "ma": code, "tiep": path}
    async with caller.post("/xac-nhan", data=answer, allow_redirects=False) as passed:
        assert (passed.status, passed.headers["Location"]) == (303, path)
        granted = passed.cookies[COOKIE]
    assert granted["secure"]
    async with caller.get(path, headers={"Cookie": f"{COOKIE}={granted.value}"}) as after:
        assert "đăng ký" in (await after.text()).lower()

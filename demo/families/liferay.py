"""Slow portals of portlets, several on a page, addressed by ``p_p_id``: forms go to action URLs."""

from aiohttp import web

from demo.common import asset
from demo.families.drawn import CataloguePages, path_of, positive
from demo.flow.dossiers import Draft
from demo.flow.office import Office
from demo.flow.pages import FlowPages
from demo.flow.screens import Screen, Section, Wizard
from demo.flow.sessions import Visit
from demo.flow.wording import Named
from demo.people import Citizen
from demo.procedures import Procedure
from demo.stage import Links

_RENDER, _ACTION, _RESOURCE = range(3)
_EFORM = "nophoso_WAR_dvcportlet"
_SHELF = "khogiayto_WAR_dvcportlet"
_PROCEDURE = "thutuc_WAR_dvcportlet"
_NEWS = "101"
_ACTION_NAME = "javax.portlet.action"


def _url(page: str, portlet: str, lifecycle: int = _RENDER, **values: object) -> str:
    """A portlet's URL; its parameters carry the portlet's namespace."""
    given = "".join(f"&_{portlet}_{name}={value}" for name, value in values.items())
    return f"/web/guest/{page}?p_p_id={portlet}&p_p_lifecycle={lifecycle}&p_p_state=normal&p_p_mode=view{given}"


LINKS = Links(
    home="/web/guest/home",
    catalogue=_url("bo-thu-tuc", "danhsach_WAR_dvcportlet"),
    advanced="/web/guest/bo-thu-tuc",
    detail=_url("thu-tuc", _PROCEDURE, id="{number}"),
    apply=_url("eform", _EFORM, thuTucId="{number}"),
    lookup=_url("tra-cuu", "tracuu_WAR_dvcportlet"),
    login="/web/guest/dang-nhap",
    help="/web/guest/huong-dan",
    feedback=_url("danh-gia", "danhgia_WAR_dvcportlet"),
    news=_url("tin-tuc", _NEWS, articleId="{number}"),
    site_search="/web/guest/tim-kiem",
    sso="/c/portal/sso",
    callback="/c/portal/sso/callback",
    logout="/c/portal/logout",
    store=_url("kho-giay-to", _SHELF),
    stored=_url("kho-giay-to", _SHELF, _RESOURCE, id="{id}"),
    removal=_url("kho-giay-to", _SHELF, _ACTION, **{_ACTION_NAME: "xoa", "id": "{id}"}),
    mine=_url("ho-so-cua-toi", "hosocuatoi_WAR_dvcportlet"),
    pay="/web/guest/thanh-toan",
)


def _where(request: web.Request, _: Draft) -> int:
    return min(positive(request.query.get(f"_{_EFORM}_buoc")), len(WIZARD.screens)) - 1


def _address(procedure: Procedure, place: int) -> str:
    return _url("eform", _EFORM, thuTucId=procedure.number, buoc=place + 1)


def _asked(request: web.Request) -> str:
    return request.query.get(f"_{_EFORM}_thuTucId", "")


def _number(request: web.Request) -> str:
    return request.query.get(f"_{_PROCEDURE}_id") or request.query.get(f"_{_NEWS}_articleId", "")


WIZARD = Wizard(
    screens=(
        Screen(title="Kê khai", sections=(Section.IDENTITY,), onward=Named(f"_{_EFORM}_tiep", "Tiếp theo")),
        Screen(title="Đính kèm", sections=(Section.ATTACHMENTS,), onward=Named(f"_{_EFORM}_tiep", "Tiếp theo")),
        Screen(
            title="Lệ phí, cam kết",
            sections=(Section.FEE, Section.CONFIRM),
            onward=Named(f"_{_EFORM}_nop", "Nộp hồ sơ"),
        ),
    ),
    where=_where,
    address=_address,
    done=_url("ket-qua", _EFORM, mvcPath="ket-qua"),
    asked=_asked,
)


def routes(office: Office) -> list[web.RouteDef]:
    """The pages of a portal of this family."""
    flow = FlowPages(office, WIZARD)
    shelf = _Shelf(flow)
    return [
        *flow.access_routes(),
        *CataloguePages(office.stage, flow, _number).routes(),
        web.get(path_of(LINKS.apply), flow.inside(flow.show)),
        web.post(path_of(LINKS.apply), flow.inside(flow.take)),
        web.get(path_of(WIZARD.done), flow.inside(flow.done)),
        web.get(LINKS.pay, flow.inside(flow.pay)),
        web.get(path_of(LINKS.store), flow.inside(shelf.render)),
        web.post(path_of(LINKS.store), flow.inside(shelf.act)),
        web.get(path_of(LINKS.mine), flow.inside(flow.mine)),
        web.post(path_of(LINKS.mine), flow.inside(flow.withdraw)),
        web.get(path_of(LINKS.lookup), flow.look_up),
        web.get(path_of(LINKS.feedback), flow.feedback),
        web.post(path_of(LINKS.feedback), flow.rated),
        asset("liferay.css"),
        asset("late.js"),
    ]


class _Shelf:
    """The data store's portlet: one path, told apart by lifecycle and action."""

    def __init__(self, flow: FlowPages) -> None:
        self._flow = flow

    async def render(self, request: web.Request, visit: Visit, citizen: Citizen) -> web.Response:
        if request.query.get("p_p_lifecycle") == str(_RESOURCE):
            return self._flow.hand_out(citizen, request.query.get(f"_{_SHELF}_id", ""))
        return await self._flow.store(request, visit, citizen)

    async def act(self, request: web.Request, visit: Visit, citizen: Citizen) -> web.Response:
        if request.query.get(f"_{_SHELF}_{_ACTION_NAME}") == "xoa":
            return self._flow.discard(citizen, request.query.get(f"_{_SHELF}_id", ""))
        return await self._flow.shelve(request, visit, citizen)

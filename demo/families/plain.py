"""Plain portals drawn on the server. One address for all screens of a dossier: only the server knows where one is."""

from aiohttp import web

from demo.common import asset
from demo.families.drawn import CataloguePages
from demo.flow.dossiers import Draft
from demo.flow.office import Office
from demo.flow.pages import FlowPages
from demo.flow.screens import Screen, Section, Wizard
from demo.flow.sessions import Visit
from demo.flow.wording import Named
from demo.people import Citizen
from demo.procedures import Procedure
from demo.stage import Links

_FORM = "/nop-ho-so"
LINKS = Links(
    home="/trang-chu",
    catalogue="/thu-tuc-hanh-chinh",
    advanced="/thu-tuc-hanh-chinh",
    detail="/thu-tuc-hanh-chinh/{number}",
    apply=f"{_FORM}?thutuc={{number}}",
    lookup="/tra-cuu-ho-so",
    login="/dang-nhap",
    help="/huong-dan-su-dung",
    feedback="/danh-gia-gop-y",
    news="/tin/{number}",
    site_search="/tim",
    sso="/dang-nhap/sso",
    callback="/dang-nhap/sso/ket-qua",
    store="/giay-to",
    stored="/giay-to/{id}",
    removal="/giay-to/{id}/xoa",
    mine="/ca-nhan/ho-so",
    pay="/nop-ho-so/thanh-toan",
)


def _where(_: web.Request, draft: Draft) -> int:
    return draft.reached


def _address(_: Procedure, __: int) -> str:
    return _FORM


_SAVE = Named("btnLuu", "Lưu")
WIZARD = Wizard(
    screens=(
        Screen(title="Thông tin người nộp", sections=(Section.IDENTITY,), onward=_SAVE),
        Screen(title="Giấy tờ kèm theo", sections=(Section.ATTACHMENTS,), onward=_SAVE),
        Screen(
            title="Lệ phí và cam kết",
            sections=(Section.FEE, Section.CONFIRM),
            onward=Named("btnLuuVaNop", "Lưu và nộp hồ sơ"),
        ),
    ),
    where=_where,
    address=_address,
    done="/nop-ho-so/ket-qua",
)


def routes(office: Office) -> list[web.RouteDef]:
    """The pages of a portal of this family."""
    flow = FlowPages(office, WIZARD)

    async def form(request: web.Request, visit: Visit, citizen: Citizen) -> web.Response:
        # The link on a procedure's page starts afresh; the bare address goes on where the visitor was.
        turn = flow.begin if WIZARD.asked(request) else flow.show
        return await turn(request, visit, citizen)

    return [
        *flow.routes(),
        *CataloguePages(office.stage, flow).routes(),
        web.get(_FORM, flow.inside(form)),
        web.post(_FORM, flow.inside(flow.take)),
        asset("plain.css"),
        asset("late.js"),
    ]

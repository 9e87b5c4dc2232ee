"""Portals drawn on the server. A middle and the last step share the button's id; only the path tells them apart."""

from aiohttp import web

from demo.families.drawn import CataloguePages
from demo.flow.dossiers import Draft
from demo.flow.office import Office
from demo.flow.pages import FlowPages
from demo.flow.screens import Screen, Section, Wizard
from demo.flow.wording import Named
from demo.procedures import Procedure
from demo.stage import Links

_FORM = "/dich-vu-cong/tiep-nhan-online/nhap-thong-tin-ho-so"
_FEE = "/dich-vu-cong/tiep-nhan-online/nhap-le-phi-ho-so"
LINKS = Links(
    home="/",
    catalogue="/dichvucong/bothutuc",
    advanced="/dichvucong/bothutuc",
    detail="/dichvucong/thutuc/{number}",
    apply=f"{_FORM}?thutuc={{number}}",
    lookup="/dichvucong/tracuu",
    login="/dang-nhap",
    help="/huong-dan",
    feedback="/phan-anh-kien-nghi",
    news="/tin-tuc/{number}",
    site_search="/tim-kiem",
)


def _where(request: web.Request, _: Draft) -> int:
    return 1 if request.path == _FEE else 0


def _address(procedure: Procedure, place: int) -> str:
    return f"{_FEE if place else _FORM}?thutuc={procedure.number}"


_ONWARD = Named("btnDongYTiepTuc", "Đồng ý và tiếp tục")
WIZARD = Wizard(
    screens=(
        Screen(title="Thông tin hồ sơ", sections=(Section.IDENTITY, Section.ATTACHMENTS), onward=_ONWARD),
        Screen(title="Lệ phí và hình thức nhận kết quả", sections=(Section.FEE, Section.CONFIRM), onward=_ONWARD),
    ),
    where=_where,
    address=_address,
    done="/dich-vu-cong/tiep-nhan-online/hoan-thanh",
)


def routes(office: Office) -> list[web.RouteDef]:
    """The pages of a portal of this family."""
    flow = FlowPages(office, WIZARD)
    return [
        *flow.routes(),
        *CataloguePages(office.stage, flow).routes(),
        *(web.get(path, flow.inside(flow.show)) for path in (_FORM, _FEE)),
        *(web.post(path, flow.inside(flow.take)) for path in (_FORM, _FEE)),
    ]

"""Portals with an admin theme's look. A dossier's screens share one address, the step is in the query."""

from urllib.parse import urlencode

from aiohttp import web

from demo.common import asset
from demo.families.drawn import CataloguePages, positive
from demo.flow.dossiers import Draft
from demo.flow.office import Office
from demo.flow.pages import FlowPages
from demo.flow.screens import Screen, Section, Wizard
from demo.flow.wording import Named
from demo.procedures import Procedure
from demo.stage import Links

_FORM = "/nop-ho-so/{number}"
_STEP = "buoc"
LINKS = Links(
    home="/",
    catalogue="/dich-vu-cong",
    advanced="/dich-vu-cong",
    detail="/dich-vu-cong/chi-tiet/{number}",
    apply=_FORM,
    lookup="/tra-cuu",
    login="/dang-nhap",
    help="/ho-tro",
    feedback="/danh-gia",
    news="/bai-viet/{number}",
    site_search="/bai-viet",
    sso="/auth/redirect",
    callback="/auth/callback",
    logout="/auth/logout",
    store="/tai-khoan/kho-tai-lieu",
    stored="/tai-khoan/kho-tai-lieu/{id}",
    removal="/tai-khoan/kho-tai-lieu/{id}/delete",
    mine="/tai-khoan/ho-so",
    pay="/thanh-toan-phi",
)


def _where(request: web.Request, _: Draft) -> int:
    return min(positive(request.query.get(_STEP)), len(WIZARD.screens)) - 1


def _address(procedure: Procedure, place: int) -> str:
    address = _FORM.format(number=procedure.number)
    return f"{address}?{urlencode({_STEP: place + 1})}" if place else address


_NEXT = Named("kt_tiep-tuc", "Tiếp tục")
WIZARD = Wizard(
    screens=(
        Screen(title="Thông tin chung", sections=(Section.IDENTITY,), onward=_NEXT),
        Screen(title="Thành phần hồ sơ", sections=(Section.ATTACHMENTS,), onward=_NEXT),
        Screen(title="Phí và nhận kết quả", sections=(Section.FEE,), onward=_NEXT),
        Screen(title="Xác nhận", sections=(Section.CONFIRM,), onward=Named("kt_gui-ho-so", "Gửi hồ sơ")),
    ),
    where=_where,
    address=_address,
    done="/nop-ho-so/hoan-tat",
)


def routes(office: Office) -> list[web.RouteDef]:
    """The pages of a portal of this family."""
    flow = FlowPages(office, WIZARD)
    form = r"/nop-ho-so/{number:\d{1,9}}"
    return [
        *flow.routes(),
        *CataloguePages(office.stage, flow).routes(),
        web.get(form, flow.inside(flow.show)),
        web.post(form, flow.inside(flow.take)),
        asset("eform.css"),
        asset("late.js"),
    ]

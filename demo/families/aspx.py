"""Portals of post-backs: each page is one form that is sent to itself, and a stale view state ends in an error page."""

from collections.abc import Mapping

from aiohttp import web

from demo.common import asset
from demo.families.drawn import path_of
from demo.families.postback import BODY, Act, MembersAct, PostBackPages
from demo.flow.dossiers import Draft
from demo.flow.office import Office
from demo.flow.screens import Screen, Section, Wizard
from demo.flow.wording import Named
from demo.procedures import Procedure
from demo.stage import Links

_ROOT = "/portaldvc"
_FORM = f"{_ROOT}/NopHoSo/kekhai.aspx"
LINKS = Links(
    home=f"{_ROOT}/Home/default.aspx",
    catalogue=f"{_ROOT}/ThuTuc/default.aspx",
    advanced=f"{_ROOT}/ThuTuc/default.aspx",
    detail=f"{_ROOT}/ThuTuc/chitiet.aspx?id={{number}}",
    apply=f"{_ROOT}/NopHoSo/default.aspx?thutuc={{number}}",
    lookup=f"{_ROOT}/TraCuu/default.aspx",
    login=f"{_ROOT}/Account/login.aspx",
    help=f"{_ROOT}/Home/huongdan.aspx",
    feedback=f"{_ROOT}/GopY/default.aspx",
    news=f"{_ROOT}/TinTuc/chitiet.aspx?id={{number}}",
    site_search=f"{_ROOT}/TinTuc/default.aspx",
    sso=f"{_ROOT}/Account/sso.ashx",
    callback=f"{_ROOT}/Account/callback.ashx",
    logout=f"{_ROOT}/Account/logout.aspx",
    store=f"{_ROOT}/KhoDuLieu/default.aspx",
    stored=f"{_ROOT}/KhoDuLieu/taive.ashx?id={{id}}",
    mine=f"{_ROOT}/HoSo/default.aspx",
    pay=f"{_ROOT}/NopHoSo/thanhtoan.ashx",
)


def _where(_: web.Request, draft: Draft) -> int:
    return draft.reached


def _address(_: Procedure, __: int) -> str:
    return _FORM


_NEXT = Named(f"{BODY}btnTiepTuc", "Tiếp tục")
WIZARD = Wizard(
    screens=(
        Screen(title="Thông tin hồ sơ", sections=(Section.IDENTITY, Section.ATTACHMENTS), onward=_NEXT),
        Screen(title="Phí, lệ phí", sections=(Section.FEE,), onward=_NEXT),
        Screen(title="Nộp hồ sơ", sections=(Section.CONFIRM,), onward=Named(f"{BODY}btnNopHoSo", "Nộp hồ sơ")),
    ),
    where=_where,
    address=_address,
    done=f"{_ROOT}/NopHoSo/ketqua.aspx",
)


def routes(office: Office) -> list[web.RouteDef]:
    """The pages of a portal of this family."""
    pages = PostBackPages(office, WIZARD)
    return [
        *pages.access_routes(),
        *pages.public.routes(),
        web.get(LINKS.lookup, pages.look_up),
        web.get(LINKS.feedback, pages.feedback),
        web.get(path_of(LINKS.apply), pages.inside(pages.begin)),
        web.get(_FORM, pages.inside(pages.show)),
        web.get(WIZARD.done, pages.inside(pages.done)),
        web.get(LINKS.pay, pages.inside(pages.pay)),
        web.get(LINKS.store, pages.inside(pages.store)),
        web.get(path_of(LINKS.stored), pages.inside(pages.download)),
        web.get(LINKS.mine, pages.inside(pages.mine)),
        *_post_backs(pages),
        asset("aspx.css"),
        asset("late.js"),
        asset("aspx.js"),
    ]


def _post_backs(pages: PostBackPages) -> list[web.RouteDef]:
    anybody: Mapping[str, Act] = {
        LINKS.home: pages.searched,
        LINKS.catalogue: pages.browsed,
        path_of(LINKS.detail): pages.applied,
        LINKS.lookup: pages.looked_up,
        LINKS.feedback: pages.opined,
    }
    members: Mapping[str, MembersAct] = {
        _FORM: pages.filled_in,
        LINKS.store: pages.shelf_changed,
        LINKS.mine: pages.withdrawn,
    }
    silent = (LINKS.help, LINKS.login, LINKS.site_search, path_of(LINKS.news), WIZARD.done)
    return [
        *(web.post(page, pages.taking(act)) for page, act in anybody.items()),
        *(web.post(page, pages.inside(pages.taking_from_members(act))) for page, act in members.items()),
        *(web.post(page, pages.taking(pages.passed_over)) for page in silent),
    ]

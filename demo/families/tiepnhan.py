"""Portals drawn on the server. A middle and the last step share the button's id; only the path tells them apart."""

from urllib.parse import urlencode

from aiohttp import web

from demo.challenge import COOKIE
from demo.faults import Fault
from demo.flow.dossiers import Draft
from demo.flow.office import Office
from demo.flow.pages import FlowPages
from demo.flow.screens import Screen, Section, Wizard
from demo.flow.wording import Named
from demo.procedures import Procedure, search
from demo.stage import Links, Stage
from demo.texts import NOTES
from demo.wording import parameters

_SIZE = 10
_PAGE = "trang"
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
    pages = _Pages(office.stage, flow)
    return [
        *flow.routes(),
        web.get(LINKS.home, pages.home),
        web.get(LINKS.catalogue, pages.catalogue),
        web.get(r"/dichvucong/thutuc/{number:\d{1,9}}", pages.detail),
        *(web.get(path, flow.inside(flow.show)) for path in (_FORM, _FEE)),
        *(web.post(path, flow.inside(flow.take)) for path in (_FORM, _FEE)),
        web.get(LINKS.site_search, pages.site_search),
        web.get(r"/tin-tuc/{number:\d{1,9}}", pages.article),
        web.get(LINKS.help, pages.help),
    ]


class _Pages:
    def __init__(self, stage: Stage, flow: FlowPages) -> None:
        self._stage = stage
        self._flow = flow

    async def home(self, request: web.Request) -> web.Response:
        return self._stage.document("tiepnhan/home.html", who=self._flow.who(request))

    async def catalogue(self, request: web.Request) -> web.Response:
        if self._stage.fault is Fault.CAPTCHA and not self._stage.desk.admits(request.cookies.get(COOKIE)):
            ticket = self._stage.desk.issue()
            return self._stage.document("tiepnhan/challenge.html", ticket=ticket, next=request.path_qs)
        query = _query(request)
        page = search(self._stage.procedures, query, _number(request.query.get(_PAGE)), _SIZE)
        first = (page.number - 1) * _SIZE + 1
        return self._stage.document(
            "tiepnhan/list.html",
            who=self._flow.who(request),
            query=query,
            page=page,
            first=first,
            page_path=self._page_path(query),
        )

    async def detail(self, request: web.Request) -> web.Response:
        procedure = self._stage.by_number(int(request.match_info["number"]))
        if procedure is None:
            raise web.HTTPNotFound
        return self._stage.document(
            "tiepnhan/detail.html",
            who=self._flow.who(request),
            procedure=procedure,
            fields=self._stage.fields(procedure),
        )

    async def site_search(self, request: web.Request) -> web.Response:
        query = request.query.get("q", "").strip()
        found = [item for item in self._stage.news if query.casefold() in item.title.casefold()]
        text = f"Có {len(found)} tin, bài phù hợp với “{query}”." if found else f"Không có tin, bài nào về “{query}”."
        return self._note("Tìm trong tin tức, văn bản", [text], found)

    async def article(self, request: web.Request) -> web.Response:
        item = self._stage.article(int(request.match_info["number"]))
        if item is None:
            raise web.HTTPNotFound
        return self._note(item.title, [f"Ngày {item.day:%d/%m/%Y}", item.text])

    async def help(self, _: web.Request) -> web.Response:
        return self._plain("help")

    def _plain(self, name: str) -> web.Response:
        return self._note(NOTES[name].heading, NOTES[name].paragraphs)

    def _note(self, heading: str, paragraphs: object, items: object = ()) -> web.Response:
        return self._stage.document("tiepnhan/note.html", heading=heading, paragraphs=paragraphs, items=items)

    def _page_path(self, query: str) -> object:
        name = self._stage.style.names.parameter
        return lambda number: f"{LINKS.catalogue}?{urlencode({name: query, _PAGE: number})}"


def _query(request: web.Request) -> str:
    given = (request.query.get(name) for name in parameters())
    return next((text.strip() for text in given if text is not None), "")


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < len("1000000000") else 1

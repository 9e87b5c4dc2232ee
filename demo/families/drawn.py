"""The public pages of families that are drawn on the server: home, catalogue, procedure, news, help."""

from collections.abc import Callable, Sequence
from functools import partial

from aiohttp import web

from demo.challenge import COOKIE
from demo.faults import Fault
from demo.flow.pages import FlowPages, with_query
from demo.procedures import search
from demo.stage import Stage
from demo.texts import NOTES, Article
from demo.wording import parameters

PAGE = "trang"
_SIZE = 10
_LONGEST_NUMBER = 9


def path_of(address: str) -> str:
    """An address without its query."""
    return address.partition("?")[0]


def number_in_path(request: web.Request) -> str:
    """The id of a procedure or an article as the path has it."""
    return request.match_info["number"]


class CataloguePages:
    """One portal's public pages. ``number`` tells which procedure or article a request is about."""

    def __init__(self, stage: Stage, flow: FlowPages, number: Callable[[web.Request], str] = number_in_path) -> None:
        self._stage = stage
        self._flow = flow
        self._number = number

    def routes(self) -> list[web.RouteDef]:
        """All of them: each has a path of its own."""
        links = self._stage.links
        return [
            *(web.get(path, self.home) for path in dict.fromkeys(("/", links.home))),
            web.get(path_of(links.catalogue), self.catalogue),
            web.get(path_of(links.detail), self.detail),
            web.get(path_of(links.site_search), self.site_search),
            web.get(path_of(links.news), self.article),
            web.get(path_of(links.help), self.help),
        ]

    async def home(self, request: web.Request) -> web.Response:
        """The first page."""
        return self._draw(request, "home.html")

    async def catalogue(self, request: web.Request) -> web.Response:
        """The search's results."""
        return self.found(request, asked(request), positive(request.query.get(PAGE)))

    def found(self, request: web.Request, query: str, number: int) -> web.Response:
        """A page of results, or a picture to read first."""
        if self._stage.fault is Fault.CAPTCHA and not self._stage.desk.admits(request.cookies.get(COOKIE)):
            ticket = self._stage.desk.issue()
            return self._draw(request, "challenge.html", ticket=ticket, next=self.results(query, number))
        page = search(self._stage.procedures, query, number, _SIZE)
        first = (page.number - 1) * _SIZE + 1
        page_path = partial(self.results, query)
        return self._draw(request, "list.html", query=query, page=page, first=first, page_path=page_path)

    def results(self, query: str, number: int) -> str:
        """Where a page of results is."""
        given = {self._stage.style.names.parameter: query, PAGE: str(number)}
        return with_query(self._stage.links.catalogue, **given)

    async def detail(self, request: web.Request) -> web.Response:
        """A procedure."""
        procedure = self._stage.by_number(positive(self._number(request)))
        if procedure is None:
            raise web.HTTPNotFound
        return self._draw(request, "detail.html", procedure=procedure, fields=self._stage.fields(procedure))

    async def site_search(self, request: web.Request) -> web.Response:
        """The search for news, which is not the one for procedures."""
        return self.told(request, request.query.get("q", ""))

    def told(self, request: web.Request, given: str) -> web.Response:
        """News about what was ``given``."""
        query = given.strip()
        found = [item for item in self._stage.news if query.casefold() in item.title.casefold()]
        text = f"Có {len(found)} tin, bài phù hợp với “{query}”." if found else f"Không có tin, bài nào về “{query}”."
        return self._note(request, "Tìm trong tin tức, văn bản", [text], found)

    async def article(self, request: web.Request) -> web.Response:
        """A piece of news."""
        item = self._stage.article(positive(self._number(request)))
        if item is None:
            raise web.HTTPNotFound
        return self._note(request, item.title, [f"Ngày {item.day:%d/%m/%Y}", item.text])

    async def help(self, request: web.Request) -> web.Response:
        """How to use the portal."""
        return self._note(request, NOTES["help"].heading, NOTES["help"].paragraphs)

    def _note(
        self, request: web.Request, heading: str, paragraphs: Sequence[str], items: Sequence[Article] = ()
    ) -> web.Response:
        return self._draw(request, "note.html", heading=heading, paragraphs=paragraphs, items=items)

    def _draw(self, request: web.Request, template: str, **context: object) -> web.Response:
        return self._flow.draw(request, template, **context)


def asked(request: web.Request) -> str:
    """What a search in the query asks for."""
    given = (request.query.get(name) for name in parameters())
    return next((text.strip() for text in given if text is not None), "")


def positive(text: str | None) -> int:
    """A number that somebody may have written by hand; 1 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else 1

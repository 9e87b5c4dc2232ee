"""The catalogue of procedures and the news, as JSON."""

from aiohttp import web

from demo.challenge import COOKIE
from demo.common import reply
from demo.faults import Fault
from demo.procedures import Procedure, search
from demo.stage import Stage
from demo.texts import Article

_SIZE = 10


class Catalogue:
    """What anybody may read on one portal."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def routes(self) -> list[web.RouteDef]:
        """Its addresses."""
        return [
            web.get("/api/home", self.home),
            web.get("/api/procedures", self.procedures),
            web.get("/api/procedures/{key}", self.procedure),
            web.get("/api/news", self.news),
            web.get(r"/api/news/{number:\d{1,9}}", self.article),
        ]

    async def home(self, _: web.Request) -> web.Response:
        """What the home page shows."""
        hot = [row(self._stage, one) for one in self._stage.hot]
        news = [self._headline(item) for item in self._stage.news]
        return reply({"hot": hot, "news": news, "figures": dict(self._stage.figures)})

    async def procedures(self, request: web.Request) -> web.Response:
        """One page of a search, counted from 0."""
        if self._stage.fault is Fault.CAPTCHA and not self._stage.desk.admits(request.cookies.get(COOKIE)):
            return reply({"verification": {"required": True, "ticket": self._stage.desk.issue()}})
        page = search(
            self._stage.procedures, request.query.get("keyword", ""), _number(request.query.get("page")) + 1, _SIZE
        )
        content = [row(self._stage, one) for one in page.items]
        return reply(
            {"content": content, "totalElements": page.total, "totalPages": page.pages, "number": page.number - 1}
        )

    async def procedure(self, request: web.Request) -> web.Response:
        """One procedure."""
        one = find(self._stage, request)
        more = {
            "fields": self._stage.fields(one),
            "steps": self._stage.steps(one),
            "documents": self._stage.documents(one),
            "applyOnline": one.level.value != "none",
            "apply": self._stage.apply_path(one),
        }
        return reply(row(self._stage, one) | more)

    async def news(self, request: web.Request) -> web.Response:
        """Headlines."""
        query = request.query.get("q", "").strip().casefold()
        return reply([self._headline(item) for item in self._stage.news if query in item.title.casefold()])

    async def article(self, request: web.Request) -> web.Response:
        """One piece of news."""
        item = self._stage.article(int(request.match_info["number"]))
        if item is None:
            raise web.HTTPNotFound
        return reply(self._headline(item) | {"text": item.text})

    def _headline(self, item: Article) -> dict[str, object]:
        return {"title": item.title, "date": f"{item.day:%d/%m/%Y}", "path": self._stage.news_path(item)}


def find(stage: Stage, request: web.Request) -> Procedure:
    """The procedure whose id or code stands in the address; raises :class:`web.HTTPNotFound`."""
    key = request.match_info["key"]
    found = next((one for one in stage.procedures if key in {one.hex_id, one.code}), None)
    if found is None:
        raise web.HTTPNotFound
    return found


def row(stage: Stage, one: Procedure) -> dict[str, object]:
    """A procedure as lists show it."""
    return {
        "id": one.hex_id,
        "code": one.code,
        "name": one.title,
        "sector": one.field,
        "agency": one.agency,
        "level": one.level.value,
        "levelName": stage.style.levels[one.level],
        "path": stage.detail_path(one),
    }


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < len("1000000000") else 0

"""Portals drawn in the browser: an empty shell, a script with the page's words inside, and JSON."""

import json
from hashlib import sha256

from aiohttp import web

from demo.challenge import COOKIE
from demo.common import reply, static_text
from demo.faults import Fault
from demo.flow.office import Office
from demo.procedures import Procedure, search
from demo.stage import Links, Stage
from demo.texts import NOTES, SLOGAN, Article

_SIZE = 10
_YEAR = "public, max-age=31536000, immutable"
LINKS = Links(
    home="/vi/home",
    catalogue="/vi/procedure/search",
    advanced="/vi/procedure/search?mode=advanced",
    detail="/vi/procedure/detail/{hex}",
    apply="/vi/padsvc/apply-online/{hex}",
    lookup="/vi/dossier/search",
    login="/vi/login",
    help="/vi/help",
    feedback="/vi/feedback",
    news="/vi/news/{number}",
    site_search="/vi/news",
)
_SHELLS = (
    "/",
    "/vi",
    LINKS.home,
    LINKS.catalogue,
    "/vi/procedure/detail/{hex:[0-9a-f]{24}}",
    "/vi/padsvc/apply-online/{hex:[0-9a-f]{24}}",
    LINKS.lookup,
    LINKS.login,
    LINKS.help,
    LINKS.feedback,
    LINKS.site_search,
    r"/vi/news/{number:\d{1,9}}",
)


def routes(office: Office) -> list[web.RouteDef]:
    """The shell on every route that the script knows, and the data."""
    pages = _Pages(office.stage)
    return [
        *(web.get(path, pages.shell) for path in _SHELLS),
        web.get("/main.{digest:[0-9a-f]{16}}.js", pages.bundle),
        web.get("/api/home", pages.home),
        web.get("/api/procedures", pages.procedures),
        web.get("/api/procedures/{hex:[0-9a-f]{24}}", pages.procedure),
        web.get("/api/news", pages.news),
        web.get(r"/api/news/{number:\d{1,9}}", pages.article),
    ]


class _Pages:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def shell(self, _: web.Request) -> web.Response:
        return self._stage.document("shell.html", bundle=f"/main.{self._digest()}.js")

    async def bundle(self, request: web.Request) -> web.Response:
        # A page that was loaded before a change gets the new script too, but must not keep it under the old name.
        age = _YEAR if request.match_info["digest"] == self._digest() else "no-store"
        return web.Response(
            text=self._script(), content_type="text/javascript", charset="utf-8", headers={"Cache-Control": age}
        )

    async def home(self, _: web.Request) -> web.Response:
        hot = [self._row(one) for one in self._stage.hot]
        news = [self._headline(item) for item in self._stage.news]
        return reply({"hot": hot, "news": news, "figures": dict(self._stage.figures)})

    async def procedures(self, request: web.Request) -> web.Response:
        if self._stage.fault is Fault.CAPTCHA and not self._stage.desk.admits(request.cookies.get(COOKIE)):
            return reply({"verification": {"required": True, "ticket": self._stage.desk.issue()}})
        page = search(
            self._stage.procedures, request.query.get("keyword", ""), _number(request.query.get("page")) + 1, _SIZE
        )
        content = [self._row(one) for one in page.items]
        return reply(
            {"content": content, "totalElements": page.total, "totalPages": page.pages, "number": page.number - 1}
        )

    async def procedure(self, request: web.Request) -> web.Response:
        one = self._stage.by_hex(request.match_info["hex"])
        if one is None:
            raise web.HTTPNotFound
        more = {
            "fields": self._stage.fields(one),
            "steps": self._stage.steps(one),
            "documents": self._stage.documents(one),
            "applyOnline": one.level.value != "none",
            "apply": self._stage.apply_path(one),
        }
        return reply(self._row(one) | more)

    async def news(self, request: web.Request) -> web.Response:
        query = request.query.get("q", "").strip().casefold()
        return reply([self._headline(item) for item in self._stage.news if query in item.title.casefold()])

    async def article(self, request: web.Request) -> web.Response:
        item = self._stage.article(int(request.match_info["number"]))
        if item is None:
            raise web.HTTPNotFound
        return reply(self._headline(item) | {"text": item.text})

    def _row(self, one: Procedure) -> dict[str, object]:
        stage = self._stage
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

    def _headline(self, item: Article) -> dict[str, object]:
        return {"title": item.title, "date": f"{item.day:%d/%m/%Y}", "path": self._stage.news_path(item)}

    def _digest(self) -> str:
        return sha256(self._script().encode()).hexdigest()[:16]

    def _script(self) -> str:
        # Nothing in here may differ between two requests, or the digest would.
        return f"const environment = {json.dumps(self._environment(), ensure_ascii=False)};\n{static_text('app.js')}"

    def _environment(self) -> dict[str, object]:
        stage, style = self._stage, self._stage.style
        names, words = style.names, style.words
        return {
            "title": style.portal_title,
            "crest": stage.crest,
            "owner": stage.body_title,
            "mail": f"dichvucong@{stage.mail_domain}",
            "links": {name: getattr(LINKS, name) for name in LINKS.__slots__},
            "notices": [{"title": one.title, "text": one.text, "tone": one.tone} for one in stage.notices],
            "notes": {name: {"heading": note.heading, "paragraphs": note.paragraphs} for name, note in NOTES.items()},
            "cookies": "cookies" in style.banners,
            "feedbackForm": stage.asks_feedback,
            "slogan": "" if stage.unfriendly else SLOGAN,
            "newsletter": stage.unfriendly,
            "footerHeading": stage.footer_heading,
            "partner": stage.outside_url if stage.outside else "",
            "partnerBanner": stage.outside == "loaded",
            "search": {
                "form": names.form,
                "box": names.box,
                "button": names.button,
                "name": names.parameter,
                "type": style.box_type,
                "label": words.search_label,
                "hint": words.search_hint,
                "text": words.search_button,
                "hiddenLabel": style.hidden_label,
                "panel": style.shifted,
                "advanced": style.advanced,
            },
            "catalogue": style.catalogue_link,
            "siteSearch": style.site_search,
            "headerLookup": style.header_lookup,
            "listing": style.listing,
            "sheet": style.sheet,
            "prefix": style.prefix,
            "order": style.order,
            "next": style.next_page,
            "hits": style.hits,
            "nothing": style.nothing,
            "apply": style.apply,
            "late": style.late_ms,
        }


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < len("1000000000") else 0

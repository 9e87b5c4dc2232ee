"""What every portal serves whatever its family: style sheets, pictures, the counter, forms that need no page."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from aiohttp import web

from demo import challenge
from demo.images import BEACON, emblem, icon, landscape
from demo.stage import Stage
from demo.texts import NOTES

BEACON_PATH = "/thong-ke/luot-truy-cap.gif"
PICTURE_PATH = "/assets/images/khau-hieu.png"
FAVICON_PATH = "/favicon.ico"
_STATIC = Path(__file__).with_name("static")
_AGE = "public, max-age=604800"


def routes(stage: Stage) -> list[web.RouteDef]:
    """The routes all families share."""
    shared = Shared(stage)
    return [
        web.get("/assets/css/theme.css", shared.theme),
        web.get("/assets/css/site.css", shared.style_sheet),
        web.get("/assets/js/site.js", shared.script),
        web.get("/assets/images/logo.png", shared.logo),
        web.get("/assets/images/nen.png", shared.ground),
        web.get(PICTURE_PATH, shared.slogan),
        web.get(FAVICON_PATH, shared.favicon),
        web.get(BEACON_PATH, shared.beacon),
        web.get("/robots.txt", shared.robots),
        web.get("/api/thong-ke", shared.figures),
        web.get("/api/xac-nhan", shared.issue),
        web.get("/xac-nhan/anh/{ticket}.png", shared.ticket),
        web.post("/xac-nhan", shared.confirm),
        web.post("/gop-y", shared.feedback),
    ]


class Shared:
    """Handlers of one portal."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def theme(self, _: web.Request) -> web.Response:
        """The colours."""
        css = self._stage.draw("theme.css", palette=self._stage.style.palette)
        return web.Response(text=css, content_type="text/css", headers={"Cache-Control": _AGE})

    async def style_sheet(self, _: web.Request) -> web.Response:
        """The layout."""
        return static("site.css", "text/css")

    async def script(self, _: web.Request) -> web.Response:
        """The little script of pages that are drawn here."""
        return static("site.js", "text/javascript")

    async def logo(self, _: web.Request) -> web.Response:
        """The emblem in the header."""
        palette = self._stage.style.palette
        return picture(emblem(palette.dark, palette.accent, 144))

    async def ground(self, _: web.Request) -> web.Response:
        """The picture behind the home page's search."""
        palette = self._stage.style.palette
        return picture(landscape(palette.main, palette.dark, len(self._stage.portal.id) % 4))

    async def slogan(self, _: web.Request) -> web.Response:
        """The picture in the footer."""
        palette = self._stage.style.palette
        return picture(landscape(palette.accent, palette.dark, 9, width=360, height=90))

    async def favicon(self, _: web.Request) -> web.Response:
        """The icon in the tab."""
        palette = self._stage.style.palette
        body = icon(emblem(palette.dark, palette.accent, 32), 32)
        return web.Response(body=body, content_type="image/x-icon", headers={"Cache-Control": _AGE})

    async def beacon(self, _: web.Request) -> web.Response:
        """The counter of visits."""
        return web.Response(body=BEACON, content_type="image/gif", headers={"Cache-Control": "no-store"})

    async def robots(self, _: web.Request) -> web.Response:
        """Where crawlers should not go."""
        return web.Response(text="User-agent: *\nDisallow: /xac-nhan\n")

    async def figures(self, _: web.Request) -> web.Response:
        """The statistics of the home page."""
        return reply(dict(self._stage.figures))

    async def issue(self, _: web.Request) -> web.Response:
        """A new picture to read."""
        return reply({"ticket": self._stage.desk.issue()})

    async def ticket(self, request: web.Request) -> web.Response:
        """The picture to read."""
        body = self._stage.desk.picture(request.match_info["ticket"])
        if body is None:
            raise web.HTTPNotFound
        return web.Response(body=body, content_type="image/png", headers={"Cache-Control": "no-store"})

    async def confirm(self, request: web.Request) -> web.Response:
        """Let a reader of the picture through; anyone else gets the next picture."""
        form = await request.post()
        target = challenge.local_path(str(form.get(challenge.FIELD_NEXT, "/")))
        granted = self._stage.desk.solve(*_answer(form))
        response = web.Response(status=303, headers={"Location": target})
        if granted:
            response.set_cookie(challenge.COOKIE, granted, secure=True, httponly=True, samesite="Lax")
        return response

    async def feedback(self, request: web.Request) -> web.Response:
        """Thank for an opinion, or ask to read the picture again."""
        granted = self._stage.desk.solve(*_answer(await request.post()))
        text = "Cảm ơn bạn đã gửi góp ý." if granted else "Mã xác nhận chưa đúng, mời bạn nhập lại."
        note = NOTES["feedback"]
        return self._stage.document("note.html", heading=note.heading, paragraphs=[text], items=())


@cache
def static_text(name: str) -> str:
    """The text of a static file."""
    return (_STATIC / name).read_text(encoding="utf-8")


def static(name: str, content_type: str) -> web.Response:
    """A file as it is."""
    return web.Response(
        text=static_text(name), content_type=content_type, charset="utf-8", headers={"Cache-Control": _AGE}
    )


def asset(name: str) -> web.RouteDef:
    """The route of a family's own script or style sheet."""
    folder, content_type = ("js", "text/javascript") if name.endswith(".js") else ("css", "text/css")

    async def serve(_: web.Request) -> web.Response:
        return static(name, content_type)

    return web.get(f"/assets/{folder}/{name}", serve)


def picture(body: bytes) -> web.Response:
    """A PNG that may be kept."""
    return web.Response(body=body, content_type="image/png", headers={"Cache-Control": _AGE})


def reply(value: object, status: int = 200) -> web.Response:
    """JSON with its Vietnamese left readable."""
    return web.json_response(value, status=status, dumps=lambda data: json.dumps(data, ensure_ascii=False))


def _answer(fields: Mapping[str, object]) -> tuple[str, str]:
    return str(fields.get(challenge.FIELD_TICKET, "")), str(fields.get(challenge.FIELD_ANSWER, ""))

"""The pages of the signing desk; drawn on the server on every portal, since signing is bought in everywhere."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from aiohttp import web
from aiohttp.web_request import FileField

from demo.common import static
from demo.flow.office import Office
from demo.flow.sessions import COOKIE, Visit
from demo.flow.signing import BACK, Job, SigningDesk, State, Way
from demo.flow.store import LARGEST, Document
from demo.people import Citizen
from demo.services.signing import SigningError

DESK = "/ky-so"
_JOB = DESK + "/{id:[0-9a-f]{16}}"
_NAMES = {Way.REMOTE: "Ký số từ xa", Way.PLUGIN: "Ký bằng USB token"}

Handler = Callable[[web.Request, Visit, Citizen], Awaitable[web.StreamResponse]]


class SigningPages:
    """Handlers of one portal."""

    def __init__(self, office: Office, desk: SigningDesk) -> None:
        self._office = office
        self._stage = office.stage
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        """All of them; without the function none is there."""
        return [
            web.get(DESK, self._inside(self._show)),
            web.post(DESK, self._inside(self._take)),
            web.post(f"{DESK}/kiem-tra", self._inside(self._check)),
            web.get(BACK, self._inside(self._come_back)),
            web.get(_JOB, self._inside(self._job)),
            web.get(_JOB + "/tep", self._inside(self._fetch)),
            web.post(_JOB + "/chu-ky", self._inside(self._signature)),
            web.get("/assets/js/ky-so.js", _script),
        ]

    def _inside(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def guarded(request: web.Request) -> web.StreamResponse:
            if not self._stage.offers_signing:
                raise web.HTTPNotFound
            visit = self._office.sessions.find(request.cookies.get(COOKIE))
            if visit is None or visit.citizen is None:
                return _see(self._stage.links.login)
            return await handler(request, visit, visit.citizen)

        return guarded

    async def _show(self, _: web.Request, __: Visit, citizen: Citizen) -> web.Response:
        return self._desk_page(citizen)

    async def _take(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        form = await request.post()
        given, way = form.get("tep"), str(form.get("cach", ""))
        if not isinstance(given, FileField) or not given.filename:
            return self._desk_page(citizen, problem="Vui lòng chọn tệp PDF cần ký.")
        if way not in self._desk.ways:
            return self._desk_page(citizen, problem="Vui lòng chọn cách ký.")
        job = await self._desk.begin(citizen, self._received(given), Way(way))
        return _see(f"{DESK}/{job.id}")

    async def _check(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        given = (await request.post()).get("tep_da_ky")
        if not isinstance(given, FileField) or not given.filename:
            return self._desk_page(citizen, problem="Vui lòng chọn tệp cần kiểm tra.")
        good = await self._desk.accepts(given.file.read(LARGEST))
        return self._desk_page(citizen, verdict="good" if good else "bad")

    async def _come_back(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        job = self._desk.find(citizen, request.query.get("state", ""))
        if job is None:
            raise web.HTTPNotFound
        try:
            self._desk.redeem(job, request.query)
        except SigningError:
            job.state, job.problem = State.FAILED, "Mã xác nhận đã hết hạn."
        return _see(f"{DESK}/{job.id}")

    async def _job(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        return self._draw("signing/job.html", citizen, job=self._wanted(request, citizen))

    async def _fetch(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        job = self._wanted(request, citizen)
        if job.state is not State.SIGNED:
            raise web.HTTPNotFound
        disposition = f"attachment; filename*=UTF-8''{quote(f'da-ky-{job.name}')}"
        headers = {"Content-Disposition": disposition}
        return web.Response(body=job.result, content_type="application/pdf", headers=headers)

    async def _signature(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        job = self._wanted(request, citizen)
        try:
            signature = bytes.fromhex((await request.text())[:4096])
        except ValueError:
            raise web.HTTPBadRequest from None
        await self._desk.complete(job, signature)
        return web.json_response({"state": job.state.value})

    def _wanted(self, request: web.Request, citizen: Citizen) -> Job:
        job = self._desk.find(citizen, request.match_info["id"])
        if job is None:
            raise web.HTTPNotFound
        return job

    def _desk_page(self, citizen: Citizen, *, problem: str = "", verdict: str = "") -> web.Response:
        ways = {way.value: _NAMES[way] for way in self._desk.ways}
        return self._draw("signing/desk.html", citizen, ways=ways, problem=problem, verdict=verdict)

    def _draw(self, template: str, citizen: Citizen, **context: object) -> web.Response:
        return self._stage.document(template, status=200, who=citizen, words=self._office.words, **context)

    def _received(self, given: FileField) -> Document:
        return self._office.receive(given.filename, given.content_type, given.file.read(LARGEST))


async def _script(_: web.Request) -> web.Response:
    return static("ky-so.js", "text/javascript")


def _see(target: str) -> web.Response:
    return web.Response(status=303, headers={"Location": target, "Cache-Control": "no-store"})

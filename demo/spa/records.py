"""What a portal keeps, over JSON: the data store, dossiers and where they stand, opinions."""

from urllib.parse import quote

from aiohttp import web

from demo.common import reply
from demo.faults import Fault
from demo.flow.office import Office
from demo.flow.sessions import Visit
from demo.people import Citizen
from demo.spa.entrance import Entrance, invalid
from demo.spa.forms import read_fields, read_file, receipt
from demo.texts import LOCAL_TIME


class Records:
    """One portal's shelves and registers."""

    def __init__(self, office: Office, entrance: Entrance) -> None:
        self._office = office
        self._stage = office.stage
        self._entrance = entrance

    def routes(self) -> list[web.RouteDef]:
        """Its addresses."""
        inside, one = self._entrance.inside, "/api/documents/{id:[0-9a-f]{16}}"
        return [
            web.get("/api/documents", inside(self.documents)),
            web.post("/api/documents", inside(self.shelve)),
            web.get(one + "/content", inside(self.fetch)),
            web.delete(one, inside(self.remove)),
            web.get("/api/my-dossiers", inside(self.mine)),
            web.delete("/api/my-dossiers/{code}", inside(self.withdraw)),
            web.get("/api/dossiers", self.look_up),
            web.post("/api/feedback", self.feedback),
        ]

    async def documents(self, _: web.Request, __: Visit, citizen: Citizen) -> web.Response:
        """Somebody's documents."""
        self._require_store()
        content = [
            {
                "id": one.id,
                "name": one.name,
                "size": one.size,
                "date": f"{one.at.astimezone(LOCAL_TIME):%d/%m/%Y}",
                "content": f"/api/documents/{one.id}/content",
            }
            for one in self._office.documents(citizen)
        ]
        return reply({"owner": {"name": citizen.name, "type": citizen.holder.value}, "content": content})

    async def shelve(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        """Keep a file."""
        self._require_store()
        document = await read_file(request, self._office)
        if document is None:
            return invalid({"file": "Vui lòng chọn tệp không trống, không quá 20 MB."})
        self._office.store.put(citizen.number, document)
        return reply({"id": document.id})

    async def fetch(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        """A document's bytes."""
        document = self._office.store.find(citizen.number, request.match_info["id"])
        if document is None:
            raise web.HTTPNotFound
        name = f"tai-lieu-{document.id}" if self._stage.fault is Fault.NEAR_STORE_CORRUPT else document.name
        return web.Response(
            body=self._office.content(document),
            content_type=document.type or "application/octet-stream",
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
        )

    async def remove(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        """Throw a document away."""
        if not self._office.store.remove(citizen.number, request.match_info["id"]):
            raise web.HTTPNotFound
        return reply({})

    async def mine(self, _: web.Request, __: Visit, citizen: Citizen) -> web.Response:
        """Somebody's dossiers."""
        found = self._office.dossiers.of(citizen.number)
        return reply({"owner": {"name": citizen.name}, "content": [receipt(one) for one in found]})

    async def withdraw(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        """Take a dossier back."""
        if not self._office.dossiers.withdraw(request.match_info["code"], citizen.number):
            raise web.HTTPNotFound
        return reply({})

    async def look_up(self, request: web.Request) -> web.Response:
        """Where the dossier with a code stands: a list of one, or of none."""
        dossier = self._office.dossiers.find(request.query.get("code", ""))
        if dossier is None:
            return reply({"content": []})
        return reply({"content": [receipt(dossier) | {"applicant": dossier.name, "status": "Mới đăng ký"}]})

    async def feedback(self, request: web.Request) -> web.Response:
        """An opinion or a complaint."""
        given = await read_fields(request)
        if not (given.get("rating") or given.get("complaint", "").strip()):
            return invalid({"rating": "Vui lòng chọn mức độ hài lòng hoặc nhập nội dung phản ánh."})
        return reply({"message": "Cảm ơn bạn đã gửi ý kiến."})

    def _require_store(self) -> None:
        if not self._stage.offers_store:
            raise web.HTTPNotFound

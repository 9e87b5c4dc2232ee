"""Filling in a dossier over JSON: open, give step by step, attach, pay, hand in."""

from collections.abc import Sequence

from aiohttp import web
from aiohttp.web_request import FileField

from demo.common import reply
from demo.flow.dossiers import Dossier, Draft
from demo.flow.office import Office
from demo.flow.pages import see
from demo.flow.screens import Screen, faults_in
from demo.flow.sessions import COOKIE, Visit
from demo.flow.store import LARGEST, Document
from demo.people import Citizen
from demo.spa.catalogue import find, row
from demo.spa.entrance import Entrance, invalid, problem
from demo.texts import LOCAL_TIME

PAY = "/payment/checkout"
_LONGEST = 500
_GONE = "Hồ sơ đang kê khai không còn, vui lòng kê khai lại."


class Forms:
    """The dossiers that one portal's visitors fill in. ``asks_code``: who isn't a test account reads a picture."""

    def __init__(self, office: Office, entrance: Entrance, screens: Sequence[Screen], *, asks_code: bool) -> None:
        self._office = office
        self._stage = office.stage
        self._entrance = entrance
        self._screens = screens
        self._asks_code = asks_code

    def routes(self) -> list[web.RouteDef]:
        """Its addresses."""
        inside, base = self._entrance.inside, "/api/applications/{key}"
        return [
            web.get(base, inside(self.open)),
            web.post(base + r"/steps/{place:\d}", inside(self.give)),
            web.post(base + "/files", inside(self.upload)),
            web.post(base + "/stored", inside(self.take)),
            web.get(PAY, self.pay),
        ]

    async def open(self, request: web.Request, visit: Visit, citizen: Citizen) -> web.Response:
        """The draft of a procedure: begun now, or as the visitor left it."""
        procedure = find(self._stage, request)
        if visit.draft is None or visit.draft.procedure != procedure:
            visit.draft = Draft(procedure)
        draft, documents = visit.draft, self._office.documents(citizen) if self._stage.offers_store else []
        return reply(
            {
                "procedure": row(self._stage, procedure),
                "step": draft.reached,
                "form": {"display": "form", "components": self._components(citizen)},
                "data": draft.values,
                "files": _names(draft),
                "delivery": draft.delivery,
                "fee": f"{self._office.fee(draft):,}".replace(",", "."),
                "documents": [{"id": one.id, "name": one.name} for one in documents],
                "captcha": self._captcha(citizen),
            }
        )

    async def give(self, request: web.Request, visit: Visit, citizen: Citizen) -> web.Response:
        """What stands on one step; the last one hands the dossier in."""
        draft = self._draft(request, visit)
        if draft is None:
            return problem(409, _GONE)
        given = await read_fields(request)
        place = int(request.match_info["place"])
        if place > draft.reached:
            return problem(409, "Vui lòng hoàn thành bước trước.")
        problems = faults_in(draft, self._screens[place], given)
        if problems:
            return invalid(problems)
        if place + 1 < len(self._screens):
            draft.reached = max(draft.reached, place + 1)
            return reply({"step": place + 1})
        if self._needs_code(citizen) and not self._stage.desk.solve(given.get("ticket", ""), given.get("code", "")):
            return invalid({"captcha": "Mã xác nhận chưa đúng, vui lòng nhập lại."})
        return reply(receipt(self._office.hand_in(visit, citizen, draft)))

    async def upload(self, request: web.Request, visit: Visit, _: Citizen) -> web.Response:
        """Attach a file."""
        draft = self._draft(request, visit)
        if draft is None:
            return problem(409, _GONE)
        document = await read_file(request, self._office)
        if document is None:
            return invalid({"file": "Vui lòng chọn tệp không trống, không quá 20 MB."})
        draft.attached.append(document)
        return reply({"files": _names(draft)})

    async def take(self, request: web.Request, visit: Visit, citizen: Citizen) -> web.Response:
        """Attach a document of the data store."""
        draft = self._draft(request, visit)
        if draft is None:
            return problem(409, _GONE)
        wanted = (await read_fields(request)).get("id", "")
        document = self._office.store.find(citizen.number, wanted) if self._stage.offers_store else None
        if document is None:
            return invalid({"choose": "Vui lòng chọn giấy tờ."})
        draft.attached.append(document)
        return reply({"files": _names(draft)})

    async def pay(self, request: web.Request) -> web.Response:
        """Send the visitor to the payment gateway."""
        visit = self._office.sessions.find(request.cookies.get(COOKIE))
        if visit is None or visit.citizen is None or visit.draft is None:
            return see(self._stage.links.login)
        return see(self._office.payment_url(visit.draft, self._stage.apply_path(visit.draft.procedure)))

    def _draft(self, request: web.Request, visit: Visit) -> Draft | None:
        return visit.draft if visit.draft and visit.draft.procedure == find(self._stage, request) else None

    def _needs_code(self, citizen: Citizen) -> bool:
        return self._asks_code and not citizen.test_mode

    def _captcha(self, citizen: Citizen) -> dict[str, object] | None:
        if not self._asks_code:
            return None
        needed = self._needs_code(citizen)
        return {"required": needed, "ticket": self._stage.desk.issue() if needed else ""}

    def _components(self, citizen: Citizen) -> list[dict[str, object]]:
        known = (
            ("fullName", "Họ và tên", citizen.name),
            ("identity", "Số định danh", citizen.number),
            ("address", "Địa chỉ", citizen.address),
        )
        filled: list[dict[str, object]] = [
            {"type": "textfield", "key": key, "id": key, "label": label, "disabled": True, "defaultValue": value}
            for key, label, value in known
        ]
        wanted = (("textfield", "phone", True), ("email", "email", False), ("textarea", "content", True))
        words = self._office.words
        return filled + [
            {"type": kind, "key": key, "id": words[key].id, "label": words[key].text, "validate": {"required": must}}
            for kind, key, must in wanted
        ]


def receipt(dossier: Dossier) -> dict[str, object]:
    """What a visitor gets for a dossier."""
    return {
        "code": dossier.code,
        "date": f"{dossier.at.astimezone(LOCAL_TIME):%d/%m/%Y}",
        "procedure": dossier.procedure.title,
        "agency": dossier.procedure.agency,
        "content": dossier.mark,
    }


async def read_fields(request: web.Request) -> dict[str, str]:
    """The texts of a JSON object, cut to a sane length; nothing for any other body."""
    try:
        body = await request.json()
    except (ValueError, RecursionError):
        return {}
    if not isinstance(body, dict):
        return {}
    return {name: value[:_LONGEST] for name, value in body.items() if isinstance(value, str)}


async def read_file(request: web.Request, office: Office) -> Document | None:
    """The file that a form carries; None when there is none that can be kept."""
    given = (await request.post()).get("file")
    if not isinstance(given, FileField) or not given.filename:
        return None
    data = given.file.read()
    return office.receive(given.filename, given.content_type, data) if 0 < len(data) <= LARGEST else None


def _names(draft: Draft) -> list[str]:
    return [one.name for one in draft.attached]

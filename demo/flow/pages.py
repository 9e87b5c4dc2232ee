"""The pages behind the log-in of families that are drawn on the server."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote, urlencode

from aiohttp import web
from aiohttp.web_request import FileField

from demo.challenge import local_path
from demo.faults import Fault
from demo.flow.dossiers import Draft
from demo.flow.office import LATE_S, Office
from demo.flow.screens import Section, Wizard, faults_in
from demo.flow.sessions import COOKIE, LoginError, Visit
from demo.flow.store import LARGEST, Document
from demo.people import Citizen
from demo.procedures import Procedure

Handler = Callable[[web.Request, Visit, Citizen], Awaitable[web.Response]]


class FlowPages:
    """Log-in, store, dossiers and look-up of one portal."""

    def __init__(self, office: Office, wizard: Wizard) -> None:
        self._office = office
        self._stage = office.stage
        self._wizard = wizard

    def routes(self) -> list[web.RouteDef]:
        """Everything but the wizard's own addresses, which the family routes to :meth:`show` and :meth:`take`."""
        links = self._stage.links
        return [
            *self.access_routes(),
            web.get(links.store, self.inside(self.store)),
            web.post(links.store, self.inside(self.shelve)),
            web.get(links.stored, self.inside(self._fetch)),
            web.post(links.removal, self.inside(self._remove)),
            web.get(links.pay, self.inside(self.pay)),
            web.get(links.mine, self.inside(self.mine)),
            web.post(links.mine, self.inside(self.withdraw)),
            web.get(self._wizard.done, self.inside(self.done)),
            web.get(links.lookup, self.look_up),
            web.get(links.feedback, self.feedback),
            web.post(links.feedback, self.rated),
        ]

    def access_routes(self) -> list[web.RouteDef]:
        """Logging in and out."""
        links = self._stage.links
        return [
            web.get(links.login, self.entrance),
            web.get(links.sso, self.leave_for_provider),
            web.get(links.callback, self.come_back),
            web.get(links.logout, self.log_out),
        ]

    def inside(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
        """A page for those who are logged in; anybody else is asked to."""

        async def guarded(request: web.Request) -> web.Response:
            visit = self._office.sessions.find(request.cookies.get(COOKIE))
            if visit is None or visit.citizen is None:
                return see(with_query(self._stage.links.login, tiep=request.path_qs))
            return await handler(request, visit, visit.citizen)

        return guarded

    def who(self, request: web.Request) -> Citizen | None:
        """Who is looking at a page."""
        visit = self._office.sessions.find(request.cookies.get(COOKIE))
        return visit.citizen if visit else None

    async def entrance(self, request: web.Request) -> web.Response:
        """The portal's own log-in page, with a button to the identity provider."""
        after = local_path(request.query.get("tiep", self._stage.links.mine))
        return self.draw(request, "entrance.html", sso=with_query(self._stage.links.sso, tiep=after))

    async def leave_for_provider(self, request: web.Request) -> web.Response:
        """Send the visitor to the identity provider."""
        visit = self._office.sessions.find(request.cookies.get(COOKIE)) or self._office.sessions.open()
        response = see(self._office.login.begin(visit, local_path(request.query.get("tiep", self._stage.links.mine))))
        return _remember(response, visit)

    async def come_back(self, request: web.Request) -> web.Response:
        """Take up a visitor who was at the identity provider."""
        visit = self._office.sessions.find(request.cookies.get(COOKIE))
        if visit is None:
            return see(self._stage.links.login)
        fault = self._stage.fault
        await asyncio.sleep(LATE_S if fault is Fault.NEAR_LOGIN_BROKEN else 0)
        try:
            return see(self._office.login.finish(visit, request.query, fault))
        except LoginError as error:
            return self.draw(request, "refusal.html", heading="Đăng nhập không thành công", text=str(error), status=400)

    async def log_out(self, request: web.Request) -> web.Response:
        """End the visit."""
        visit = self._office.sessions.find(request.cookies.get(COOKIE))
        if visit:
            self._office.sessions.close(visit)
        return see(self._stage.links.home)

    async def begin(self, request: web.Request, visit: Visit, _: Citizen) -> web.Response:
        """Start a dossier afresh, whatever was begun before."""
        procedure = self._wanted(request, visit)
        if procedure is None:
            return see(self._stage.links.catalogue)
        visit.draft = Draft(procedure)
        return see(self._wizard.address(procedure, 0))

    async def show(self, request: web.Request, visit: Visit, citizen: Citizen) -> web.Response:
        """A screen of the dossier that the visitor is filling in."""
        procedure = self._wanted(request, visit)
        if procedure is None:
            return see(self._stage.links.catalogue)
        if visit.draft is None or visit.draft.procedure != procedure:
            visit.draft = Draft(procedure)
        place = self._wizard.where(request, visit.draft)
        if place > visit.draft.reached:
            return see(self._wizard.address(procedure, visit.draft.reached))
        return self._screen(request, citizen, visit.draft, place, {})

    async def take(self, request: web.Request, visit: Visit, citizen: Citizen) -> web.Response:
        """What the visitor gave on a screen."""
        return self.act(request, visit, citizen, await request.post())

    def act(self, request: web.Request, visit: Visit, citizen: Citizen, form: Mapping[str, object]) -> web.Response:
        """What the visitor gave on a screen: ``form`` by the elements' ids, and the wish as ``viec``."""
        draft = visit.draft
        if draft is None:
            return see(self._stage.links.catalogue)
        place = min(self._wizard.where(request, draft), draft.reached)
        given = self._by_meaning({name: str(value) for name, value in form.items() if isinstance(value, str)})
        match form.get("viec", "tiep"):
            case "tai-len":
                problem = self._attach(draft, form.get(self._office.words["file"].id))
                self._note_values(draft, place, given)
                return self._screen(request, citizen, draft, place, {"file": problem} if problem else {})
            case "kho":
                document = self._office.store.find(citizen.number, given.get("choose", ""))
                draft.attached += [document] if document else []
                self._note_values(draft, place, given)
                return self._screen(
                    request, citizen, draft, place, {} if document else {"choose": "Vui lòng chọn giấy tờ."}
                )
            case _:
                return self._onward(request, visit, citizen, given)

    def _onward(self, request: web.Request, visit: Visit, citizen: Citizen, given: Mapping[str, str]) -> web.Response:
        draft = visit.draft
        if draft is None:
            return see(self._stage.links.catalogue)
        place = min(self._wizard.where(request, draft), draft.reached)
        problems = faults_in(draft, self._wizard.screens[place], given)
        if problems:
            return self._screen(request, citizen, draft, place, problems)
        if place + 1 < len(self._wizard.screens):
            draft.reached = max(draft.reached, place + 1)
            return see(self._wizard.address(draft.procedure, place + 1))
        dossier = self._office.hand_in(visit, citizen, draft)
        return see(with_query(self._wizard.done, so=dossier.code))

    def _screen(
        self, request: web.Request, citizen: Citizen, draft: Draft, place: int, problems: Mapping[str, str]
    ) -> web.Response:
        return self.draw(
            request,
            "screen.html",
            draft=draft,
            place=place,
            wizard=self._wizard,
            sections=[section.value for section in self._wizard.screens[place].sections],
            problems=problems,
            pay=self._stage.links.pay,
            documents=self._office.documents(citizen) if self._stage.offers_store else [],
            fee=f"{self._office.fee(draft):,}".replace(",", "."),
        )

    async def store(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        """What is in the data store."""
        return self._shelf(request, citizen)

    async def shelve(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        """Put a file into the data store."""
        return self.keep(request, citizen, (await request.post()).get(self._office.words["file"].id))

    def keep(self, request: web.Request, citizen: Citizen, given: object) -> web.Response:
        """Put ``given`` into the data store if it is a file."""
        problem = _unfit(given)
        if problem or not isinstance(given, FileField):
            return self._shelf(request, citizen, problem)
        self._office.store.put(citizen.number, self._received(given))
        return see(self._stage.links.store)

    def _shelf(self, request: web.Request, citizen: Citizen, problem: str = "") -> web.Response:
        if not self._stage.offers_store:
            raise web.HTTPNotFound
        return self.draw(request, "store.html", documents=self._office.documents(citizen), problem=problem)

    async def _fetch(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        return self.hand_out(citizen, request.match_info["id"])

    def hand_out(self, citizen: Citizen, document_id: str) -> web.Response:
        """A stored file."""
        document = self._office.store.find(citizen.number, document_id)
        if document is None:
            raise web.HTTPNotFound
        name = f"tai-lieu-{document.id}" if self._stage.fault is Fault.NEAR_STORE_CORRUPT else document.name
        disposition = f"attachment; filename*=UTF-8''{quote(name)}"
        return web.Response(
            body=self._office.content(document),
            content_type=document.type or "application/octet-stream",
            headers={"Content-Disposition": disposition},
        )

    async def _remove(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        return self.discard(citizen, request.match_info["id"])

    def discard(self, citizen: Citizen, document_id: str) -> web.Response:
        """Take a file out of the data store."""
        self._office.store.remove(citizen.number, document_id)
        return see(self._stage.links.store)

    async def pay(self, _: web.Request, visit: Visit, __: Citizen) -> web.Response:
        """Send the visitor to the payment gateway."""
        draft = visit.draft
        if draft is None:
            return see(self._stage.links.catalogue)
        # By a link: a form that ends on another host would be stopped by the page's own policy.
        return see(self._office.payment_url(draft, self._wizard.address(draft.procedure, draft.reached)))

    async def mine(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        """The visitor's dossiers."""
        return self.draw(request, "mine.html", dossiers=self._office.dossiers.of(citizen.number))

    async def withdraw(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        """Take a dossier back."""
        return self.take_back(citizen, str((await request.post()).get("so", "")))

    def take_back(self, citizen: Citizen, code: str) -> web.Response:
        """Take the dossier with this code back."""
        self._office.dossiers.withdraw(code, citizen.number)
        return see(self._stage.links.mine)

    async def done(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        """What became of a dossier that was handed in."""
        dossier = self._office.dossiers.find(request.query.get("so", ""))
        if dossier is None or dossier.owner != citizen.number:
            raise web.HTTPNotFound
        return self.draw(request, "done.html", dossier=dossier)

    async def look_up(self, request: web.Request) -> web.Response:
        """The state of a dossier, by its code."""
        return self.tell(request, request.query.get(self._office.words["lookup"].id, ""))

    def tell(self, request: web.Request, given: str) -> web.Response:
        """The state of the dossier with the code that was ``given``."""
        code = given.strip()
        return self.draw(request, "lookup.html", code=code, dossier=self._office.dossiers.find(code))

    async def feedback(self, request: web.Request) -> web.Response:
        """Rating and complaint."""
        return self.draw(request, "feedback.html", thanks=False)

    async def rated(self, request: web.Request) -> web.Response:
        """Thanks for either."""
        return self.draw(request, "feedback.html", thanks=True)

    def draw(self, request: web.Request, template: str, **context: object) -> web.Response:
        """A page for whoever is looking at it."""
        status = context.pop("status", 200)
        return self._stage.document(
            template,
            status=status if isinstance(status, int) else 200,
            who=self.who(request),
            words=self._office.words,
            office=self._office,
            **context,
        )

    def _wanted(self, request: web.Request, visit: Visit) -> Procedure | None:
        asked = self._wizard.asked(request)
        if asked.isascii() and asked.isdigit():
            return self._stage.by_number(int(asked[:9]))
        return visit.draft.procedure if visit.draft else None

    def _by_meaning(self, given: Mapping[str, str]) -> dict[str, str]:
        """What was given, by what it means here rather than by the element's name."""
        meanings = {named.id: what for what, named in self._office.words.named.items()}
        return {meanings.get(name, name): value for name, value in given.items()}

    def _note_values(self, draft: Draft, place: int, given: Mapping[str, str]) -> None:
        if Section.IDENTITY in self._wizard.screens[place].sections:
            draft.values |= {name: given.get(name, "")[:500] for name in ("phone", "email", "content")}

    def _attach(self, draft: Draft, given: object) -> str:
        problem = _unfit(given)
        if not problem and isinstance(given, FileField):
            draft.attached.append(self._received(given))
        return problem

    def _received(self, given: FileField) -> Document:
        return self._office.receive(given.filename, given.content_type, given.file.read())


def see(target: str) -> web.Response:
    """Go there."""
    return web.Response(status=303, headers={"Location": target, "Cache-Control": "no-store"})


def with_query(address: str, **query: str) -> str:
    """An address with these parameters added."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def _remember(response: web.Response, visit: Visit) -> web.Response:
    response.set_cookie(COOKIE, visit.id, secure=True, httponly=True, samesite="Lax", path="/")
    return response


def _unfit(given: object) -> str:
    if not isinstance(given, FileField) or not given.filename:
        return "Vui lòng chọn tệp cần tải lên."
    size = given.file.seek(0, 2)
    given.file.seek(0)
    return "Tệp trống hoặc vượt quá 20 MB." if not 0 < size <= LARGEST else ""

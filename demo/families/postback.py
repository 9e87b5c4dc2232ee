"""Pages that are one form each, sent back to themselves; what a page does depends on the control that sent it."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from demo.families.drawn import CataloguePages, positive
from demo.families.viewstate import PostBack, ViewStates
from demo.flow.dossiers import Draft
from demo.flow.office import Office
from demo.flow.pages import FlowPages, Handler, see
from demo.flow.screens import Wizard
from demo.flow.sessions import Visit
from demo.people import Citizen

BODY = "ctl00_ContentPlaceHolder1_"
MASTER = "ctl00_"

Act = Callable[[web.Request, PostBack], web.Response]
MembersAct = Callable[[web.Request, Visit, Citizen, PostBack], web.Response]


class PostBackPages(FlowPages):
    """All pages of one portal; ``public`` are those that anybody may see."""

    def __init__(self, office: Office, wizard: Wizard) -> None:
        super().__init__(office, wizard)
        self.public = CataloguePages(office.stage, self, lambda request: request.query.get("id", ""))
        self._states = ViewStates(office.stage.clock)

    def draw(self, request: web.Request, template: str, **context: object) -> web.Response:
        """A page with its form's hidden fields."""
        draft = context.get("draft")
        kept = {"query": str(context.get("query", "")), "step": str(draft.reached) if isinstance(draft, Draft) else ""}
        page = self._page(request)
        state = self._states.issue(page, self._user(request), kept)
        action = request.path_qs if request.path == page else page
        return super().draw(request, template, state=state, action=action, **context)

    def taking(self, act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
        """The post-back of a page that anybody may see."""

        async def taken(request: web.Request) -> web.Response:
            post = await self._read(request)
            if post is None:
                return self.draw(request, "stale.html")
            return self._of_every_page(request, post) or act(request, post)

        return taken

    def taking_from_members(self, act: MembersAct) -> Handler:
        """The post-back of a page for those who are logged in."""

        async def taken(request: web.Request, visit: Visit, citizen: Citizen) -> web.Response:
            post = await self._read(request)
            if post is None or _overtaken(post, visit):
                return self.draw(request, "stale.html")
            return self._of_every_page(request, post) or act(request, visit, citizen, post)

        return taken

    async def download(self, request: web.Request, _: Visit, citizen: Citizen) -> web.Response:
        """A stored file."""
        return self.hand_out(citizen, request.query.get("id", ""))

    def searched(self, request: web.Request, post: PostBack) -> web.Response:
        """From the home page to the results."""
        names = self._stage.style.names
        if post.raised(names.button):
            return see(self.public.results(post.text(names.box).strip(), 1))
        return self.passed_over(request, post)

    def browsed(self, request: web.Request, post: PostBack) -> web.Response:
        """A new search, or another page of the last one."""
        if post.raised(f"{BODY}grdThuTuc"):
            return self.public.found(request, post.kept["query"], positive(post.argument.removeprefix("Page$")))
        return self.public.found(request, post.text(self._stage.style.names.box).strip(), 1)

    def applied(self, request: web.Request, post: PostBack) -> web.Response:
        """From a procedure to its dossier."""
        procedure = self._stage.by_number(positive(request.query.get("id")))
        if procedure and post.raised(f"{BODY}lnkNopHoSo"):
            return see(self._stage.apply_path(procedure))
        return self.passed_over(request, post)

    def looked_up(self, request: web.Request, post: PostBack) -> web.Response:
        """The state of a dossier."""
        return self.tell(request, post.text(self._office.words["lookup"].id))

    def opined(self, request: web.Request, post: PostBack) -> web.Response:
        """Thanks for a rating or a complaint."""
        sent = post.raised(self._office.words["rate"].id) or post.raised(f"{BODY}btnGuiPhanAnh")
        return self.draw(request, "feedback.html", thanks=sent)

    def filled_in(self, request: web.Request, visit: Visit, citizen: Citizen, post: PostBack) -> web.Response:
        """What was given on a screen of a dossier."""
        words = self._office.words
        wishes = {words["upload"].id: "tai-len", words["take"].id: "kho"}
        wish = next((wish for control, wish in wishes.items() if post.raised(control)), "tiep")
        return self.act(request, visit, citizen, {**post.given, "viec": wish})

    def shelf_changed(self, request: web.Request, _: Visit, citizen: Citizen, post: PostBack) -> web.Response:
        """A file put into the data store, or taken out."""
        if post.raised(f"{BODY}grdTaiLieu"):
            return self.discard(citizen, post.argument.removeprefix("Delete$"))
        return self.keep(request, citizen, post.given.get(self._office.words["file"].id))

    def withdrawn(self, _: web.Request, __: Visit, citizen: Citizen, post: PostBack) -> web.Response:
        """A dossier taken back."""
        return self.take_back(citizen, post.argument.removeprefix("Rut$"))

    def passed_over(self, request: web.Request, _: PostBack) -> web.Response:
        """The page again: none of its controls sent the form."""
        return see(request.path_qs)

    def _of_every_page(self, request: web.Request, post: PostBack) -> web.Response | None:
        """What the controls of the master page do."""
        if post.raised(f"{MASTER}btnTimTin"):
            return self.public.told(request, post.text(f"{MASTER}txtTimTin"))
        targets: Mapping[str, str] = {
            f"{MASTER}lnkDangNhap": self._stage.links.login,
            f"{MASTER}lnkDangXuat": self._stage.links.logout,
            f"{MASTER}btnTraCuuNhanh": self._stage.links.lookup,
        }
        return next((see(target) for control, target in targets.items() if post.raised(control)), None)

    async def _read(self, request: web.Request) -> PostBack | None:
        return self._states.read(self._page(request), self._user(request), await request.post())

    def _page(self, request: web.Request) -> str:
        return self._stage.links.home if request.path == "/" else request.path

    def _user(self, request: web.Request) -> str:
        citizen = self.who(request)
        return citizen.number if citizen else ""


def _overtaken(post: PostBack, visit: Visit) -> bool:
    """Whether the form is of a screen that the visitor has left since."""
    step = post.kept["step"]
    return bool(step) and (visit.draft is None or step != str(visit.draft.reached))

"""Portals drawn in the browser, with addresses like a server's. A dossier's four steps share one address."""

from aiohttp import web

from demo.common import static
from demo.flow.office import Office
from demo.flow.screens import Screen, Section
from demo.flow.wording import Named
from demo.spa.catalogue import Catalogue
from demo.spa.entrance import Entrance
from demo.spa.environment import environment
from demo.spa.forms import Forms
from demo.spa.records import Records
from demo.spa.shell import Shell
from demo.stage import Links, Stage

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
    store="/vi/storage",
    mine="/vi/dossier/my-dossier",
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
    "/vi/storage",
    "/vi/dossier/my-dossier",
)
_SCRIPTS = (
    "spa.js",
    "formio/layout.js",
    "formio/catalogue.js",
    "formio/fields.js",
    "formio/apply.js",
    "formio/account.js",
    "formio/main.js",
)
_LAST = ("Nộp hồ sơ", "Thanh toán", "Tiếp tục")


def routes(office: Office) -> list[web.RouteDef]:
    """The shell on every route that the script knows, and the data."""
    entrance, screens = Entrance(office), _screens(office.stage)
    shell = Shell(office.stage, "shell.html", _SCRIPTS, lambda: environment(office, screens))
    return [
        *shell.routes(_SHELLS),
        web.get("/assets/css/forms.css", _style_sheet),
        *Catalogue(office.stage).routes(),
        *entrance.routes(),
        *Forms(office, entrance, screens, asks_code=True).routes(),
        *Records(office, entrance).routes(),
    ]


async def _style_sheet(_: web.Request) -> web.Response:
    return static("formio/forms.css", "text/css")


def _screens(stage: Stage) -> tuple[Screen, ...]:
    # The middle buttons are called what the last one may be called too; only the form it belongs to tells it apart.
    onward = Named("btnNext", "Tiếp tục")
    last = Named("btnSubmit", stage.dice("last step").choice(_LAST))
    return (
        Screen(title="Thông tin chung", sections=(Section.IDENTITY,), onward=onward),
        Screen(title="Thành phần hồ sơ", sections=(Section.ATTACHMENTS,), onward=onward),
        Screen(title="Lệ phí, nhận kết quả", sections=(Section.FEE, Section.CONFIRM), onward=last),
    )

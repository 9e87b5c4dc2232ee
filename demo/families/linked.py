"""Portals for declarations that several bodies share, such as of a birth: one document, and routes behind its hash."""

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
    home="/#/",
    catalogue="/#/thu-tuc",
    advanced="/#/thu-tuc?nang-cao=1",
    detail="/#/thu-tuc/{code}",
    apply="/#/ke-khai/{code}",
    lookup="/#/tra-cuu",
    login="/#/dang-nhap",
    help="/#/huong-dan",
    feedback="/#/danh-gia",
    news="/#/tin/{number}",
    site_search="/#/tin",
    store="/#/kho",
    mine="/#/ho-so",
)
_SCRIPTS = (
    "spa.js",
    "linked/layout.js",
    "linked/catalogue.js",
    "linked/declare.js",
    "linked/account.js",
    "linked/main.js",
)
_LAST = ("Nộp hồ sơ", "Gửi hồ sơ", "Gửi tờ khai")


def routes(office: Office) -> list[web.RouteDef]:
    """The one document, its script and style, and the data."""
    entrance, screens = Entrance(office), _screens(office.stage)
    shell = Shell(office.stage, "linked.html", _SCRIPTS, lambda: environment(office, screens))
    return [
        *shell.routes(("/",)),
        web.get("/assets/css/app.css", _style_sheet),
        *Catalogue(office.stage).routes(),
        *entrance.routes(),
        *Forms(office, entrance, screens, asks_code=False).routes(),
        *Records(office, entrance).routes(),
    ]


async def _style_sheet(_: web.Request) -> web.Response:
    return static("linked/linked.css", "text/css")


def _screens(stage: Stage) -> tuple[Screen, ...]:
    last = Named("gui-to-khai", stage.dice("last step").choice(_LAST))
    return (
        Screen(
            title="Tờ khai và giấy tờ",
            sections=(Section.IDENTITY, Section.ATTACHMENTS),
            onward=Named("luu-to-khai", "Tiếp theo"),
        ),
        Screen(title="Phí và nhận kết quả", sections=(Section.FEE, Section.CONFIRM), onward=last),
    )

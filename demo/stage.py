"""One portal on stage: what is planted on it, how it looks now, and how its pages are drawn."""

import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from agent.clock import Clock
from agent.model import Kind, Portal
from demo import texts
from demo.board import Placed
from demo.challenge import Desk
from demo.faults import Fault
from demo.procedures import Procedure, plant
from demo.style import draw, under

_CITIES = frozenset({"hanoi", "haiphong", "danang", "cantho"})
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where a family keeps its pages.

    ``{number}``, ``{hex}`` and ``{code}`` stand for a procedure's or an article's id, ``{id}`` for a stored document's.
    ``sso`` leads to the identity provider, ``callback`` is where the provider sends people back to.
    """

    home: str
    catalogue: str
    advanced: str
    detail: str
    apply: str
    lookup: str
    login: str
    help: str
    feedback: str
    news: str
    site_search: str
    sso: str = "/dang-nhap/dinh-danh"
    callback: str = "/dang-nhap/quay-lai"
    logout: str = "/dang-xuat"
    store: str = "/kho-du-lieu"
    stored: str = "/kho-du-lieu/{id}"
    removal: str = "/kho-du-lieu/{id}/xoa"
    mine: str = "/ho-so-cua-toi"
    pay: str = "/thanh-toan"


class Stage:
    """A portal's content and looks. ``rank`` counts the bodies of its kind from 1."""

    def __init__(self, portal: Portal, links: Links, *, seed: int, rank: int, clock: Clock) -> None:
        self.portal = portal
        self.links = links
        self.clock = clock
        self.desk = Desk()
        self.placed: Placed | None = None
        self.rng = random.Random(f"{seed}/{portal.id}/moments")  # noqa: S311 - a demo's moods
        self._key = f"{seed}/{portal.id}"
        self.procedures = plant(portal, rank, self.dice("plant"))
        self._usual = draw(portal.platform, _body(portal), self.dice("style"))
        self._news = texts.articles(clock.now(), self.dice("news"))
        self.style = self._usual

    @property
    def fault(self) -> Fault | None:
        """What the portal suffers from now."""
        return self.placed.fault if self.placed else None

    def become(self, placed: Placed | None) -> None:
        """Look as a portal does that suffers from ``placed``."""
        self.placed = placed
        self.style = under(self._usual, self.fault, self.dice("fault"))

    @property
    def asks_feedback(self) -> bool:
        """Whether the footer holds a form with a picture to read."""
        return self.fault is Fault.NEAR_CAPTCHA

    @property
    def offers_store(self) -> bool:
        """Whether there is a data store."""
        return self.fault is not Fault.STORE_ABSENT

    @property
    def offers_signing(self) -> bool:
        """Whether documents can be signed."""
        return self.fault not in (Fault.SIGN_GONE, Fault.SIGN_ABSENT)

    @property
    def signing_title(self) -> str:
        """What the link to signing is called."""
        return "Chữ ký số" if self.fault is Fault.NEAR_SIGN_GONE else "Ký số"

    @property
    def store_title(self) -> str:
        """What the link to the data store is called."""
        return "Giấy tờ của tôi" if self.fault is Fault.NEAR_STORE_ABSENT else "Kho dữ liệu"

    @property
    def unfriendly(self) -> bool:
        """Whether pages leave out what people who can't see or can't tell pale colours need."""
        return self.fault is Fault.INACCESSIBLE

    @property
    def outside(self) -> str:
        """What the footer takes from elsewhere over http: ``loaded``, ``linked``, or nothing."""
        return {Fault.MIXED_CONTENT: "loaded", Fault.NEAR_MIXED_CONTENT: "linked"}.get(self.fault or Fault.SLOW, "")

    @property
    def outside_url(self) -> str:
        """Where that is: no host has a name under ``invalid``."""
        return f"http://lienket.{self.portal.id}.invalid"

    @property
    def footer_heading(self) -> str:
        """The tag of the headings in the footer."""
        return "h5" if self.fault is Fault.NEAR_INACCESSIBLE else "h2"

    @property
    def news(self) -> tuple[texts.Article, ...]:
        """The newest articles."""
        if self.fault is Fault.NEAR_ERROR_PAGE_200:
            return (texts.alarming(self._news[0]), *self._news)
        return self._news

    @property
    def notices(self) -> tuple[texts.Notice, ...]:
        """The boxes above each page."""
        return texts.notices(self.style.banners, self.clock.now())

    @cached_property
    def hot(self) -> tuple[Procedure, ...]:
        """The procedures that the home page offers."""
        return tuple(self.dice("hot").sample(self.procedures, 6))

    @cached_property
    def figures(self) -> Mapping[str, str]:
        """The statistics of the home page."""
        rng = self.dice("figures")
        received = rng.randint(20_000, 900_000)
        settled = round(received * rng.uniform(0.9, 0.99))
        share = f"{rng.uniform(91, 99.9):.2f}%".replace(".", ",")
        return {"received": _grouped(received), "settled": _grouped(settled), "punctual": share}

    @property
    def version(self) -> str:
        """Changes with the looks, so that no browser shows an old style sheet."""
        return sha256(f"{self._key}{self.style}".encode()).hexdigest()[:10]

    @property
    def crest(self) -> str:
        """The line above the portal's name."""
        return "Cộng hòa xã hội chủ nghĩa Việt Nam" if self.portal.kind is Kind.MINISTRY else self.body_title

    @property
    def body_title(self) -> str:
        """The body that runs the portal."""
        if self.portal.kind is Kind.MINISTRY:
            return self.portal.name_vi
        return f"Ủy ban nhân dân {_body(self.portal)}"

    @property
    def mail_domain(self) -> str:
        """Where the portal's mail would go."""
        return (urlsplit(self.portal.base_url).hostname or "").partition(".")[2]

    def by_number(self, number: int) -> Procedure | None:
        """The procedure with this number."""
        return next((one for one in self.procedures if one.number == number), None)

    def by_hex(self, hex_id: str) -> Procedure | None:
        """The procedure with this 24-digit id."""
        return next((one for one in self.procedures if one.hex_id == hex_id), None)

    def article(self, number: int) -> texts.Article | None:
        """The article with this number."""
        return next((item for item in self.news if item.number == number), None)

    def detail_path(self, procedure: Procedure) -> str:
        """Where a procedure's page is."""
        return self.links.detail.format(number=procedure.number, hex=procedure.hex_id, code=procedure.code)

    def apply_path(self, procedure: Procedure) -> str:
        """Where a dossier for a procedure begins."""
        return self.links.apply.format(number=procedure.number, hex=procedure.hex_id, code=procedure.code)

    def news_path(self, item: texts.Article) -> str:
        """Where an article is."""
        return self.links.news.format(number=item.number)

    def steps(self, procedure: Procedure) -> tuple[str, ...]:
        """How the procedure runs."""
        return texts.steps(procedure)

    def documents(self, procedure: Procedure) -> tuple[str, ...]:
        """What has to be handed in."""
        return texts.documents(procedure)

    def fields(self, procedure: Procedure) -> list[dict[str, str]]:
        """What the procedure page tells: ``id``, ``label`` and ``value`` of each field, in the order shown."""
        style = self.style
        values = {
            "code": procedure.code,
            "agency": procedure.agency,
            "fee": procedure.fee,
            "time": procedure.time_limit,
            "level": style.levels[procedure.level],
        }
        order = reversed(values) if style.shifted else iter(values)
        return [
            {"id": style.names.fields[name], "label": style.words.fields[name], "value": values[name]} for name in order
        ]

    def document(self, template: str, *, status: int = 200, **context: object) -> web.Response:
        """A drawn page as a response."""
        context.setdefault("ticket", self.desk.issue() if self.asks_feedback else "")
        context.setdefault("who", None)
        html = self.draw(template, **context)
        return web.Response(text=html, status=status, content_type="text/html", charset="utf-8")

    def draw(self, template: str, **context: object) -> str:
        """A template filled in for this portal: the family's own where it has one, else the one all share."""
        today = texts.today_text(self.clock.now())
        reference = secrets.token_hex(6).upper()
        trouble = texts.TROUBLES[self.style.broken_shape]
        layout = self._template("layout.html")
        shared = {
            "stage": self,
            "layout": layout,
            "slogan": texts.SLOGAN,
            "today": today,
            "reference": reference,
            "trouble": trouble,
        }
        return self._template(template).render(shared | context)

    def _template(self, name: str) -> Template:
        return _PAGES.select_template([f"{folder}/{name}" for folder in (self.portal.platform, "drawn", ".")])

    def dice(self, purpose: str) -> random.Random:
        """Dice of their own for one purpose, the same at each call."""
        return random.Random(f"{self._key}/{purpose}")  # noqa: S311 - repeatable by seed


def _body(portal: Portal) -> str:
    """The body in the middle of a sentence."""
    if portal.kind is Kind.MINISTRY or portal.name_vi.startswith("Thành phố"):
        return portal.name_vi
    return f"{'thành phố' if portal.id in _CITIES else 'tỉnh'} {portal.name_vi}"


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")

"""The outline of a page: what its title and headings say, and how much else there is. Pure."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from probes.net.text import comparable

_MAX_TEXT = 300_000
_MAX_DEPTH = 400
# How far up an end tag looks for its start: enough for sloppy pages, too little to be made slow.
_MAX_OVERLAP = 20
_MAX_SIGN = 200
_MAX_BODY = 4_000
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_UNSEEN = frozenset({"title", "script", "style", "noscript", "template", "svg", "head", "select", "textarea", "object"})
_CHROME = frozenset({"header", "nav", "footer", "aside", "dialog"})
_CHROME_ROLES = frozenset(
    {"banner", "navigation", "contentinfo", "complementary", "alert", "alertdialog", "status", "dialog", "search"}
)
_CHROME_WORDS = ("banner", "alert", "notice-bar", "announce", "cookie", "breadcrumb", "footer", "topbar", "marquee")
_HEADINGS = frozenset({"h1", "h2", "h3"})
_NEVER_CHROME = frozenset({"html", "body", "main"}) | _HEADINGS
_OWN_HEADER = frozenset({"main", "article", "section"})
_UNTYPED = frozenset({"hidden", "submit", "button", "image", "reset", "checkbox", "radio"})
_CAPTCHA = ("captcha", "turnstile", "maxacnhan", "ma-xac-nhan", "ma_xac_nhan", "robot-check")
_BLOCKS = _HEADINGS | frozenset(
    {"p", "div", "li", "td", "th", "dt", "dd", "tr", "br", "hr", "ul", "ol", "table", "section", "article", "main"}
    | {"form", "label", "pre", "h4", "h5", "h6", "center", "body", "blockquote", "fieldset"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Texts are comparable (see :func:`probes.net.text.comparable`) and short: what runs on is no notice.

    All but ``title``, ``all_links`` and ``scripted`` (a script is loaded) speak of the main part: what stands outside
    header, navigation, footer, asides and banners, or the whole page when nothing does. ``lead`` is its first block
    of text, ``fields`` counts inputs to type in, ``captcha`` says that it holds a CAPTCHA's parts.
    """

    title: str = ""
    headings: tuple[str, ...] = ()
    lead: str = ""
    body: str = ""
    words: int = 0
    links: int = 0
    all_links: int = 0
    fields: int = 0
    captcha: bool = False
    password: bool = False
    scripted: bool = False


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    chrome: bool
    unseen: bool


@dataclass(slots=True)
class _Part:
    text: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    links: int = 0
    fields: int = 0
    captcha: bool = False
    password: bool = False

    def count(self, tag: str, given: dict[str, str]) -> None:
        self.links += tag == "a" and bool(given.get("href"))
        self.fields += tag in {"input", "textarea"} and given.get("type", "text") not in _UNTYPED
        self.password = self.password or given.get("type") == "password"
        label = " ".join(given.get(name, "") for name in ("id", "name", "class", "src"))
        self.captcha = self.captcha or "data-sitekey" in given or any(word in label for word in _CAPTCHA)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.main, self.whole = _Part(), _Part()
        self.title: list[str] = []
        self.scripted = False
        self.open: list[_Open] = []
        self.heading: list[str] | None = None
        self.in_title = False

    @property
    def here(self) -> _Open:
        return self.open[-1] if self.open else _Open("", chrome=False, unseen=False)

    @property
    def parts(self) -> tuple[_Part, ...]:
        return (self.whole,) if self.here.chrome else (self.main, self.whole)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").lower() for name, value in attrs}
        self.in_title = tag == "title" and not self.title and not any(each.tag == "svg" for each in self.open)
        self.scripted = self.scripted or (tag == "script" and "src" in given)
        self._break_block(tag)
        if tag not in _VOID and len(self.open) < _MAX_DEPTH:
            self.open.append(self._entered(tag, given))
        if not self.here.unseen:
            self._count(tag, given)

    def _count(self, tag: str, given: dict[str, str]) -> None:
        for part in self.parts:
            part.count(tag, given)
        if tag in _HEADINGS:
            self.heading = []

    def handle_endtag(self, tag: str) -> None:
        self.in_title = False
        if tag in _HEADINGS and self.heading is not None:
            self._keep_heading()
        self._break_block(tag)
        for depth in range(len(self.open) - 1, max(len(self.open) - _MAX_OVERLAP, -1), -1):
            if self.open[depth].tag == tag:
                del self.open[depth:]
                return

    def handle_data(self, data: str) -> None:
        if self.in_title:
            self.title.append(data)
        if self.here.unseen:
            return
        if self.heading is not None:
            self.heading.append(data)
        for part in self.parts:
            part.text.append(data.replace("\n", " "))

    def _entered(self, tag: str, given: dict[str, str]) -> _Open:
        style = given.get("style", "").replace(" ", "")
        hidden = "hidden" in given or given.get("aria-hidden") == "true" or "display:none" in style
        unseen = self.here.unseen or hidden or tag in _UNSEEN
        return _Open(tag, chrome=self.here.chrome or self._is_chrome(tag, given), unseen=unseen)

    def _is_chrome(self, tag: str, given: dict[str, str]) -> bool:
        if tag in _NEVER_CHROME:
            return False
        if tag == "header" and any(parent.tag in _OWN_HEADER for parent in self.open):
            return False
        label = f"{given.get('class', '')} {given.get('id', '')}"
        named = any(word in label for word in _CHROME_WORDS)
        return tag in _CHROME or given.get("role") in _CHROME_ROLES or named

    def _break_block(self, tag: str) -> None:
        if tag in _BLOCKS:
            for part in self.parts:
                part.text.append("\n")

    def _keep_heading(self) -> None:
        text = comparable("".join(self.heading or ()))
        self.heading = None
        for part in self.parts if text else ():
            part.headings.append(text[:_MAX_SIGN])


def _without_comments(text: str) -> str:
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        kept.append(text[at:start])
        end = text.find("-->", start)
        if end < 0:
            return "".join(kept)
        at = end + 3
    kept.append(text[at:])
    return "".join(kept)


def _whole_tag(piece: str) -> str:
    """What followed one ``<``, as a tag that needs nothing after it, or as text."""
    inside, closed, after = piece.partition(">")
    if not closed or not inside[:2].lstrip("/")[:1].isalpha():
        return "&lt;" + piece if piece[:1] not in "!?" else after
    for quote in "\"'":
        if inside.count(quote) % 2:
            inside = inside.replace(quote, "")
    return f"<{inside}>{after}"


def _tame(text: str) -> str:
    """Markup in which every tag is whole: on unclosed ones the parser takes quadratic time (minutes for 200 kB)."""
    first, *pieces = _without_comments(text).split("<")
    return first + "".join(map(_whole_tag, pieces))


def _blocks(part: _Part) -> list[str]:
    lines = (comparable(line) for line in "".join(part.text).split("\n"))
    return [line for line in lines if line]


def outline(text: str) -> Outline:
    """The outline of a page's source. Any text will do; of a long one the first 300,000 characters are read."""
    reader = _Reader()
    reader.feed(_tame(text[:_MAX_TEXT]))
    reader.close()
    part = reader.main if _blocks(reader.main) else reader.whole
    blocks = _blocks(part)
    return Outline(
        title=comparable("".join(reader.title))[:_MAX_SIGN],
        headings=tuple(part.headings),
        lead=blocks[0][:_MAX_SIGN] if blocks else "",
        body=" ".join(blocks)[:_MAX_BODY],
        words=sum(len(block.split()) for block in blocks),
        links=part.links,
        all_links=reader.whole.links,
        fields=part.fields,
        captcha=part.captcha,
        password=part.password,
        scripted=reader.scripted,
    )

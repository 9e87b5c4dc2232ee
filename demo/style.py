"""How a portal words, names and orders things, drawn by seed; nobody's pages look quite like another's."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from demo.faults import Fault
from demo.procedures import Level
from demo.wording import (
    BUTTONS,
    FAMILY_NAMES,
    FIELD_LABELS,
    FIELDS,
    HINTS,
    LABELS,
    LEVEL_WORDS,
    OTHER_NAMES,
    OTHER_WORDS,
    Names,
    Words,
)

ORDERS = (
    ("hot", "news", "figures"),
    ("news", "hot", "figures"),
    ("figures", "hot", "news"),
    ("hot", "figures", "news"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours of a portal, as CSS."""

    main: str
    dark: str
    accent: str
    soft: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Everything that varies. ``late_ms`` is how long a rendered page may trail its data; ``lag`` is in seconds."""

    palette: Palette
    words: Words
    names: Names
    levels: Mapping[Level, str]
    portal_title: str
    listing: str
    sheet: str
    order: Sequence[str]
    catalogue_link: str
    hidden_label: bool
    banners: frozenset[str]
    site_search: bool
    header_lookup: bool
    advanced: bool
    next_page: str
    hits: str
    nothing: str
    apply: str
    late_ms: int
    lag: tuple[float, float]
    fragile: str
    broken_shape: int
    box_type: str
    prefix: str
    shifted: bool = False


_PALETTES = (
    Palette(main="#ce7a58", dark="#903938", accent="#f0b35a", soft="#fdf4ef"),
    Palette(main="#0b5ea8", dark="#083d6e", accent="#f2a900", soft="#eff6fc"),
    Palette(main="#b01116", dark="#7a0c10", accent="#f7c948", soft="#fdf1f0"),
    Palette(main="#12714a", dark="#0b4a31", accent="#e9b949", soft="#eef7f2"),
    Palette(main="#1f4e8c", dark="#14335c", accent="#d64545", soft="#f1f5fb"),
    Palette(main="#006d77", dark="#01474e", accent="#e29578", soft="#edf6f7"),
)
_TITLES = ("Cổng Dịch vụ công {body}", "Cổng dịch vụ công trực tuyến {body}", "Dịch vụ công {body}")
_SELDOM, _OFTEN = 0.35, 0.6
_SHORT_LAG = 0.005, 0.12
_LAGS: Mapping[str, tuple[float, float]] = {"liferay": (0.5, 1.5)}


def draw(platform: str, body: str, rng: random.Random) -> Style:
    """The style of a portal of ``platform`` run by ``body``, such as "tỉnh An Giang"."""
    low, high = sorted(rng.uniform(*_LAGS.get(platform, _SHORT_LAG)) for _ in range(2))
    return Style(
        palette=rng.choice(_PALETTES),
        words=_words(rng),
        names=rng.choice(FAMILY_NAMES[platform]),
        levels=rng.choice(LEVEL_WORDS),
        portal_title=rng.choice(_TITLES).format(body=body),
        listing=rng.choice(("table", "cards")),
        sheet=rng.choice(("table", "definitions", "rows")),
        order=rng.choice(ORDERS),
        catalogue_link=rng.choice(("Thủ tục hành chính", "Bộ thủ tục hành chính", "Dịch vụ công trực tuyến")),
        hidden_label=rng.random() < _SELDOM,
        banners=frozenset(name for name in ("holiday", "cookies", "works") if rng.random() < _SELDOM),
        site_search=rng.random() < _OFTEN,
        header_lookup=rng.random() < _OFTEN,
        advanced=rng.random() < _OFTEN,
        next_page=rng.choice(("Trang sau", "Tiếp", "›")),
        hits=rng.choice(("Tìm thấy {n} thủ tục", "Tổng số: {n} kết quả", "Có {n} thủ tục phù hợp")),
        nothing=rng.choice(("Không tìm thấy thủ tục nào phù hợp", "Không có kết quả", "Không có dữ liệu phù hợp")),
        apply=rng.choice(("Nộp trực tuyến", "Nộp hồ sơ", "Nộp hồ sơ trực tuyến")),
        late_ms=rng.choice((0, 0, 150, 350, 600)),
        lag=(low, high),
        fragile=rng.choice(("beacon", "picture")),
        broken_shape=rng.randrange(4),
        box_type=rng.choice(("text", "search")),
        prefix=rng.choice(("tthc", "dvc", "tt")),
    )


def under(style: Style, fault: Fault | None, rng: random.Random) -> Style:
    """The style as it looks while the portal suffers from ``fault``; ``rng`` picks among its ways."""
    words, names, by_words = rng.choice(OTHER_WORDS), rng.choice(OTHER_NAMES), rng.choice((True, False))
    if fault is Fault.DRIFT:
        return replace(style, words=words, names=names, shifted=True)
    if fault is Fault.NEAR_DRIFT:
        return replace(style, words=words) if by_words else replace(style, names=names)
    if fault is Fault.NEAR_MAINTENANCE:
        return replace(style, banners=style.banners | {"notice"})
    if fault is Fault.NEAR_ERROR_PAGE_200:
        return replace(style, banners=style.banners | {"trouble"})
    return style


def _words(rng: random.Random) -> Words:
    return Words(
        search_label=rng.choice(LABELS),
        search_hint=rng.choice(HINTS),
        search_button=rng.choice(BUTTONS),
        fields={name: rng.choice(FIELD_LABELS[name]) for name in FIELDS},
    )

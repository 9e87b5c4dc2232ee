"""Pictures made in code: a small PNG writer, and what the portals decorate themselves with."""

import math
import random
import struct
import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product

BEACON = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
_GLYPHS = {
    "0": "01110 10001 10011 10101 11001 10001 01110",
    "1": "00100 01100 00100 00100 00100 00100 01110",
    "2": "01110 10001 00001 00110 01000 10000 11111",
    "3": "11110 00001 00001 01110 00001 00001 11110",
    "4": "00010 00110 01010 10010 11111 00010 00010",
    "5": "11111 10000 11110 00001 00001 10001 01110",
    "6": "00110 01000 10000 11110 10001 10001 01110",
    "7": "11111 00001 00010 00100 01000 01000 01000",
    "8": "01110 10001 10001 01110 10001 10001 01110",
    "9": "01110 10001 10001 01111 00001 00010 01100",
}
_ZOOM = 5


def png(width: int, colours: Sequence[str], rows: Iterable[bytes], *, clear_first: bool = False) -> bytes:
    """A PNG of ``width`` whose rows hold one index into ``colours`` (``#rrggbb``) per pixel.

    ``clear_first`` makes colour 0 transparent.
    """
    lines = list(rows)
    header = struct.pack(">IIBBBBB", width, len(lines), 8, 3, 0, 0, 0)
    palette = b"".join(bytes.fromhex(colour.removeprefix("#")) for colour in colours)
    body = zlib.compress(b"".join(b"\0" + line for line in lines), 6)
    clear = _chunk(b"tRNS", b"\0") if clear_first else b""
    chunks = _chunk(b"IHDR", header) + _chunk(b"PLTE", palette) + clear + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def icon(picture: bytes, side: int) -> bytes:
    """A one-picture ICO file around a PNG of ``side`` by ``side``."""
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, side % 256, side % 256, 0, 0, 1, 32, len(picture), 22) + picture


@lru_cache(maxsize=64)
def emblem(ground: str, star: str, side: int) -> bytes:
    """A round badge with a five-pointed star."""
    rows = (bytes(_emblem_pixel(x, y, side) for x in range(side)) for y in range(side))
    return png(side, ("#ffffff", ground, star), rows, clear_first=True)


@lru_cache(maxsize=64)
def landscape(sky: str, hills: str, seed: int, width: int = 1280, height: int = 300) -> bytes:
    """Layered hills under a sky that grows lighter towards them."""
    rng = random.Random(seed)  # noqa: S311 - a picture
    shades = 24
    colours = [_blend(sky, "#ffffff", 0.12 + 0.45 * n / shades) for n in range(shades)]
    colours += [_blend(hills, sky, share) for share in (0.7, 0.4, 0.1)]
    ridges = [_ridge(rng, width, height * (0.5 + 0.15 * n), height * 0.08) for n in range(3)]
    rows = [bytearray([y * shades // height]) * width for y in range(height)]
    for (n, ridge), x in product(enumerate(ridges), range(width)):
        for y in range(ridge[x], height):
            rows[y][x] = shades + n
    return png(width, colours, map(bytes, rows))


def digits(text: str, rng: random.Random) -> bytes:
    """Digits a person can read, slightly out of line and strewn with specks."""
    glyph = 6 * _ZOOM
    width, height = glyph * len(text) + 4 * _ZOOM, 11 * _ZOOM
    rows = [bytearray(rng.choices((0, 1), weights=(14, 1), k=width)) for _ in range(height)]
    for place, sign in enumerate(text):
        _stamp(rows, sign, 2 * _ZOOM + place * glyph, rng.randint(_ZOOM, 3 * _ZOOM))
    return png(width, ("#f4f1e8", "#b9b4a5", "#2d3a5a"), map(bytes, rows))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _blend(one: str, other: str, share: float) -> str:
    pairs = zip(bytes.fromhex(one.removeprefix("#")), bytes.fromhex(other.removeprefix("#")), strict=True)
    return "#" + bytes(round(a + (b - a) * share) for a, b in pairs).hex()


def _ridge(rng: random.Random, width: int, level: float, swing: float) -> list[int]:
    waves = [(rng.uniform(1, 7), rng.uniform(0, 2 * math.pi), rng.uniform(0.3, 1)) for _ in range(4)]
    return [
        int(level + swing * sum(size * math.sin(pace * 2 * math.pi * x / width + shift) for pace, shift, size in waves))
        for x in range(width)
    ]


def _emblem_pixel(x: int, y: int, side: int) -> int:
    across, down = (x + 0.5) * 2 / side - 1, (y + 0.5) * 2 / side - 1
    radius = math.hypot(across, down)
    if radius > 1:
        return 0
    if radius > 0.86:  # noqa: PLR2004 - the rim
        return 2
    return 2 if radius < _star_edge(math.atan2(across, -down)) else 1


def _star_edge(angle: float) -> float:
    """How far a star reaches at ``angle`` from its upper tip: a straight line from a tip to an inner corner."""
    tip, corner, turn = 0.66, 0.25, math.pi / 5
    off = abs((angle + turn) % (2 * turn) - turn)
    inside = corner * math.sin(turn)
    return tip * inside / (inside * math.cos(off) + (tip - corner * math.cos(turn)) * math.sin(off))


def _stamp(rows: list[bytearray], sign: str, left: int, top: int) -> None:
    for line, bits in enumerate(_GLYPHS[sign].split()):
        for column, bit in enumerate(bits):
            if bit == "1":
                for y in range(_ZOOM):
                    start = left + column * _ZOOM
                    rows[top + line * _ZOOM + y][start : start + _ZOOM] = b"\2" * _ZOOM

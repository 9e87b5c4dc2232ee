"""What a fault answers in place of a page, or how long it holds the page back."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum, auto

from aiohttp import web

from agent.clock import Clock
from demo.common import BEACON_PATH, FAVICON_PATH, PICTURE_PATH, reply
from demo.faults import Fault
from demo.stage import Stage
from demo.texts import TROUBLES, under_works

SLOW_S = 5.0
NEAR_SLOW_S = 1.0
NEAR_HANG_S = 20.0
REARM_S = 30.0
RETRY_AFTER_S = 3600


class Sort(Enum):
    """What a request is for."""

    DOCUMENT = auto()
    DATA = auto()
    DECORATION = auto()
    """Something nobody would miss."""
    ASSET = auto()


PAGES = frozenset({Sort.DOCUMENT, Sort.DATA})


class Tripwire:
    """Fires once, then not for half a minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._quiet_until = clock.monotonic()

    def rearm(self) -> None:
        """Fire at the next occasion."""
        self._quiet_until = self._clock.monotonic()

    def fires(self) -> bool:
        """Whether this occasion is the one."""
        now = self._clock.monotonic()
        if now < self._quiet_until:
            return False
        self._quiet_until = now + REARM_S
        return True


class Scene:
    """A request before a portal's pages. ``error_in_data``: the portal's script shows errors that come as data."""

    __slots__ = ("error_in_data", "path", "sort", "stage", "tripwire")

    def __init__(self, stage: Stage, tripwire: Tripwire, path: str, *, error_in_data: bool) -> None:
        self.stage = stage
        self.tripwire = tripwire
        self.path = path
        self.sort = sort_of(path)
        self.error_in_data = error_in_data

    @property
    def fragile(self) -> bool:
        """Whether this is the one decorative resource that this portal's near-misses spoil."""
        return self.path == (BEACON_PATH if self.stage.style.fragile == "beacon" else PICTURE_PATH)


def sort_of(path: str) -> Sort:
    """What a request for ``path`` is for."""
    if path in (BEACON_PATH, PICTURE_PATH, FAVICON_PATH):
        return Sort.DECORATION
    if path.startswith("/api/"):
        return Sort.DATA
    if path.startswith(("/assets/", "/xac-nhan/anh/", "/main.")) or path == "/robots.txt":
        return Sort.ASSET
    return Sort.DOCUMENT


async def play(scene: Scene) -> web.Response | None:
    """Suffer from the portal's fault; None lets the page answer."""
    act = _ACTS.get(scene.stage.fault) if scene.stage.fault else None
    return await act(scene) if act else None


def _broken(scene: Scene, status: int) -> web.Response | None:
    if scene.sort is Sort.DOCUMENT:
        return scene.stage.document("broken.html", status=status)
    if scene.sort is not Sort.DATA:
        return None
    said = TROUBLES[scene.stage.style.broken_shape]
    return reply({"status": 500, "error": "Internal Server Error", "message": said}, status)


def _bad_gateway(scene: Scene) -> web.Response:
    return scene.stage.document("gateway.html", status=502)


async def _http500(scene: Scene) -> web.Response | None:
    return _broken(scene, 500)


async def _error_page_200(scene: Scene) -> web.Response | None:
    in_data = scene.error_in_data and scene.stage.style.broken_shape % 2 == 0
    return None if in_data and scene.sort is Sort.DOCUMENT else _broken(scene, 200)


async def _near_http500(scene: Scene) -> web.Response | None:
    return web.Response(status=500) if scene.fragile else None


async def _hang(_: Scene) -> web.Response | None:
    await asyncio.Event().wait()  # ends when the connection does
    return None


async def _near_hang(scene: Scene) -> web.Response | None:
    await asyncio.sleep(NEAR_HANG_S if scene.fragile else 0)
    return None


async def _slow(scene: Scene) -> web.Response | None:
    await asyncio.sleep(SLOW_S if scene.sort in PAGES else 0)
    return None


async def _near_slow(scene: Scene) -> web.Response | None:
    await asyncio.sleep(NEAR_SLOW_S if scene.sort in PAGES else 0)
    return None


async def _maintenance(scene: Scene) -> web.Response | None:
    if scene.sort not in PAGES:
        return None
    notice = under_works(scene.stage.clock.now())
    if scene.sort is Sort.DATA:
        response = reply({"status": 503, "error": "Service Unavailable", "message": notice.title}, 503)
    else:
        response = scene.stage.document("maintenance.html", status=503, notice=notice)
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


async def _flicker(scene: Scene) -> web.Response | None:
    return _bad_gateway(scene) if scene.sort is Sort.DOCUMENT and scene.tripwire.fires() else None


async def _near_flicker(scene: Scene) -> web.Response | None:
    return _bad_gateway(scene) if scene.sort is Sort.DECORATION and scene.tripwire.fires() else None


_ACTS: Mapping[Fault, Callable[[Scene], Awaitable[web.Response | None]]] = {
    Fault.HTTP500: _http500,
    Fault.NEAR_HTTP500: _near_http500,
    Fault.HANG: _hang,
    Fault.NEAR_HANG: _near_hang,
    Fault.ERROR_PAGE_200: _error_page_200,
    Fault.SLOW: _slow,
    Fault.NEAR_SLOW: _near_slow,
    Fault.MAINTENANCE: _maintenance,
    Fault.FLICKER: _flicker,
    Fault.NEAR_FLICKER: _near_flicker,
}

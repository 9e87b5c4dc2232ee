"""The registry of portal families: another one is a module here and a line below."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from demo.families import aspx, eform, formio, liferay, linked, plain, tiepnhan
from demo.flow.office import Office
from demo.stage import Links


@dataclass(frozen=True, slots=True)
class Family:
    """A family's addresses and its pages."""

    links: Links
    routes: Callable[[Office], Sequence[web.RouteDef]]
    error_in_data: bool = False
    """Whether an error page can be the script's own, after data that tell of an error."""
    linked: bool = False
    """Whether dossiers get numbers that several bodies share."""


FAMILIES: Mapping[str, Family] = {
    "aspx": Family(aspx.LINKS, aspx.routes),
    "eform": Family(eform.LINKS, eform.routes),
    "formio": Family(formio.LINKS, formio.routes, error_in_data=True),
    "liferay": Family(liferay.LINKS, liferay.routes),
    "linked": Family(linked.LINKS, linked.routes, error_in_data=True, linked=True),
    "plain": Family(plain.LINKS, plain.routes),
    "tiepnhan": Family(tiepnhan.LINKS, tiepnhan.routes),
}

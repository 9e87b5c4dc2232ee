"""A document that stays in a data store for good: its name tells since when, and what its bytes must hash to."""

import re
from datetime import UTC, datetime
from hashlib import sha256

from agent.model import Cause, Requirement
from probes.browser.saw import SawError
from probes.journeys.marked import PREFIX, Marked, pdf
from probes.platforms.base import PortalPages

NAME = re.compile(rf"{PREFIX}-canary-(\d{{8}})-([0-9a-f]{{16}})\.pdf")
SIZE = 4096
SAME_BYTES = "STO-5"


async def look_after(portal: PortalPages) -> None:
    """Fetch the oldest canary and hold it against its name; where there is none, leave one.

    Raises:
        SawError: it came back otherwise than it was stored.
    """
    names = sorted(await portal.shelf.names_like(NAME))
    if not names:
        fresh = _hatched(datetime.now(UTC))
        await portal.shelf.put(fresh.name, fresh.type, fresh.data)
        await portal.shelf.shows(fresh.name)
        portal.stage.figures["canary_age_days"] = 0.0
        return
    known = NAME.fullmatch(names[0])
    back = await portal.shelf.fetch(names[0])
    whole = known is not None and sha256(back.data).hexdigest()[:16] == known[2]
    portal.stage.observed[SAME_BYTES] = Requirement.of(whole)
    if known is None or not whole:
        raise SawError(Cause.STORE_CORRUPT, "the canary came back otherwise than it was stored")
    born = datetime.strptime(known[1], "%Y%m%d").replace(tzinfo=UTC)
    portal.stage.figures["canary_age_days"] = float((datetime.now(UTC) - born).days)


def _hatched(now: datetime) -> Marked:
    file = pdf(SIZE)
    return Marked(name=f"{PREFIX}-canary-{now:%Y%m%d}-{file.digest[:16]}.pdf", type=file.type, data=file.data)

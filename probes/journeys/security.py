"""Journey ``security``: the cookies that pages and their scripts set, and what pages load over http.

Figures: ``cookies`` of the portal and ``cookies_flawed`` among them, ``mixed_active`` and ``mixed_passive`` requests.
"""

from urllib.parse import urlsplit

from agent.model import Finding, OptionRule, Requirement
from probes.browser.inspector import Inspector, Mixed, inspecting
from probes.browser.stage import Stage
from probes.browser.steps import Steps
from probes.journeys.base import Journey, Kit
from probes.net import cookies
from probes.platforms.base import PortalPages

KIND = "security"
MIXED = "SEC-6"


async def run(portal: PortalPages, step: Steps, kit: Kit) -> None:
    """Home page and search results, then what the browser was told on the way."""
    stage = portal.stage
    async with inspecting(stage.page) as inspector:
        async with step("home"):
            await portal.open_home()
        async with step("results"):
            await portal.search(kit.options["search"])
        async with step("read"):
            stage.findings[KIND] = []
            await _cookies(stage, inspector, urlsplit(kit.portal.base_url).hostname or "")
            _mixed(stage, inspector)


async def _cookies(stage: Stage, inspector: Inspector, host: str) -> None:
    seen = await inspector.cookies(host)
    flawed = [one for one in seen if any(cookies.flaws(one))]
    stage.findings[KIND] += cookies.judge(seen)
    stage.figures |= {"cookies": float(len(seen)), "cookies_flawed": float(len(flawed))}
    if seen:
        stage.observed[cookies.REQUIREMENT] = Requirement.of(not flawed)


def _mixed(stage: Stage, inspector: Inspector) -> None:
    for active, figure in ((True, "mixed_active"), (False, "mixed_passive")):
        stage.figures[figure] = float(sum(count for one, count in inspector.mixed.items() if one.active is active))
    stage.findings[KIND] += [_finding(one, count) for one, count in inspector.mixed.items()]
    stage.observed[MIXED] = Requirement.of(not inspector.mixed)


def _finding(one: Mixed, count: int) -> Finding:
    rule = "mixed-active" if one.active else "mixed-passive"
    text = f"{one.kind} over http {'was blocked' if one.active else 'was upgraded or loaded'}"
    return Finding(requirement=MIXED, rule=rule, weight="unmet", text=text, place=one.url, count=count)


JOURNEY = Journey(
    steps=("home", "results", "read"),
    run=run,
    requirements=(cookies.REQUIREMENT, MIXED),
    options={"search": OptionRule(required=True)},
)

"""The accessibility of key pages: any journey may have the pages it leads to looked at."""

from collections import Counter

from agent.model import Finding, Requirement
from probes.browser.axe import IMPACTS, WITHIN_S, Violation, violations
from probes.browser.stage import Stage

KIND = "accessibility"
REQUIREMENT = "A11Y-1"
_GRAVE = frozenset({"critical", "serious"})
# A step that only looks must never fail for want of time.
_SHARE = 0.8


class Audit:
    """Looks at pages of one stage. A violation is an observation and never a failure.

    Figures: ``axe_critical``, ``axe_serious``, ``axe_moderate``, ``axe_minor`` count the rules broken on each page,
    those of good practice included. A11Y-1 is unfulfilled by a critical or serious one of WCAG 2.0 A or AA alone.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._counts: Counter[str] = Counter()
        self._whole = True

    async def look(self, page: str) -> None:
        """Look at the page that the stage shows; ``page`` is its name in the findings."""
        found = await violations(self._stage.page, min(WITHIN_S, _SHARE * self._stage.limit))
        told = self._stage.findings.setdefault(KIND, [])
        if found is None:
            self._whole = False
            told.append(_unseen(page))
            return
        self._counts.update(one.impact for one in found)
        told += [_finding(one, page) for one in found]
        self._stage.figures |= {f"axe_{impact}": float(self._counts[impact]) for impact in IMPACTS}
        if any(one.wcag and one.impact in _GRAVE for one in found):
            self._stage.observed[REQUIREMENT] = Requirement.UNFULFILLED

    def conclude(self) -> None:
        """Every key page was reached: without a grave violation the requirement is met, if all could be looked at."""
        if self._whole:
            self._stage.observed.setdefault(REQUIREMENT, Requirement.FULFILLED)


def _finding(one: Violation, page: str) -> Finding:
    return Finding(
        requirement=REQUIREMENT if one.wcag else "",
        rule=one.rule,
        weight=one.impact,
        text=one.help,
        place=page,
        count=one.nodes,
    )


def _unseen(page: str) -> Finding:
    text = "axe could not tell in time; the page stays unmeasured"
    return Finding(requirement=REQUIREMENT, rule="unmeasured", weight="noted", text=text, place=page)

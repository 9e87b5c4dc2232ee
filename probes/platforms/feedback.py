"""Rating and complaint: that both can be reached. Nothing is sent."""

import re

from probes.browser.stage import Landmark, Stage

RATING = re.compile("đánh giá|hài lòng", re.IGNORECASE)
COMPLAINT = re.compile("phản ánh|kiến nghị", re.IGNORECASE)


class Feedback:
    """A portal's page for opinions at ``path``."""

    def __init__(self, stage: Stage, *, path: str) -> None:
        self._stage = stage
        self._path = path

    async def open(self) -> None:
        """Open the page."""
        await self._stage.open(self._path)
        await self._stage.arrive(
            Landmark(
                name="feedback page",
                path=re.compile("."),
                find=lambda page: page.locator("main :is(h1, h2)").filter(
                    has_text=re.compile(f"{RATING.pattern}|{COMPLAINT.pattern}", re.IGNORECASE)
                ),
            )
        )

    async def takes_both(self) -> bool:
        """Whether a rating and a complaint can be given here; looked for once."""
        main = self._stage.page.locator("main")
        rating = main.get_by_role("button", name=RATING).or_(main.get_by_role("radio")).filter(visible=True)
        complaint = main.get_by_label(COMPLAINT).and_(main.locator("textarea, input")).filter(visible=True)
        return await rating.first.is_visible() and await complaint.first.is_visible()

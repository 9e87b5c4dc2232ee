"""Controls found by what families have always called them: an id, or a label; and by their place when both are gone."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from playwright.async_api import Locator, Page, TimeoutError as PlaywrightTimeout

from probes.browser.stage import Control, Stage

Place = Callable[[Page], Locator]
NOWHERE = "html > template"
"""A selector for what is never there."""


@dataclass(frozen=True, slots=True)
class Named:
    """What families call one thing: its ids, and its texts."""

    name: str
    ids: Sequence[str]
    text: re.Pattern[str]


def any_id(ids: Sequence[str]) -> str:
    """A selector for any of these ids; some families put a prefix before them."""
    return ", ".join(f'[id="{one}"], [id$="_{one}"]' for one in ids) or NOWHERE


def wording(*choices: str) -> re.Pattern[str]:
    """A text that is one of the wordings, whatever its case, but for marks around it."""
    return re.compile(rf"^\W*({'|'.join(choices)})\W*$", re.IGNORECASE)


def box(name: str, *, ids: Sequence[str], label: re.Pattern[str], place: Place) -> Control:
    """Something to type into, tick or choose from, in the page's main part."""
    return Control(
        name=name,
        find=lambda page: page.locator("main").locator(any_id(ids)).or_(page.locator("main").get_by_label(label)),
        fallback=place,
    )


def press(name: str, *, ids: Sequence[str], text: re.Pattern[str], place: Place) -> Control:
    """A button, or a link that looks like one, in the page's main part."""

    def find(page: Page) -> Locator:
        main = page.locator("main")
        named = main.get_by_role("button", name=text).or_(main.get_by_role("link", name=text))
        return main.locator(any_id(ids)).or_(named)

    return Control(name=name, find=find, fallback=place)


async def give_file(stage: Stage, control: Control, name: str, media_type: str, data: bytes) -> None:
    """Choose a file as a person would."""
    chosen = await _file_input(stage, control)
    await chosen.set_input_files({"name": name, "mimeType": media_type, "buffer": data})


async def _file_input(stage: Stage, control: Control) -> Locator:
    """A control that takes files. Portals like to hide it behind a label of their own, so it needn't be visible."""
    inputs = stage.page.locator("input[type=file]")
    with suppress(PlaywrightTimeout):
        await inputs.first.wait_for(state="attached", timeout=stage.left_ms())
    named = control.find(stage.page).and_(inputs)
    return named.first if await named.count() else await stage.control(control)


def nothing(page: Page) -> Locator:
    """A place where nothing ever is: for a control that has no other way to be found."""
    return page.locator(NOWHERE)

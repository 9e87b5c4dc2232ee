"""Finds the Chromium that is there."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from agent.errors import MissingPartError

NAMES = ("chromium-headless-shell", "chromium", "google-chrome")

# Debian starts this one through a shell that stays its parent; signals must reach the browser itself.
BEHIND_SHELL = {"chromium-headless-shell": Path("/usr/lib/chromium/chromium-headless-shell")}


def find_chromium(configured: Path | None, playwright_own: Path, *, headed: bool = False) -> Path:
    """The executable to launch: the configured one, Playwright's own, or one on PATH.

    The headless shell comes before the full browser: the same journey took the latter 1.8 to 3 times as long.

    Raises:
        MissingPartError: none is there; the message says what to install.
    """
    if configured is not None:
        if not configured.is_file():
            raise MissingPartError(f"browser.executable: no such file {configured}")
        return configured
    for candidate in _candidates(playwright_own, headed=headed):
        return candidate
    raise MissingPartError(
        "no Chromium found: install Debian's package chromium-headless-shell, run `playwright install "
        "--only-shell chromium`, or set browser.executable in agent.yaml",
    )


def _candidates(playwright_own: Path, *, headed: bool) -> Iterator[Path]:
    if not headed:
        yield from _playwright_shells(playwright_own)
    if playwright_own.is_file():
        yield playwright_own
    for name in NAMES[1:] if headed else NAMES:
        found = shutil.which(name)
        if found:
            behind = BEHIND_SHELL.get(name)
            yield behind if behind and behind.is_file() else Path(found)


def _playwright_shells(playwright_own: Path) -> Iterator[Path]:
    browsers = playwright_own.parents[2] if len(playwright_own.parents) > 2 else playwright_own.parent  # noqa: PLR2004
    yield from sorted(browsers.glob("chromium_headless_shell-*/*/*headless*shell"), reverse=True)


def main() -> None:
    """Print the Chromium that a run would use; exit 2 when there is none. Set-up asks this."""
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    try:
        sys.stdout.write(f"{find_chromium(None, own)}\n")
    except MissingPartError as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()

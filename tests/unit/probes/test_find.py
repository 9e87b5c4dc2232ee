"""Which Chromium is taken."""

import pytest

from agent.errors import MissingPartError
from probes.browser.find import find_chromium


def program(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def own(tmp_path):
    """Where Playwright would keep a browser of its own."""
    return tmp_path / "ms-playwright" / "chromium-1234" / "chrome-linux" / "chrome"


def test_it_takes_the_configured_one_first(tmp_path, own):
    program(own)
    mine = program(tmp_path / "mine")
    assert find_chromium(mine, own) == mine


def test_it_names_a_configured_one_that_is_not_there(tmp_path, own):
    with pytest.raises(MissingPartError, match=r"browser\.executable: no such file"):
        find_chromium(tmp_path / "nowhere", program(own))


def test_it_prefers_a_shell_of_playwrights_own_and_not_when_shown(tmp_path, own):
    program(own)
    shell = program(tmp_path / "ms-playwright" / "chromium_headless_shell-1234" / "chrome-linux" / "headless_shell")
    assert find_chromium(None, own) == shell
    assert find_chromium(None, own, headed=True) == own


def test_it_looks_on_the_path_in_order(tmp_path, monkeypatch, own):
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("probes.browser.find.BEHIND_SHELL", {})
    chrome = program(tmp_path / "bin" / "google-chrome")
    assert find_chromium(None, own) == chrome
    chromium = program(tmp_path / "bin" / "chromium")
    assert find_chromium(None, own) == chromium
    shell = program(tmp_path / "bin" / "chromium-headless-shell")
    assert find_chromium(None, own) == shell
    assert find_chromium(None, own, headed=True) == chromium


def test_it_goes_behind_a_shell_that_would_stay_the_parent(tmp_path, monkeypatch, own):
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    program(tmp_path / "bin" / "chromium-headless-shell")
    real = program(tmp_path / "lib" / "chromium-headless-shell")
    monkeypatch.setattr("probes.browser.find.BEHIND_SHELL", {"chromium-headless-shell": real})
    assert find_chromium(None, own) == real


def test_it_says_what_to_install(tmp_path, monkeypatch, own):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingPartError, match="chromium-headless-shell"):
        find_chromium(None, own)

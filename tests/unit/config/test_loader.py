from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.config import Config, Known, Mode, load
from agent.errors import ConfigError

Load = Callable[..., Config]


def test_it_keeps_what_the_files_say(good_load: Load) -> None:
    config = good_load()
    assert config.agent.location == "hanoi-1"
    assert [portal.id for portal in config.portals] == ["hanoi", "tuphap"]
    assert config.portals[1].mode is Mode.OBSERVE
    assert config.loaded_on.isoformat() == "2026-06-15"


def test_it_is_frozen(good_load: Load) -> None:
    config = good_load()
    with pytest.raises(ValueError, match="frozen"):
        config.agent.server.port = 1


def test_it_tells_of_a_missing_folder(known: Known) -> None:
    with pytest.raises(ConfigError, match=r"^nowhere: must be a folder that holds agent.yaml, portals.yaml"):
        load(Path("nowhere"), known, {})


def test_it_tells_of_an_impossible_folder(known: Known) -> None:
    with pytest.raises(ConfigError, match="x: must be a folder"):
        load(Path("x" * 5_000), known, {})


def test_it_tells_of_every_missing_file(tmp_path: Path, known: Known) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, known, {})
    names = ("agent", "portals", "journeys", "maintenance")
    assert caught.value.problems == tuple(f"{tmp_path}/{name}.yaml:1: the file is missing" for name in names)


def test_it_tells_of_a_file_that_is_a_folder(tmp_path: Path, known: Known) -> None:
    (tmp_path / "agent.yaml").mkdir()
    with pytest.raises(ConfigError, match=r"agent.yaml:1: the file can't be read: is a directory"):
        load(tmp_path, known, {})


def test_it_tells_where_a_file_is_no_utf_8(good_load: Load) -> None:
    with pytest.raises(ConfigError) as caught:
        good_load(journeys="# một\n# hai\nname: Hà Nội\n".encode("utf-16-le"))
    assert caught.value.problems[0].startswith("config/journeys.yaml:1: ")
    with pytest.raises(ConfigError) as caught:
        good_load(journeys=b"# one\n# two\nname: H\xe0\n")
    assert caught.value.problems == ("config/journeys.yaml:3: the file must hold utf-8 text",)


def test_it_tells_no_unknown_portals_when_their_file_is_broken(good_load: Load) -> None:
    with pytest.raises(ConfigError) as caught:
        good_load(portals="portals: [")
    assert [problem.split(":")[0] for problem in caught.value.problems] == ["config/portals.yaml"]


def test_it_knows_an_invalid_portal_by_its_id(good_load: Load) -> None:
    """Else one slip in a portal would make every mention of it wrong too."""
    portals = "portals:\n  - id: hanoi\n    kind: town\n"
    with pytest.raises(ConfigError) as caught:
        good_load(portals=portals)
    assert not [problem for problem in caught.value.problems if "maintenance" in problem]


def test_it_asks_nothing_of_a_portal_that_has_ended(good_load: Load) -> None:
    text = PORTAL + "    valid_to: 2026-06-14\n"
    assert good_load(portals=text, maintenance="windows: []").portals[0].enabled
    with pytest.raises(ConfigError, match="authorised_by: is required"):
        good_load(portals=text, maintenance="windows: []", now=datetime(2026, 6, 14, 16, 59, tzinfo=UTC))


def test_it_asks_before_a_portal_begins(good_load: Load) -> None:
    with pytest.raises(ConfigError, match="authorised_by: is required"):
        good_load(portals=PORTAL + "    valid_from: 2027-01-01\n", maintenance="windows: []")


def test_it_allows_the_last_authorised_day(good_load: Load) -> None:
    assert good_load(now=datetime(2026, 12, 31, 16, 59, tzinfo=UTC)).portals
    with pytest.raises(ConfigError, match=r"authorised_until: must be 2027-01-01 or later, got 2026-12-31"):
        good_load(now=datetime(2026, 12, 31, 17, 0, tzinfo=UTC))


def test_it_allows_a_quick_pace_on_this_machine(good_load: Load) -> None:
    portals = PORTAL.replace("example.vn", "localhost")
    journeys = """\
journeys:
  - name: http
    probe: http
    interval: 1s
    timeouts: {step: 200ms, journey: 400ms, run: 0.9}
    objective: {duration: 300ms, availability: 100}
"""
    config = good_load(portals=portals, journeys=journeys, maintenance="windows: []")
    assert config.journeys[0].interval.total_seconds() == 1


def test_it_checks_options_only_where_they_are_known(good_load: Load) -> None:
    none = Known(journeys=frozenset({"home"}), platforms=frozenset({"formio", "tiepnhan"}))
    good_load(journeys=JOURNEYS.replace("path", "pathh"), known_names=none)
    with pytest.raises(ConfigError, match=r"did you mean \"path\"\?"):
        good_load(journeys=JOURNEYS.replace("path", "pathh"))


PORTAL = """\
portals:
  - id: hue
    kind: province
    platform: formio
    name_vi: Huế
    name_en: Hue
    base_url: https://hue.example.vn
    enabled: true
"""
JOURNEYS = """\
journeys:
  - name: http
    probe: http
    interval: 1m
    timeouts: {step: 10s, journey: 20s, run: 50s}
    objective: {duration: 4s, availability: 99.5}
    options: {path: "/"}
"""

from pathlib import Path

import pytest

from agent.errors import ConfigError
from agent.model import Portal
from demo.families import FAMILIES
from demo.options import DEFAULT_PORTALS
from demo.portals import choose, demo_host, load_portals, ranked, settle


def test_it_loads_what_the_file_lists(portals_file: Path, portals: list[Portal]) -> None:
    assert list(load_portals(portals_file, FAMILIES)) == portals


def test_it_loads_the_portals_that_are_shipped() -> None:
    shipped = load_portals(DEFAULT_PORTALS, FAMILIES)
    assert len(shipped) == 83
    assert {portal.platform for portal in shipped} <= set(FAMILIES)


def test_it_names_every_problem_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "portals.yaml"
    row = "{id: a, kind: city, platform: aspx2, name_vi: A, name_en: A, base_url: 'http://a.gov.vn'}"
    path.write_text(f"portals: [{row}, {{id: a}}, 7]", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_portals(path, FAMILIES)
    text = str(caught.value)
    assert "portals[0].kind: 'city' is not one of ministry, province" in text
    assert f"portals[0].platform: 'aspx2' is not one of {', '.join(sorted(FAMILIES))}" in text
    assert "portals[0].base_url: 'http://a.gov.vn' must be https" in text
    assert "portals[1].name_vi: None must be a text" in text
    assert "portals[2].must be a mapping" in text
    assert "id: 'a' is given twice" in text


@pytest.mark.parametrize("content", ["", "portals: []", "portals: 3", "[", "- 1"])
def test_it_refuses_a_file_without_portals(tmp_path: Path, content: str) -> None:
    path = tmp_path / "portals.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError):
        load_portals(path, FAMILIES)


def test_it_says_that_a_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can't be read"):
        load_portals(tmp_path / "none.yaml", FAMILIES)


def test_it_shows_both_kinds_and_platforms_from_two_on(portals: list[Portal]) -> None:
    two = choose(portals, 2)
    assert len({portal.kind for portal in two}) == 2
    assert len({portal.platform for portal in two}) == 2
    four = choose(portals, 4)
    assert len({(portal.kind, portal.platform) for portal in four}) == 4


def test_it_takes_no_portal_twice_and_none_away(portals: list[Portal]) -> None:
    assert {portal.id for portal in choose(portals, 100)} == {portal.id for portal in portals}
    assert choose(portals, None) == tuple(portals)


def test_it_ranks_a_portal_the_same_whatever_was_chosen(portals: list[Portal]) -> None:
    everything = dict(ranked(portals, portals))
    assert all(everything[portal] == rank for portal, rank in ranked(choose(portals, 3), portals))
    assert sorted(everything.values()) == [1, 1, 2, 2, 3, 3, 4, 4]


def test_it_moves_a_portal_to_loopback(portals: list[Portal]) -> None:
    assert settle(portals[0], 21_000).base_url == "https://dichvucong.noi0.localhost:21000"
    assert demo_host("https://dichvucong.noi0.localhost:21000") == "dichvucong.noi0.localhost"

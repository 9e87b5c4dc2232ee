"""The shipped catalogue of requirements, and what may stand in its place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.config import Config, Observer
from agent.config.requirements import SHIPPED
from agent.errors import ConfigError

Load = Callable[..., Config]

ROOT = Path(__file__).parents[3]
OWN = """\
requirements:
  - {id: CAT-1, group: catalogue, vi: Tìm được, en: Found, observed_by: [public], source: ministry}
  - {id: SEC-1, group: security, vi: Mã hóa, en: Encrypted, observed_by: [public]}
"""


def test_it_uses_the_shipped_catalogue_where_there_is_none(good_load: Load) -> None:
    config = good_load()
    assert SHIPPED == ROOT / "config" / "requirements.yaml"
    assert len(config.requirements) == 28
    assert {each.source for each in config.requirements} == {"project"}
    assert config.wording("en")["SEC-3"] == "The certificate and its verified chain are valid for at least 14 more days"
    assert config.wording("vi")["SEC-6"] == "Trang https không tải nội dung qua http"


def test_it_takes_another_catalogue(good_load: Load) -> None:
    config = good_load(requirements=OWN)
    assert config.wording("en") == {"CAT-1": "Found", "SEC-1": "Encrypted"}
    assert [each.source for each in config.requirements] == ["ministry", "project"]


def test_it_refuses_a_folder_in_place_of_the_file(good_load: Load, tmp_path: Path) -> None:
    (tmp_path / "config" / "requirements.yaml").mkdir(parents=True)
    with pytest.raises(ConfigError, match=r"requirements.yaml:1: the file can't be read: is a directory"):
        good_load()


def test_it_leaves_to_the_operator_what_only_the_operator_can_tell(good_load: Load) -> None:
    by_id = {each.id: each for each in good_load().requirements}
    assert not by_id["SEC-O"].observable
    assert by_id["INT-1"].observable
    assert Observer.OPERATOR in by_id["INT-1"].observed_by


def test_it_is_documented_as_it_is_shipped(good_load: Load) -> None:
    told = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
    rows = [line for line in told.partition("\n## ")[0].splitlines() if line.startswith("| ")][1:]
    assert rows == [
        f"| {each.id} | {each.group} | {', '.join(each.observed_by)} | {each.en} | {each.vi} |"
        for each in good_load().requirements
    ]

"""Which changes can take effect while the agent runs."""

import os
from pathlib import Path

import pytest

from agent.app.known import load_config
from agent.app.reload import LIVE, Source, _require_live_only, plan_digest
from agent.config import Settings
from agent.errors import ConfigError

SHIPPED = load_config(Path(__file__).parents[3] / "config", {})


def with_agent(**changes):
    return SHIPPED.model_copy(update={"agent": SHIPPED.agent.model_copy(update=changes)})


def test_it_takes_what_is_live():
    assert set(Settings.model_fields) >= LIVE
    _require_live_only(SHIPPED, with_agent(shutdown_grace=SHIPPED.agent.shutdown_grace * 2))


def test_it_names_every_field_that_needs_a_restart():
    with pytest.raises(ConfigError) as caught:
        _require_live_only(SHIPPED, with_agent(location="elsewhere", data_dir=Path("other")))
    assert len(caught.value.problems) == 2
    assert all("restart" in problem for problem in caught.value.problems)


def test_it_sees_a_file_change_and_nothing_else(tmp_path):
    path = tmp_path / "agent.yaml"
    path.write_text("a: 1\n")
    source = Source(folder=tmp_path, load=lambda: SHIPPED)
    before = source.signature()
    (tmp_path / "notes.txt").write_text("x")
    assert source.signature() == before
    os.utime(path, (1, 1))
    assert source.signature() != before


def test_it_makes_no_new_plan_of_the_same_checks():
    assert plan_digest(SHIPPED) == plan_digest(with_agent(shutdown_grace=SHIPPED.agent.shutdown_grace * 2))

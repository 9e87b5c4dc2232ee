"""The configuration that an agent watches the demo with."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from demo.config import JOURNEYS, write_config
from demo.ready import Ready
from tests.factories import START


@pytest.fixture
def ready(tmp_path: Path) -> Ready:
    return Ready(
        control="http://127.0.0.1:1",
        control_target="https://control.localhost:2/",
        ca=tmp_path / "root.pem",
        seed=1,
        portals=(),
        services={},
        accounts=(),
        roots={},
    )


def written(ready: Ready, folder: Path, **options: object) -> tuple[object, list[str]]:
    write_config(ready, folder, data=folder, anchor=START, spread=timedelta(seconds=20), **options)
    agent, journeys = (yaml.safe_load((folder / f"{name}.yaml").read_text()) for name in ("agent", "journeys"))
    return agent["workers"]["browser"], [one["interval"] for one in journeys["journeys"]]


def test_each_journey_has_its_own_interval(ready: Ready, tmp_path: Path) -> None:
    assert written(ready, tmp_path) == (2, [one["interval"] for one in JOURNEYS])


def test_one_interval_and_more_browsers_may_be_asked_for(ready: Ready, tmp_path: Path) -> None:
    asked = written(ready, tmp_path, every=timedelta(hours=6), browsers=4)
    assert asked == (4, ["21600s"] * len(JOURNEYS))

"""Each folder of ``bad`` holds what differs from the good files, and the exact problems that must be told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.config import Config
from agent.errors import ConfigError

Load = Callable[..., Config]

CASES = sorted(path for path in (Path(__file__).parent / "bad").iterdir() if path.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_tells_every_problem_with_its_line(case: Path, good_load: Load) -> None:
    with pytest.raises(ConfigError) as caught:
        good_load(case)
    assert list(caught.value.problems) == (case / "expected.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_words_problems_as_the_house_does(case: Path) -> None:
    for line in (case / "expected.txt").read_text(encoding="utf-8").splitlines():
        _, number, sentence = line.split(":", 2)
        assert int(number) > 0
        assert not line.endswith(".")
        assert "hunter2" not in sentence
        assert not {"Input", "pydantic", "validation", "extra_forbidden"} & set(sentence.split())

"""Evidence goes by the day."""

import os
from datetime import timedelta

from agent.guard.retention import prune_evidence, prune_to_size
from tests.factories import START


def test_it_removes_whole_days_that_are_too_old_and_nothing_else(tmp_path):
    for name in ("2026-10-30", "2026-10-31", "2026-11-01", "notes"):
        (tmp_path / name / "run").mkdir(parents=True)
        (tmp_path / name / "run" / "failure.png").write_bytes(b"png")
    assert prune_evidence(tmp_path, START + timedelta(hours=5)) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-11-01", "notes"]


def test_it_has_nothing_to_do_before_the_first_failure(tmp_path):
    assert prune_evidence(tmp_path / "none", START) == 0


def test_it_removes_the_oldest_runs_until_the_size_fits_and_spares_what_is_written(tmp_path):
    for number, (day, run) in enumerate(
        [("2026-11-01", "a"), ("2026-11-01", "b"), ("2026-11-02", "c"), ("2026-11-03", "d")]
    ):
        folder = tmp_path / day / run
        (folder / "1").mkdir(parents=True)
        (folder / "1" / "failure.png").write_bytes(b"x" * 100)
        os.utime(folder, (number, number))
    assert prune_to_size(tmp_path, 400) == 0
    assert prune_to_size(tmp_path, 250, spare={"a"}) == 2
    assert sorted(path.name for path in tmp_path.glob("*/*")) == ["a", "d"]
    assert prune_to_size(tmp_path / "none", 0) == 0

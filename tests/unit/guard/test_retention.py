"""Evidence goes by the day."""

from datetime import timedelta

from agent.guard.retention import prune_evidence
from tests.factories import START


def test_it_removes_whole_days_that_are_too_old_and_nothing_else(tmp_path):
    for name in ("2026-10-30", "2026-10-31", "2026-11-01", "notes"):
        (tmp_path / name / "run").mkdir(parents=True)
        (tmp_path / name / "run" / "failure.png").write_bytes(b"png")
    assert prune_evidence(tmp_path, START + timedelta(hours=5)) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-11-01", "notes"]


def test_it_has_nothing_to_do_before_the_first_failure(tmp_path):
    assert prune_evidence(tmp_path / "none", START) == 0

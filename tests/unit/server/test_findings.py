import json
from pathlib import Path

import pytest

from agent.model import Evidence, Finding
from agent.server.findings import findings
from probes.findings import MOST, as_json
from tests.factories import result

ALT = Finding(
    requirement="A11Y-1", rule="image-alt", weight="critical", text="Ảnh <b>thiếu</b> chữ", place="home", count=2
)


def kept(folder: Path, text: str, path: str = "run/accessibility.json", kind: str = "accessibility"):
    (folder / "evidence" / "run").mkdir(parents=True, exist_ok=True)
    (folder / "evidence" / path).write_text(text, encoding="utf-8")
    return findings(result(evidence=(Evidence(kind=kind, path=path),)), folder / "evidence")


def test_it_reads_what_a_probe_wrote(tmp_path: Path) -> None:
    assert kept(tmp_path, as_json([ALT, ALT])) == (ALT, ALT)


def test_it_reads_the_newest_of_two_attempts(tmp_path: Path) -> None:
    for attempt, found in (("1", [ALT, ALT]), ("2", [ALT])):
        (tmp_path / attempt).mkdir()
        (tmp_path / attempt / "accessibility.json").write_text(as_json(found), encoding="utf-8")
    both = tuple(Evidence(kind="accessibility", path=f"{attempt}/accessibility.json") for attempt in "12")
    assert findings(result(evidence=both), tmp_path) == (ALT,)


def test_it_says_that_nothing_was_noticed(tmp_path: Path) -> None:
    assert json.loads(as_json([])) == {"found": 0, "findings": []}
    assert kept(tmp_path, as_json([])) == ()


def test_it_bounds_the_file_and_says_how_many_there_were() -> None:
    written = json.loads(as_json([ALT] * (MOST + 5)))
    assert (written["found"], len(written["findings"])) == (MOST + 5, MOST)


def test_it_reads_no_other_evidence(tmp_path: Path) -> None:
    assert kept(tmp_path, as_json([ALT]), kind="console") == ()


def test_it_reads_nothing_outside_of_the_folder(tmp_path: Path) -> None:
    assert kept(tmp_path, as_json([ALT]), path="../accessibility.json") == ()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", '{"findings": 1}', '{"findings": [{}]}', '{"findings": [1]}', "[" * 50_000, "x" * 600_000],
)
def test_it_shrugs_at_a_file_that_is_not_ours(tmp_path: Path, text: str) -> None:
    assert kept(tmp_path, text) == ()


def test_it_shrugs_at_a_file_that_is_gone(tmp_path: Path) -> None:
    assert findings(result(evidence=(Evidence(kind="accessibility", path="gone.json"),)), tmp_path) == ()

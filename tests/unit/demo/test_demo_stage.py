import random

from demo.board import Placed
from demo.faults import Fault
from demo.stage import Stage
from demo.style import Style, draw
from demo.wording import FAMILY_NAMES, FIELD_LABELS, LABELS, OTHER_NAMES, OTHER_WORDS, parameters


def under(stage: Stage, fault: Fault) -> Style:
    stage.become(Placed(fault, 1))
    return stage.style


def test_it_renames_labels_and_ids_to_unseen_ones(stage: Stage) -> None:
    usual, now = stage.style, under(stage, Fault.DRIFT)
    assert now.words.search_button != usual.words.search_button
    assert {now.names.box, now.names.button}.isdisjoint({usual.names.box, usual.names.button})
    assert all(now.words.fields[name] != label for name, label in usual.words.fields.items())
    assert all(now.names.fields[name] != id_ for name, id_ in usual.names.fields.items())
    assert now.shifted


def test_it_renames_either_labels_or_ids_in_the_near_miss(stage: Stage) -> None:
    usual, now = stage.style, under(stage, Fault.NEAR_DRIFT)
    assert (now.words == usual.words) is not (now.names == usual.names)
    assert not now.shifted


def test_it_shares_no_wording_between_seen_and_unseen() -> None:
    seen = {*LABELS, *(label for labels in FIELD_LABELS.values() for label in labels)}
    assert all(seen.isdisjoint({words.search_label, *words.fields.values()}) for words in OTHER_WORDS)
    ids = {names.box for family in FAMILY_NAMES.values() for names in family}
    assert all(names.box not in ids for names in OTHER_NAMES)


def test_it_understands_every_parameter_a_search_form_sends() -> None:
    names = [names for family in FAMILY_NAMES.values() for names in family] + list(OTHER_NAMES)
    assert {one.parameter for one in names} == set(parameters())


def test_it_looks_as_before_when_the_fault_is_gone(stage: Stage) -> None:
    usual, version = stage.style, stage.version
    under(stage, Fault.DRIFT)
    assert stage.version != version
    stage.become(None)
    assert (stage.style, stage.version) == (usual, version)


def test_it_sounds_like_an_outage_in_the_near_misses_only(stage: Stage) -> None:
    assert not any("Lỗi 500" in item.title for item in stage.news)
    under(stage, Fault.NEAR_ERROR_PAGE_200)
    assert any("Lỗi 500" in item.title for item in stage.news)
    assert any("gián đoạn" in notice.text for notice in stage.notices)
    under(stage, Fault.NEAR_MAINTENANCE)
    assert any("tạm ngừng hoạt động để bảo trì" in notice.text for notice in stage.notices)


def test_it_shows_the_planted_values_under_the_labels(stage: Stage) -> None:
    one = stage.procedures[0]
    shown = {field["label"]: field["value"] for field in stage.fields(one)}
    words = stage.style.words.fields
    assert shown[words["code"]] == one.code
    assert shown[words["fee"]] == one.fee
    assert shown[words["time"]] == one.time_limit
    assert shown[words["level"]] == stage.style.levels[one.level]


def test_it_draws_another_style_for_another_seed() -> None:
    styles = [stage_style(seed) for seed in range(12)]
    assert len({style.words.search_button for style in styles}) > 1
    assert len({style.names.box for style in styles}) > 1
    assert len({tuple(style.order) for style in styles}) > 1


def stage_style(seed: int) -> Style:
    return draw("tiepnhan", "tỉnh An Giang", random.Random(seed))

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from agent.config.durations import LONGEST, format_duration, parse_duration

MILLIS = st.integers(min_value=1, max_value=LONGEST // timedelta(milliseconds=1))


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("30s", 30), ("5m", 300), ("6h", 21_600), ("2d", 172_800), ("1m30s", 90), ("500ms", 0.5), ("1m5ms", 60.005),
        ("90m", 5_400), (45, 45), (1.5, 1.5),
    ],
)  # fmt: skip
def test_it_reads_durations(written: object, seconds: float) -> None:
    assert parse_duration(written).total_seconds() == seconds


@pytest.mark.parametrize(
    "wrong", ["", "s", "5", "5 m", "1s1m", "-5s", "1.5h", "\uff15s", "5M", None, True, (), float("nan")]
)
def test_it_refuses_what_is_none(wrong: object) -> None:
    with pytest.raises(ValueError, match="must be a duration"):
        parse_duration(wrong)


@pytest.mark.parametrize("wrong", [0, -1, "0s", 0.0001, timedelta(0)])
def test_it_refuses_durations_of_nothing(wrong: object) -> None:
    with pytest.raises(ValueError, match="must be more than 0s"):
        parse_duration(wrong)


@pytest.mark.parametrize("wrong", ["36501d", "999999999d999999999h", 1e300, 10**18])
def test_it_refuses_durations_beyond_its_range(wrong: object) -> None:
    with pytest.raises(ValueError, match="must be at most 36500d"):
        parse_duration(wrong)


@given(MILLIS)
def test_it_reads_back_what_it_writes(millis: int) -> None:
    duration = timedelta(milliseconds=millis)
    assert parse_duration(format_duration(duration)) == duration


@given(MILLIS)
def test_it_reads_whole_seconds_alike_as_number_and_as_text(seconds: float) -> None:
    seconds = seconds // 1_000 + 1
    if timedelta(seconds=seconds) <= LONGEST:
        assert parse_duration(seconds) == parse_duration(float(seconds)) == timedelta(seconds=seconds)


@given(st.one_of(st.text(), st.text("0123456789dhms"), st.floats(), st.integers()))
def test_it_gives_a_duration_in_range_or_raises_its_rule(value: object) -> None:
    duration = None
    with suppress(ValueError):
        duration = parse_duration(value)
    assert duration is None or timedelta(milliseconds=1) <= duration <= LONGEST
    assert duration is None or duration % timedelta(milliseconds=1) == timedelta(0)

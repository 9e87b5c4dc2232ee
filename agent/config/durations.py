"""Durations as people write them: ``30s``, ``5m``, ``1m30s``, or a number of seconds."""

import re
from datetime import timedelta
from math import isfinite

UNITS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}
LONGEST = timedelta(days=36_500)
_MILLISECOND = timedelta(milliseconds=1)

_TEXT = re.compile(r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?", re.ASCII)
_WAYS = "must be a duration like 30s, 5m, 6h, 2d or 1m30s, or a number of seconds"


def parse_duration(value: object) -> timedelta:
    """The duration that ``value`` stands for, from 1 ms to 36500 days; raises ValueError with the broken rule."""
    if isinstance(value, timedelta):
        return _bounded(value // _MILLISECOND)
    if isinstance(value, str):
        return _bounded(_from_text(value))
    if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
        return _bounded(_from_seconds(value))
    raise ValueError(_WAYS)


def format_duration(value: timedelta) -> str:
    """The shortest writing of ``value`` that :func:`parse_duration` reads back; rounded down to milliseconds."""
    left = value // _MILLISECOND
    parts = []
    for unit, size in UNITS.items():
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def _from_text(text: str) -> int:
    match = _TEXT.fullmatch(text)
    if match is None or not text:
        raise ValueError(_WAYS)
    return sum(int(count or 0) * size for count, size in zip(match.groups(), UNITS.values(), strict=True))


def _from_seconds(seconds: float) -> int:
    # Far beyond the range a float times 1,000 is infinite, which no whole number is.
    within = max(-1.0, min(seconds, 2 * LONGEST.total_seconds()))
    return round(within * 1_000)


def _bounded(millis: int) -> timedelta:
    if millis < 1:
        raise ValueError("must be more than 0s")
    if millis > LONGEST // _MILLISECOND:
        raise ValueError(f"must be at most {format_duration(LONGEST)}")
    return timedelta(milliseconds=millis)

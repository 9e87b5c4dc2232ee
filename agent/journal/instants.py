"""Instants as the journal keeps them: whole microseconds, so that a datetime survives unchanged."""

from datetime import datetime, timedelta

from agent.clock import EPOCH

_TICK = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Whole microseconds since the Unix epoch."""
    return (moment - EPOCH) // _TICK


def from_micros(micros: int) -> datetime:
    """The instant in UTC ``micros`` microseconds after the Unix epoch."""
    return EPOCH + timedelta(microseconds=micros)


def maybe_micros(moment: datetime | None) -> int | None:
    """As :func:`to_micros`, keeping None."""
    return None if moment is None else to_micros(moment)


def maybe_moment(micros: int | None) -> datetime | None:
    """As :func:`from_micros`, keeping None."""
    return None if micros is None else from_micros(micros)

"""The kinds of field the models are made of, each with the sentence that a wrong value earns."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from agent.config.addresses import is_host, parse_url
from agent.config.durations import parse_duration

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?", re.ASCII)
# Upper case only: a token pasted where its variable's name belongs then mostly fails, and isn't looked up and named.
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,63}", re.ASCII)
_CONTACT = re.compile(r"[!-~]+@[!-~]+|https?://[!-~]+", re.ASCII)


class Strict(BaseModel):
    """Frozen, takes no unknown field and converts nothing silently."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


def refuse(rule: str) -> PydanticCustomError:
    """The error of a value that breaks ``rule`` ("must be ...")."""
    return PydanticCustomError("rule", "{rule}", {"rule": rule})


def at_least(low: str) -> AfterValidator:
    """Holds a duration to ``low`` or more."""

    def check(value: timedelta) -> timedelta:
        if value < parse_duration(low):
            raise refuse(f"must be at least {low}")
        return value

    return AfterValidator(check)


def _matching(fits: Callable[[str], object], rule: str) -> AfterValidator:
    def check(value: str) -> str:
        if not fits(value):
            raise refuse(rule)
        return value

    return AfterValidator(check)


def _read_duration(value: object) -> timedelta:
    try:
        return parse_duration(value)
    except ValueError as error:
        raise refuse(str(error)) from None


def _read_moment(value: object) -> datetime:
    rule = "must be a date and time like 2026-04-05T22:00, local or with its offset"
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(_timed(value))
        return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise refuse(rule) from None


def _timed(value: object) -> str:
    # A bare date would silently mean midnight at its beginning, which is never what the end of a window means.
    if not isinstance(value, str) or ":" not in value:
        raise ValueError
    return value


def _read_day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise refuse("must be a date like 2026-04-05") from None


def _read_path(value: object) -> Path:
    if isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise refuse("must be a path")
    return Path(value)


def _is_origin(text: str) -> bool:
    address = parse_url(text)
    return address is not None and address.scheme == "https" and not address.path


Duration = Annotated[timedelta, BeforeValidator(_read_duration)]
Moment = Annotated[datetime, BeforeValidator(_read_moment)]
Day = Annotated[date, BeforeValidator(_read_day)]
FilePath = Annotated[Path, BeforeValidator(_read_path)]
Slug = Annotated[
    str, _matching(_SLUG.fullmatch, "must be lower-case letters, digits and inner hyphens, at most 64 characters")
]
Text = Annotated[str, _matching(lambda text: text.strip() and text.isprintable(), "must be one line of text")]
Variable = Annotated[
    str, _matching(_VARIABLE.fullmatch, "must name an environment variable in upper-case letters, digits and _")
]
Host = Annotated[str, _matching(is_host, "must be a host name in lower case or an ip address")]
Url = Annotated[str, _matching(parse_url, "must be an http or https url with a lower-case host and no user in it")]
Origin = Annotated[
    str, _matching(_is_origin, "must be an https origin like https://portal.example, with no path and no user in it")
]
Contact = Annotated[str, _matching(_CONTACT.fullmatch, "must be a mail address or a web address without blanks")]

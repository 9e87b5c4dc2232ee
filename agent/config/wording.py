"""Our sentences for what pydantic finds, in place of its own."""

import json
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from agent.config.source import Finding, Loc, resolve

_RULES: Mapping[str, str] = {
    "missing": "is required",
    "bool_type": "must be true or false",
    "string_type": "must be text (quote it if it looks like a number or true, false, null)",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be finite",
    "tuple_type": "must be a list",
    "model_type": "must be a mapping of fields",
    "dict_type": "must be a mapping of fields",
    "too_short": "must not be empty",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than_equal": "must be at most {le:g}",
    "rule": "{rule}",
}
_SHOWN = 60
_SIMPLE = re.compile(r"[\w.+:/%-]+")
_PRIVATE = re.compile(r"token|password|secret|key|_env$", re.IGNORECASE)


def finding(error: ErrorDetails, model: type[BaseModel], prefix: Loc = ()) -> Finding:
    """One of pydantic's errors about ``model`` in our words; ``prefix`` is where the model stands in the file."""
    loc = tuple(part for part in error["loc"] if part != "[key]")
    return Finding(loc=(*prefix, *loc), text=_sentence(error, model, loc))


def got(value: object) -> str:
    """A value as a message shows it; never the whole of a long one."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, tuple):
        return "a list" if value else "an empty list"
    if not isinstance(value, str):
        return json.dumps(value, default=str)
    cut = value if len(value) <= _SHOWN else value[:_SHOWN] + "…"
    return (
        cut
        if _SIMPLE.fullmatch(cut) and isinstance(resolve(cut), str)
        else json.dumps(cut, ensure_ascii=not cut.isprintable())
    )


def quoted(word: str) -> str:
    """A name in quotes, cut when it is long."""
    cut = word if len(word) <= _SHOWN else word[:_SHOWN] + "…"
    return json.dumps(cut, ensure_ascii=not cut.isprintable())


def hint(word: object, choices: Iterable[str]) -> str:
    """The end of a sentence that offers the nearest of ``choices``, or nothing."""
    near = get_close_matches(word.lower(), list(choices), n=1) if isinstance(word, str) else []
    return f' (did you mean "{near[0]}"?)' if near and near[0].isprintable() else ""


def unknown(what: str, word: str, choices: Iterable[str], *, listed: bool = True) -> str:
    """The sentence about a name that is none of ``choices``."""
    names = sorted(choices)
    among = f"; known: {', '.join(names)}" if listed and names else ""
    return f"unknown {what} {quoted(word)}{among}{hint(word, names)}"


def _sentence(error: ErrorDetails, model: type[BaseModel], loc: Loc) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return f"unknown field{hint(loc[-1], _fields(model, loc))}"
    if kind == "missing":
        return _RULES[kind]
    if kind == "enum":
        return _choice(error["input"], str(context["expected"]), _field_name(loc))
    rule = _RULES.get(kind, "is not valid").format(**context)
    return f"{rule}{_but(error['input'], loc)}"


def _choice(value: object, expected: str, field: str) -> str:
    names = re.findall(r"'([^']*)'", expected)
    if isinstance(value, str):
        return unknown(field, value, names)
    return f"must be one of {', '.join(sorted(names))}, got {got(value)}"


def _field_name(loc: Loc) -> str:
    return next((part for part in reversed(loc) if isinstance(part, str)), "value").removesuffix("s")


def _but(value: object, loc: Loc) -> str:
    # What may be a secret in the wrong place is not repeated: a token for its variable's name, a password in a URL.
    named = any(_PRIVATE.search(str(part)) for part in loc)
    return "" if named or (isinstance(value, str) and "@" in value) else f", got {got(value)}"


def _fields(model: type[BaseModel], loc: Loc) -> list[str]:
    for part in loc[:-1]:
        if isinstance(part, str) and part in model.model_fields:
            model = _inner(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def _inner(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - an annotation may be anything
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_inner, get_args(annotation))), None)

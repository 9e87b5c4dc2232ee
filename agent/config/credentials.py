"""Secrets: the files name an environment variable, the environment holds the value or the path of a file with it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import SecretStr

from agent.config.settings import Settings
from agent.config.source import Finding, Loc


def resolve_tokens(settings: Settings, environ: Mapping[str, str]) -> tuple[dict[str, SecretStr], list[Finding]]:
    """The secrets by the name of their variable, and what is missing. No message holds a value or a path."""
    tokens: dict[str, SecretStr] = {}
    found: list[Finding] = []
    for loc, name in _declared(settings):
        value, problem = _value(name, environ)
        if problem:
            found.append(Finding(loc=loc, text=problem))
        else:
            tokens[name] = SecretStr(value)
    return tokens, found


def _declared(settings: Settings) -> Iterator[tuple[Loc, str]]:
    if settings.influxdb:
        yield ("influxdb", "token_env"), settings.influxdb.token_env
    auth = settings.server.auth
    if auth:
        yield ("server", "auth", "token_env" if auth.token_env else "password_env"), auth.variable


def _value(name: str, environ: Mapping[str, str]) -> tuple[str, str]:
    direct, file = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "")
    if direct:
        return direct, ""
    if not file:
        return "", f"must name a variable that is set: neither {name} nor {name}_FILE is"
    held = _held(Path(file))
    if held is None:
        return "", f"must name a secret that can be read: the file that {name}_FILE names can't"
    return held, "" if held else f"must name a secret that is there: the file that {name}_FILE names is empty"


def _held(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None

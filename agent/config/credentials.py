"""Secrets: the files name an environment variable. It holds the value, or a file does, named by it or like it."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import SecretBytes, SecretStr

from agent.config.settings import AccountEntry, Settings
from agent.config.source import Finding, Loc

LARGEST_KEY = 100_000
"""Bytes of a PKCS #12 file; one with a long chain has some ten thousand."""

SESSION_KEY_BYTES = 32


def resolve_tokens(settings: Settings, environ: Mapping[str, str]) -> tuple[dict[str, SecretStr], list[Finding]]:
    """The secrets by the name of their variable, and what is missing. No message holds a value or a path."""
    tokens: dict[str, SecretStr] = {}
    found: list[Finding] = []
    for loc, name in _declared(settings):
        value, problem = _value(name, environ, settings.secrets_dir)
        if problem:
            found.append(Finding(loc=loc, text=problem))
        else:
            tokens[name] = SecretStr(value)
    return tokens, [*found, *_unfit_session_key(settings, tokens)]


def read_keys(settings: Settings) -> tuple[dict[str, SecretBytes], list[Finding]]:
    """The accounts' PKCS #12 files by the account's name, and which can't be read."""
    keys: dict[str, SecretBytes] = {}
    found: list[Finding] = []
    for index, account in enumerate(settings.accounts):
        if account.key is None:
            continue
        content = _content(account.key.file)
        if content is None:
            text = f"must be a file that can be read, of at most {LARGEST_KEY} bytes"
            found.append(Finding(loc=("accounts", index, "key", "file"), text=text))
        else:
            keys[account.name] = SecretBytes(content)
    return keys, found


def session_key(text: str) -> bytes | None:
    """The key that encrypts attended log-ins, from its base64; None when it is none."""
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == SESSION_KEY_BYTES else None


def _unfit_session_key(settings: Settings, tokens: Mapping[str, SecretStr]) -> Iterator[Finding]:
    name = settings.sessions.key_env if settings.sessions else ""
    if name in tokens and session_key(tokens[name].get_secret_value()) is None:
        text = f"must name a secret of {SESSION_KEY_BYTES} bytes in base64, as openssl rand -base64 32 makes it"
        yield Finding(loc=("sessions", "key_env"), text=text)


def _declared(settings: Settings) -> Iterator[tuple[Loc, str]]:
    if settings.influxdb:
        yield ("influxdb", "token_env"), settings.influxdb.token_env
    auth = settings.server.auth
    if auth:
        yield ("server", "auth", "token_env" if auth.token_env else "password_env"), auth.variable
    for index, account in enumerate(settings.accounts):
        yield from _of_account(("accounts", index), account)
    if settings.sessions:
        yield ("sessions", "key_env"), settings.sessions.key_env


def _of_account(loc: Loc, account: AccountEntry) -> Iterator[tuple[Loc, str]]:
    yield (*loc, "username_env"), account.username_env
    yield (*loc, "password_env"), account.password_env
    if account.pin_env:
        yield (*loc, "pin_env"), account.pin_env
    if account.key:
        yield (*loc, "key", "password_env"), account.key.password_env


def _value(name: str, environ: Mapping[str, str], folder: Path | None) -> tuple[str, str]:
    direct, file = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "")
    if direct:
        return direct, ""
    if file:
        return _from_file(Path(file), f"the file that {name}_FILE names")
    if folder is not None and (folder / name).exists():
        return _from_file(folder / name, f"the file {name} in secrets_dir")
    nor = ", and secrets_dir has no such file" if folder is not None else ""
    return "", f"must name a variable that is set: neither {name} nor {name}_FILE is{nor}"


def _from_file(path: Path, named: str) -> tuple[str, str]:
    held = _held(path)
    if held is None:
        return "", f"must name a secret that can be read: {named} can't"
    return held, "" if held else f"must name a secret that is there: {named} is empty"


def _held(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None


def _content(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_KEY + 1)
    except (OSError, ValueError):
        return None
    return content if 0 < len(content) <= LARGEST_KEY else None

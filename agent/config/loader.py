"""From a folder of five files to a configuration, or to every problem in them at once."""

import re
from collections.abc import Iterable, Iterator, Mapping
from os import R_OK, X_OK, access
from pathlib import Path

from pydantic import SecretBytes, SecretStr

from agent.clock import Clock
from agent.config.credentials import read_keys, resolve_tokens
from agent.config.parts import AGENT, FILES, NEEDED, Known, Parts, Said
from agent.config.requirements import REQUIREMENTS, SHIPPED
from agent.config.rules import between_parts
from agent.config.salvage import gather, repeated, within
from agent.config.settings import Settings
from agent.config.source import Finding, Loc, Source, read
from agent.config.whole import Config
from agent.config.wording import got
from agent.errors import ConfigError

_CLOCK = Clock()
_NAME = re.compile(r"[\w-]+")


def load(folder: Path, known: Known, environ: Mapping[str, str], *, clock: Clock = _CLOCK) -> Config:
    """The configuration in ``folder``.

    Raises :class:`agent.errors.ConfigError` with every problem as ``file:line: path: message``, in the order of files
    and lines. ``environ`` is where secrets are looked up; ``clock`` decides what is expired or in the future.
    """
    if not (access(folder, X_OK) and folder.is_dir()):
        raise ConfigError([f"{folder}: must be a folder that holds {', '.join(NEEDED)}"])
    sources = {name: read(folder / name) for name in NEEDED}
    sources[REQUIREMENTS] = read(_catalogue(folder))
    parts, said = gather(sources, known, clock.now())
    tokens, missing = resolve_tokens(parts.settings, environ) if parts.settings else ({}, [])
    keys, unreadable = read_keys(parts.settings) if parts.settings else ({}, [])
    said += [
        *repeated(sources),
        *within(AGENT, [*missing, *unreadable]),
        *within(AGENT, _missing_files(parts.settings)),
    ]
    said += [each for name, source in sources.items() for each in within(name, source.findings)]
    # What a field's own rule already refused, no rule between fields refuses again.
    told = {(name, each.loc) for name, each in said}
    said += [(name, each) for name, each in between_parts(parts) if (name, each.loc) not in told]
    problems = _lines(sources, said)
    if problems or parts.settings is None:
        raise ConfigError(problems)
    return _config(parts, parts.settings, tokens, keys)


def _config(
    parts: Parts, settings: Settings, tokens: Mapping[str, SecretStr], keys: Mapping[str, SecretBytes]
) -> Config:
    return Config(
        agent=settings,
        portals=tuple(row.item for row in parts.portals),
        journeys=tuple(row.item for row in parts.journeys),
        maintenance=tuple(row.item for row in parts.windows),
        requirements=tuple(row.item for row in parts.requirements),
        loaded_on=parts.today,
        tokens=tokens,
        keys=keys,
    )


def _catalogue(folder: Path) -> Path:
    own = folder / REQUIREMENTS
    return own if own.exists() else SHIPPED


def _missing_files(settings: Settings | None) -> Iterator[Finding]:
    store, executable = (settings.trust_store, settings.browser.executable) if settings else (None, None)
    if store and not _usable(store, R_OK):
        yield Finding(loc=("trust_store",), text=f"must be a readable file of certificates, got {got(str(store))}")
    for loc, path in _read_files(settings) if settings else ():
        if not _usable(path, R_OK):
            yield Finding(loc=loc, text=f"must be a file that can be read, got {got(str(path))}")
    if executable and not _usable(executable, X_OK):
        yield Finding(
            loc=("browser", "executable"), text=f"must be a program that may be run, got {got(str(executable))}"
        )


def _read_files(settings: Settings) -> Iterator[tuple[Loc, Path]]:
    tls = settings.server.tls
    if tls:
        yield from ((("server", "tls", "certificate"), tls.certificate), (("server", "tls", "key"), tls.key))
    for index, service in enumerate(settings.services):
        for name, path in (("certificate", service.certificate), ("issuer", service.issuer)):
            if path:
                yield ("services", index, name), path
    for index, store in enumerate(settings.signatures.trust_stores):
        yield ("signatures", "trust_stores", index, "file"), store.file


def _usable(path: Path, how: int) -> bool:
    # access() answers for what is_file() would raise at, such as a name that is too long.
    return access(path, how) and path.is_file()


def _lines(sources: Mapping[str, Source], said: Iterable[Said]) -> list[str]:
    ranked = [(name, source.line(()), source.broken) for name, source in sources.items() if source.broken]
    for name, each in said:
        line = each.line or sources[name].line(each.loc)
        ranked.append((name, line, f"{_dotted(each.loc)}{each.text}"))
    ranked.sort(key=lambda problem: (FILES.index(problem[0]), *problem[1:]))
    return [f"{sources[name].file}:{line}: {text}" for name, line, text in ranked]


def _dotted(loc: Loc) -> str:
    path = ""
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += ("." if path else "") + (part if _NAME.fullmatch(part) else repr(part))
    return f"{path}: " if path else ""

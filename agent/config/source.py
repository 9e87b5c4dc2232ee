"""Reading one YAML file into plain values that remember their lines.

Only what JSON knows is resolved (true, null, 12, 1.5): YAML 1.1 would turn ``no`` into false and ``22:00`` into 1320.
Lists become tuples.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

Loc = tuple[str | int, ...]

LARGEST = 200_000
"""Values in one file; aliases of aliases would otherwise grow without end."""

_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,18})?(?:[eE][-+]?[0-9]{1,3})?", re.ASCII)
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong in a file: where in it, and a sentence about it; ``line`` None is the line of ``loc``."""

    loc: Loc
    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file as read. ``data`` is None when it could not be read at all; ``broken`` says why, with the line."""

    file: str
    data: object
    lines: Mapping[Loc, int]
    findings: tuple[Finding, ...] = ()
    broken: str = ""

    def line(self, loc: Loc) -> int:
        """The line of ``loc``, or of the nearest thing around it that the file has."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc, 1)


class _Loader(yaml.SafeLoader):
    """Composes nodes and leaves the meaning of plain scalars to :func:`resolve`."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - PyYAML's own way to say so


class _Unreadable(Exception):  # noqa: N818 - never leaves this file
    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


class _Reader:
    def __init__(self) -> None:
        self.lines: dict[Loc, int] = {}
        self.findings: list[Finding] = []

    def value(self, node: yaml.Node, loc: Loc) -> object:
        self.lines.setdefault(loc, _line(node))
        if len(self.lines) > LARGEST:
            raise _Unreadable(_line(node), f"must hold at most {LARGEST} values")
        if node.tag not in _PLAIN_TAGS:
            self.findings.append(Finding(loc=loc, text="must not carry a yaml tag"))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.value(item, (*loc, index)) for index, item in enumerate(node.value))
        quoted = isinstance(node, yaml.ScalarNode) and node.style
        return node.value if quoted else resolve(str(node.value))

    def _mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str, object]:
        values: dict[str, object] = {}
        for key, value in node.value:
            name = _key(key)
            if name in values:
                first = self.lines[*loc, name]
                text = f"must appear once, is on line {first} and on line {_line(key)}"
                self.findings.append(Finding(loc=(*loc, name), text=text, line=_line(key)))
                continue
            self.lines[*loc, name] = _line(key)
            values[name] = self.value(value, (*loc, name))
        return values


def read(path: Path) -> Source:
    """Read a file; whatever is wrong with it is told in the source, nothing is raised."""
    reader = _Reader()
    try:
        node = _compose(_text(path))
        data = {} if node is None else reader.value(node, ())
    except _Unreadable as error:
        return Source(file=str(path), data=None, lines={(): error.line}, broken=str(error))
    except RecursionError:
        return Source(file=str(path), data=None, lines={}, broken="not valid yaml: nested too deeply, or in itself")
    return Source(
        file=str(path), data={} if data is None else data, lines=reader.lines, findings=tuple(reader.findings)
    )


def resolve(text: str) -> bool | int | float | str | None:
    """What a plain scalar means."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise _Unreadable(1, "the file is missing") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise _Unreadable(line, "the file must hold utf-8 text") from None
    except OSError as error:
        raise _Unreadable(1, f"the file can't be read: {(error.strerror or 'unknown reason').lower()}") from None


def _compose(text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, _Loader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _Unreadable(line, f"not valid yaml: holds the control character {error.character!r}") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _Unreadable(mark.line + 1 if mark else 1, f"not valid yaml: {_syntax(error)}") from None


def _syntax(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or error.context or "unreadable"
    if problem.startswith("but "):
        problem = f"{error.context} {problem}"
    # The name of an alias or tag is the user's text: a password that begins with * or ! and lacks its quotes.
    return re.sub(r"^(found undefined (?:alias|tag handle)).*", r"\1", problem, flags=re.DOTALL)


def _key(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _Unreadable(_line(node), "not valid yaml: a field's name must be plain text")
    return str(node.value)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1

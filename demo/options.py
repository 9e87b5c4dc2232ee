"""The demo's command line."""

import argparse
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from demo.board import FaultError, parse_assignment
from demo.faults import CATALOGUE, NEAR

DEFAULT_PORTALS = Path(__file__).resolve().parent.parent / "config" / "portals.yaml"
_USAGE = 2
_PORTS = range(1_024, 65_536)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to stand in for; None for ``directory`` is a temporary one, for ``base_port`` any free block."""

    portals: int | None
    seed: int
    faults: Sequence[tuple[str, str]]
    directory: Path | None
    portals_file: Path
    base_port: int | None
    stdin_guard: bool


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: {message}\n")
        raise SystemExit(_USAGE)


def parse(arguments: Sequence[str]) -> Options:
    """The options; ends the process with status 2 and one line when they can't be used."""
    given = _parser().parse_args(arguments)
    return Options(
        portals=given.portals,
        seed=given.seed if given.seed is not None else secrets.randbelow(2**32),
        faults=tuple(given.fault),
        directory=given.dir,
        portals_file=given.portals_file,
        base_port=given.base_port,
        stdin_guard=given.stdin_guard,
    )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m demo",
        description="Stand-ins for public-service portals, on the loopback address.",
        epilog="\n".join(_catalogue()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--portals", type=_count, metavar="N", help="only the first N, mixed by kind and platform")
    add("--seed", type=_whole, metavar="N", help="draws words, order and procedures; random unless given")
    add("--fault", type=_assignment, action="append", default=[], metavar="TARGET=FAULT", help="may be repeated")
    add("--dir", type=Path, metavar="DIR", help="where ca/root.pem is written; a temporary folder unless given")
    add("--portals-file", type=Path, default=DEFAULT_PORTALS, metavar="FILE", help="the portals, as YAML")
    add("--base-port", type=_port, metavar="P", help="the first of one port per portal and two more")
    add("--stdin-guard", action="store_true", help="end when the standard input does")
    return parser


def _catalogue() -> list[str]:
    lines = ["faults of a portal, each with a healthy near-miss; '*' is every portal:"]
    for fault, entry in CATALOGUE.items():
        lines += [f"  {fault.value:<22} {entry.fault}", f"  {NEAR + fault.value:<22} {entry.near_miss}"]
    return [*lines, f"  {'network=down':<22} every portal and the control target refuse connections"]


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} must be a whole number") from None


def _count(text: str) -> int:
    number = _whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} must be at least 1")
    return number


def _port(text: str) -> int:
    number = _whole(text)
    if number not in _PORTS:
        raise argparse.ArgumentTypeError(f"{text!r} must be between {_PORTS.start} and {_PORTS.stop - 1}")
    return number


def _assignment(text: str) -> tuple[str, str]:
    try:
        return parse_assignment(text)
    except FaultError as error:
        raise argparse.ArgumentTypeError(str(error)) from None

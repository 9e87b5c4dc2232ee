"""The command line. Heavy imports stay inside the commands, so that ``--help`` is quick."""

import sys

from agent.errors import ConfigError, PortalwatchError


def main() -> None:
    """Run a command; a user's mistake ends with exit 2 and its sentence, never a traceback."""
    from agent.cli.commands import app  # noqa: PLC0415 - typer is not needed to import this package

    try:
        app()
    except ConfigError as error:
        _give_up(error.problems)
    except PortalwatchError as error:
        _give_up(str(error).splitlines())


def _give_up(lines: object) -> None:
    for line in lines if isinstance(lines, list | tuple) else [lines]:
        sys.stderr.write(f"{line}\n")
    sys.exit(2)

"""Ties a child process to us: it dies when we do, however we die, and we know its pid.

A killed agent can't clean up, so the kernel must: ``setpriv --pdeathsig KILL`` reaches a child also
when it is stopped, and the wrapper leaves its pid, which Playwright doesn't tell.
"""

import os
import shlex
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from agent.errors import MissingPartError


@dataclass(frozen=True, slots=True, kw_only=True)
class Leash:
    """``wrapper`` starts the program in its place; ``pid_file`` then holds its pid."""

    wrapper: Path
    pid_file: Path

    def pid(self) -> int | None:
        """The pid of the last start, None before the first."""
        try:
            return int(self.pid_file.read_text())
        except (OSError, ValueError):
            return None

    def kill(self) -> None:
        """End the program at once; it may be stopped, gone, or never started."""
        pid = self.pid()
        if pid is not None:
            self.pid_file.unlink(missing_ok=True)
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                return


def leash(program: Path, folder: Path, number: int = 0) -> Leash:
    """Write the wrapper for ``program`` into ``folder``; ``number`` tells several starts apart.

    Raises:
        MissingPartError: util-linux's setpriv is not there.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise MissingPartError("setpriv is missing: no way to tie the browser to the agent; install util-linux")
    name = f"{program.name}-{number}"
    made = Leash(wrapper=folder / f"start-{name}", pid_file=folder / f"{name}.pid")
    made.wrapper.write_text(
        f"#!/bin/sh\necho $$ >{shlex.quote(str(made.pid_file))}\n"
        f'exec {shlex.quote(setpriv)} --pdeathsig KILL -- {shlex.quote(str(program))} "$@"\n',
    )
    made.wrapper.chmod(0o700)
    return made

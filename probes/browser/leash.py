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

    def alive(self) -> bool:
        """Whether the program runs; a zombie doesn't."""
        pid = self.pid()
        if pid is None:
            return False
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        return state != "Z"

    def kill(self) -> None:
        """End the program at once; it may be stopped, gone, or never started."""
        pid = self.pid()
        if pid is not None:
            self.pid_file.unlink(missing_ok=True)
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                return

    def drop(self) -> None:
        """End the program and remove its files."""
        self.kill()
        self.wrapper.unlink(missing_ok=True)


def leash(program: Path, folder: Path, *, name: str = "", most_data: int | None = None) -> Leash:
    """Write the wrapper for ``program`` into ``folder``, under a name that tells it from others of the program.

    ``most_data`` is how many bytes each process of the program may hold, as the kernel counts them
    (RLIMIT_DATA: also what is mapped and never touched).

    Raises:
        MissingPartError: util-linux's setpriv is not there.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise MissingPartError("setpriv is missing: no way to tie the browser to the agent; install util-linux")
    name = name or program.name
    made = Leash(wrapper=folder / f"start-{name}", pid_file=folder / f"{name}.pid")
    limit = f"ulimit -d {most_data // 1024}\n" if most_data is not None else ""
    made.wrapper.write_text(
        f"#!/bin/sh\necho $$ >{shlex.quote(str(made.pid_file))}\n{limit}"
        f'exec {shlex.quote(setpriv)} --pdeathsig KILL -- {shlex.quote(str(program))} "$@"\n',
    )
    made.wrapper.chmod(0o700)
    return made

"""What a figure was measured with."""

import asyncio
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

NUMBER = re.compile(r"\d+\.\d+[\w.]*")


def of_packages(*names: str) -> dict[str, str]:
    """The installed versions of Python packages."""
    return {name: version(name) for name in names}


async def of_program(command: Sequence[str]) -> str:
    """The first version number that a program prints, or the folder it was kept in when it knows none."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=asyncio.subprocess.STDOUT)
    said, _ = await process.communicate()
    return _number(said.decode(errors="replace").partition("\n")[0]) or _number(Path(command[0]).parent.name) or "?"


def _number(text: str) -> str:
    found = NUMBER.search(text)
    return found[0] if found else ""

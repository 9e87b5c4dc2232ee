"""Makes Chromium trust a private CA: an NSS database in a HOME of its own.

Ignoring certificate errors instead would let every bad certificate pass.
"""

import asyncio
import shutil
from pathlib import Path

from agent.errors import MissingPartError


async def trusting_home(trust_store: Path, home: Path) -> Path:
    """Make ``home`` a HOME whose Chromium trusts every certificate in the PEM file ``trust_store``.

    Raises:
        MissingPartError: certutil is not installed or refuses the file.
    """
    certutil = shutil.which("certutil")
    if certutil is None:
        raise MissingPartError(
            "certutil is missing: Chromium can't be made to trust trust_store; install libnss3-tools"
        )
    database = home / ".pki" / "nssdb"
    shutil.rmtree(database, ignore_errors=True)
    database.mkdir(parents=True)
    await _certutil(certutil, database, "-N", "--empty-password")
    for number, pem in enumerate(_certificates(trust_store)):
        one = home / f"ca-{number}.pem"
        one.write_text(pem)
        await _certutil(certutil, database, "-A", "-t", "C,,", "-n", f"ca-{number}", "-i", str(one))
    return home


def _certificates(trust_store: Path) -> list[str]:
    end = "-----END CERTIFICATE-----"
    parts = trust_store.read_text().split(end)[:-1]
    return [part[part.index("-----BEGIN") :] + end + "\n" for part in parts]


async def _certutil(certutil: str, database: Path, *arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        certutil,
        "-d",
        f"sql:{database}",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode != 0:
        raise MissingPartError(f"certutil refused trust_store: {output.decode(errors='replace').strip()}")

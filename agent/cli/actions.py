"""What the commands do, between their options and ``agent.app``."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from agent import app
from agent.cli import show
from agent.config import Config, checks
from agent.errors import ConfigError, PortalwatchError
from agent.guard.vault import Vault
from agent.journal import Journal, to_public
from agent.logs import set_up
from agent.model import Verdict

DEFAULT_FOLDER = Path("config")
VAULT = Vault()
"""One for the process, as its logs are; a configuration that is read again adds to it."""

ALL_ROLES = frozenset({"scheduler", "worker", "recorder"})


def validate(folder: Path, *, as_json: bool) -> None:
    """Exit 0 with a summary, or 2 with every problem."""
    try:
        config = app.load_config(folder, os.environ)
    except ConfigError as error:
        if as_json:
            show.as_json({"valid": False, "problems": list(error.problems)})
            sys.exit(2)
        raise
    summary = show.summary(config, checks=len(checks(config)))
    if as_json:
        show.as_json({"valid": True, **summary})
    else:
        show.line(", ".join(f"{count} {name}" for name, count in summary.items()) + ": valid")


def check(folder: Path, *, portal: str, journey: str, data: Path | None, headed: bool, as_json: bool) -> None:
    """Run one check; exit 0 on pass, else 1."""
    config = load(folder, data)
    place = config.agent.data_dir
    result = asyncio.run(app.check_once(config, portal=portal, journey=journey, headed=headed, data=place))
    if as_json:
        show.as_json(to_public(result))
    else:
        show.result(result, place)
    sys.exit(0 if result.verdict is Verdict.PASS else 1)


def run(folder: Path, *, data: Path | None, roles: str) -> None:
    """Run until a signal asks to stop."""
    _require_all(roles)
    asyncio.run(_run(load(folder, data), source(folder, data)))


def backup(folder: Path, *, target: Path, data: Path | None) -> None:
    """Copy the journal."""
    path = _existing_journal(load(folder, data))

    async def copy() -> None:
        with Journal.open(path) as journal:
            await journal.backup(target)

    asyncio.run(copy())
    show.line(f"{target}: {target.stat().st_size} bytes")


def outbox_stats(folder: Path, *, data: Path | None, as_json: bool) -> None:
    """Show what waits for each sink."""
    with Journal.open(_existing_journal(load(folder, data))) as journal:
        stats = journal.stats()
    if as_json:
        show.as_json(show.outbox_public(stats))
    else:
        show.outbox(stats)


def outbox_drain(folder: Path, *, data: Path | None) -> None:
    """Deliver what waits."""
    config = load(folder, data)
    show.line(f"{asyncio.run(app.drain_outbox(config, config.agent.data_dir))} results delivered")


def setup_influxdb(folder: Path) -> None:
    """Make the bucket."""
    config = load(folder, None)
    show.line(app.setup_influxdb(config))


def load(folder: Path, data: Path | None) -> Config:
    """The configuration, with ``data`` in place of its data directory, and logs set up by it."""
    config = read(folder, data)
    settings = config.agent.log
    set_up(json=settings.format == "json", level=settings.level, secrets=VAULT)
    return config


def read(folder: Path, data: Path | None) -> Config:
    """The configuration, with ``data`` in place of its data directory."""
    config = app.load_config(_folder(folder, data), os.environ)
    VAULT.know(config.secrets())
    if data is None:
        return config
    return config.model_copy(update={"agent": config.agent.model_copy(update={"data_dir": data})})


def source(folder: Path, data: Path | None) -> app.Source:
    """Where to read the configuration again."""
    return app.Source(folder=_folder(folder, data), load=lambda: read(folder, data))


def _folder(folder: Path, data: Path | None) -> Path:
    """The demo keeps its configuration beside its data."""
    own = data / "config" if data is not None else folder
    return own if folder == DEFAULT_FOLDER and own.is_dir() else folder


async def until_signal() -> asyncio.Event:
    """An event that SIGTERM or SIGINT sets; a second one ends the process the hard way."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def ask(name: signal.Signals) -> None:
        stop.set()
        loop.remove_signal_handler(name)

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, ask, name)
    return stop


async def _run(config: Config, read_from: app.Source) -> None:
    options = app.Options(source=read_from)
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, options.reload.set)
    await app.run(config, stop=await until_signal(), options=options)


def _require_all(roles: str) -> None:
    asked = {role.strip() for role in roles.split(",")}
    unknown = sorted(asked - ALL_ROLES)
    if unknown:
        raise PortalwatchError(f'--roles: unknown role "{unknown[0]}"; known: {", ".join(sorted(ALL_ROLES))}')
    if asked != ALL_ROLES:
        raise PortalwatchError(f"--roles: one process needs all of {', '.join(sorted(ALL_ROLES))}; got {roles}")


def _existing_journal(config: Config) -> Path:
    path = app.journal_path(config.agent.data_dir)
    if not path.is_file():
        raise PortalwatchError(f"{path}: no journal there; name the data directory with --data")
    return path

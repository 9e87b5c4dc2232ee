"""Every command of ``portalwatch``; what a command does is in ``agent.app``, what it shows beside this file."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="portalwatch",
    help="Synthetic monitoring for public-service portals.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
outbox = typer.Typer(help="What waits for the sinks.", no_args_is_help=True, rich_markup_mode=None)
setup = typer.Typer(help="Prepare a server that figures go to.", no_args_is_help=True, rich_markup_mode=None)
account = typer.Typer(help="The test accounts at the identity provider.", no_args_is_help=True, rich_markup_mode=None)
ledger = typer.Typer(help="What journeys left on portals.", no_args_is_help=True, rich_markup_mode=None)
session = typer.Typer(help="Log-ins that need a person.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(outbox, name="outbox")
app.add_typer(account, name="account")
app.add_typer(ledger, name="ledger")
app.add_typer(session, name="session")
app.add_typer(setup, name="setup")

ConfigDir = Annotated[Path, typer.Option("--config", metavar="DIR", help="Folder with the YAML files.")]
DataDir = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Data directory, instead of data_dir; its own config folder is used."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

CONFIG = Path("config")


def _example(text: str) -> str:
    return f"Example: {text}"


@app.command(epilog=_example("portalwatch validate --config config"))
def validate(config: ConfigDir = CONFIG, as_json: AsJson = False) -> None:
    """Check the configuration: exit 0, or 2 with every problem as file:line: path: message."""
    from agent.cli import actions

    actions.validate(config, as_json=as_json)


@app.command(epilog=_example("portalwatch check --portal angiang --journey home --json"))
def check(
    portal: Annotated[str, typer.Option(metavar="ID", help="Portal to look at.")],
    journey: Annotated[str, typer.Option(metavar="NAME", help="Journey or probe to run, as named in journeys.yaml.")],
    config: ConfigDir = CONFIG,
    data: DataDir = None,
    headed: Annotated[bool, typer.Option("--headed", help="Show the browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run one check now, outside of the schedule and of the SLA: exit 0 on pass, else 1."""
    from agent.cli import actions

    actions.check(config, portal=portal, journey=journey, data=data, headed=headed, as_json=as_json)


@app.command(epilog=_example("portalwatch run --config /etc/portalwatch"))
def run(
    config: ConfigDir = CONFIG,
    data: DataDir = None,
    roles: Annotated[str, typer.Option(help="Roles of this process; all of them until a queue joins several.")] = (
        "scheduler,worker,recorder"
    ),
) -> None:
    """Run the agent until SIGTERM or Ctrl-C."""
    from agent.cli import actions

    actions.run(config, data=data, roles=roles)


@app.command(epilog=_example("portalwatch demo --once --portals 10 --fault angiang=http500"))
def demo(
    once: Annotated[bool, typer.Option("--once", help="End after one cycle over all portals.")] = False,
    portals: Annotated[int, typer.Option(min=1, max=83, help="How many of the 83 portals.")] = 83,
    fault: Annotated[list[str] | None, typer.Option(metavar="TARGET=FAULT", help="Fault to play; repeatable.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the pages; drawn and printed when not given.")] = None,
    data: Annotated[Path, typer.Option(metavar="DIR", help="Data directory of the demo.")] = Path("data/demo"),
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the cycle's results.")] = None,
) -> None:
    """Start stand-ins for the 83 portals on this machine and watch them."""
    from agent.cli import demonstrate

    demonstrate.demo(once=once, portals=portals, faults=fault or [], seed=seed, data=data, json_file=json_file)


@app.command("verify-pdf", epilog=_example("portalwatch verify-pdf signed.pdf --trust national=root.pem"))
def verify_pdf(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The PDF.")],
    config: Annotated[
        Path | None, typer.Option("--config", metavar="DIR", help="Folder with the YAML files; config if it is there.")
    ] = None,
    trust: Annotated[
        list[str] | None, typer.Option(metavar="NAME=PEM", help="Root certificates to trust; repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Validate the signatures of a PDF: exit 0 only if it is valid, else 1."""
    from agent.cli import verify

    verify.verify_pdf(file, config, trust=trust or [], as_json=as_json)


@app.command(epilog=_example("portalwatch backup portalwatch-2026-11-24.sqlite3 --data data"))
def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="File to write; must not exist.")],
    config: ConfigDir = CONFIG,
    data: DataDir = None,
) -> None:
    """Write a consistent copy of the journal, also while the agent runs."""
    from agent.cli import actions

    actions.backup(config, target=target, data=data)


@outbox.command("stats", epilog=_example("portalwatch outbox stats --data data/demo --json"))
def outbox_stats(config: ConfigDir = CONFIG, data: DataDir = None, as_json: AsJson = False) -> None:
    """Show how many results wait for each sink, and how old the oldest is."""
    from agent.cli import actions

    actions.outbox_stats(config, data=data, as_json=as_json)


@outbox.command("drain", epilog=_example("portalwatch outbox drain"))
def outbox_drain(config: ConfigDir = CONFIG, data: DataDir = None) -> None:
    """Deliver what waits, without running the agent."""
    from agent.cli import actions

    actions.outbox_drain(config, data=data)


@setup.command("influxdb", epilog=_example("INFLUXDB_TOKEN=… portalwatch setup influxdb"))
def setup_influxdb(config: ConfigDir = CONFIG) -> None:
    """Make the bucket with its retention; safe to repeat."""
    from agent.cli import actions

    actions.setup_influxdb(config)


@account.command("list", epilog=_example("portalwatch account list --data data/demo --json"))
def account_list(config: ConfigDir = CONFIG, data: DataDir = None, as_json: AsJson = False) -> None:
    """Show the accounts, which are locked and why, and deeds whose outcome nobody knows."""
    from agent.cli import custody

    custody.account_list(config, data=data, as_json=as_json)


@account.command("unlock", epilog=_example("portalwatch account unlock tester-1"))
def account_unlock(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Account to use again, as named in agent.yaml.")],
    config: ConfigDir = CONFIG,
    data: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Let an account be used again after you made sure that its credentials are right; also while the agent runs."""
    from agent.cli import custody

    custody.account_unlock(config, name=name, data=data, as_json=as_json)


@ledger.command("list", epilog=_example("portalwatch ledger list --data data/demo --json"))
def ledger_list(config: ConfigDir = CONFIG, data: DataDir = None, as_json: AsJson = False) -> None:
    """Show what journeys created on portals and nobody has cleared yet, the oldest first."""
    from agent.cli import custody

    custody.ledger_list(config, data=data, as_json=as_json)


@session.command("login", epilog=_example("portalwatch session login --portal angiang"))
def session_login(
    portal: Annotated[str, typer.Option(metavar="ID", help="Portal to log in at.")],
    config: ConfigDir = CONFIG,
    data: DataDir = None,
) -> None:
    """Log in by hand in a window, for portals that ask for a QR code or a one-time password; it is kept encrypted."""
    from agent.cli import custody

    custody.session_login(config, portal=portal, data=data)

"""Builds all parts of an agent and runs them; the one place that names concrete classes."""

from agent.app.byhand import check_once, drain_outbox, setup_influxdb
from agent.app.known import journal_path, load_config
from agent.app.living import Options, run
from agent.app.reload import Source
from agent.app.signatures import pdf_verifier

__all__ = [
    "Options",
    "Source",
    "check_once",
    "drain_outbox",
    "journal_path",
    "load_config",
    "pdf_verifier",
    "run",
    "setup_influxdb",
]

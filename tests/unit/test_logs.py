"""Logs: one JSON object a line on stderr, redacted, ours and the libraries'."""

import json
import subprocess
import sys

TOKEN = "a-token-that-nobody-may-see"  # noqa: S105 - a planted one

SET_UP = f"""
import logging, structlog
from agent.logs import set_up
known = [{TOKEN!r}]
set_up(json=True, level="info", secrets=lambda: known)
TOKEN = {TOKEN!r}
log = structlog.get_logger("agent.test")
"""


def said_by(script):
    """What a process of its own logs: pytest has handlers of its own in ours."""
    done = subprocess.run([sys.executable, "-c", SET_UP + script], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_it_writes_one_object_a_line():
    (line,) = said_by('log.info("run.done", check="angiang/home", took=1.5)')
    assert (line["event"], line["check"], line["took"], line["level"]) == ("run.done", "angiang/home", 1.5, "info")


def test_it_redacts_ours_the_libraries_and_tracebacks():
    said = said_by("""
log.warning("refused", header=f"Bearer {TOKEN}")
logging.getLogger("urllib3").warning("retry with %s", TOKEN)
try:
    int(TOKEN)
except ValueError:
    log.exception("broke")
""")
    assert len(said) == 3
    assert TOKEN not in json.dumps(said)
    assert "ValueError" in said[2]["exception"]


def test_it_redacts_what_became_secret_later():
    first, second = said_by('log.info("a-later-secret"); known.append("a-later-secret"); log.info("a-later-secret")')
    assert (first["event"], second["event"]) == ("a-later-secret", "[redacted]")


def test_it_leaves_out_what_is_below_the_level():
    assert said_by('log.debug("noise"); logging.getLogger("apscheduler").info("noise")') == []

"""A leashed program dies with its parent, also when it is stopped."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from probes.browser.leash import leash

PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.argv[1], "60"])
time.sleep(60)
"""


def until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def gone(pid):
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_it_dies_with_a_parent_that_is_killed_even_when_stopped(tmp_path):
    made = leash(Path("/bin/sleep"), tmp_path)
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(made.wrapper)])
    until(lambda: made.pid() is not None and psutil.Process(made.pid()).name() == "sleep")
    pid = made.pid()
    os.kill(pid, signal.SIGSTOP)
    parent.kill()
    parent.wait()
    until(lambda: gone(pid))


def test_it_can_be_killed_at_any_time(tmp_path):
    made = leash(Path("/bin/sleep"), tmp_path)
    made.kill()
    with subprocess.Popen([made.wrapper, "60"]) as child:
        until(lambda: made.pid() == child.pid and psutil.Process(child.pid).name() == "sleep")
        made.kill()
        assert child.wait(10) == -signal.SIGKILL
    made.kill()
    assert made.pid() is None

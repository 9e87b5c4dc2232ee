"""kill -9 around what must be written first: the journal knows, whatever moment it was."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from agent.errors import DeedRepeatedError
from agent.guard.safeguards import RunSafeguards
from agent.journal import Journal
from agent.model import Deed, Item, ItemKind, Outcome
from tests.factories import account

ITEM = Item(portal="hue", account="tester", kind=ItemKind.DOSSIER, mark="pw-1")
ROOT = Path(__file__).parents[2]

RUN = """
import asyncio, pathlib, sys, time
from agent.guard.safeguards import RunSafeguards
from agent.journal import Journal
from agent.model import Deed, Item, ItemKind
from tests.factories import account

async def run(path, act):
    journal = Journal.open(pathlib.Path(path))
    guard = RunSafeguards(run_id="run-1", book=journal, accounts={"tester": account()}.get)
    if act == "owes":
        await guard.owes(Item(portal="hue", account="tester", kind=ItemKind.DOSSIER, mark="pw-1"))
    else:
        await guard.before(Deed(act), "tester")
    print("written", flush=True)
    time.sleep(60)

asyncio.run(run(*sys.argv[1:]))
"""


async def killed_after(path, act):
    """Let another process write one thing down, then kill it the moment it has."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", RUN, str(path), act, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(30):
            assert await process.stdout.readline() == b"written\n"
    finally:
        process.send_signal(signal.SIGKILL)
        await process.communicate()
    assert process.returncode == -signal.SIGKILL


def safeguards(journal, run_id):
    return RunSafeguards(run_id=run_id, book=journal, accounts={"tester": account()}.get)


@pytest.mark.parametrize("deed", Deed)
async def test_it_knows_of_a_deed_that_a_kill_cut_off_and_never_repeats_it(tmp_path, deed):
    path = tmp_path / "journal.sqlite3"
    await killed_after(path, deed)
    with Journal.open(path) as journal:
        assert [(one.run_id, one.deed) for one in journal.open_intents()] == [("run-1", deed)]
        assert journal.locks() == []
        with pytest.raises(DeedRepeatedError):
            await safeguards(journal, "run-1").before(deed, "tester")
        next_run = safeguards(journal, "run-2")
        await next_run.before(deed, "tester")
        await next_run.after(deed, "tester", Outcome.DONE)


async def test_it_owes_what_a_kill_may_have_left_or_not(tmp_path):
    path = tmp_path / "journal.sqlite3"
    await killed_after(path, "owes")
    with Journal.open(path) as journal:
        assert [(debt.item, debt.run_id) for debt in journal.debts()] == [(ITEM, "run-1")]
        await safeguards(journal, "cleanup-1").cleared(ITEM)
        assert journal.debts() == []

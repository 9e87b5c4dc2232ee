"""One slot, one result; nothing acknowledged is lost."""

import asyncio
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agent.errors import JournalError
from agent.journal import Journal
from agent.model import Cause, RequestTiming, Result, Step, StepStatus, Verdict

Make = Callable[..., Result]

TIMING = RequestTiming(
    url="https://hue.localhost/", type="document", step="open", start=0.1, dns=None, connect=0.01, tls=0.02,
    first_byte=0.1, transfer=0.05, size=4096, status=200, failed=False,
)  # fmt: skip


async def test_it_keeps_results_in_order(journal: Journal, make: Make) -> None:
    batch = [make(number) for number in range(5)]
    assert await journal.append(batch) == 5
    assert [result for _, result in journal.read_after(0, 10)] == batch
    assert journal.read_after(journal.read_after(0, 3)[-1][0], 10) == list(enumerate(batch, start=1))[3:]
    assert journal.newest_seq() == 5


async def test_it_keeps_the_first_result_of_a_run(journal: Journal, make: Make) -> None:
    assert await journal.append([make(1), make(1, verdict=Verdict.PORTAL_FAULT)]) == 1
    assert await journal.append([make(1, verdict=Verdict.AGENT_FAULT)]) == 0
    kept = journal.get("hue-1")
    assert kept is not None
    assert kept.verdict is Verdict.PASS


async def test_it_replaces_missed_by_a_measured_result_and_shows_it_again(journal: Journal, make: Make) -> None:
    await journal.append([make(1, verdict=Verdict.MISSED), make(2)])
    assert await journal.append([make(1)]) == 1
    assert [(seq, result.run_id, result.measured) for seq, result in journal.read_after(0, 9)] == [
        (2, "hue-2", True),
        (3, "hue-1", True),
    ]


async def test_it_never_replaces_a_measured_result_by_missed(journal: Journal, make: Make) -> None:
    await journal.append([make(1)])
    assert await journal.append([make(1, verdict=Verdict.MISSED)]) == 0
    assert await journal.append([make(2, verdict=Verdict.MISSED)] * 2) == 1
    assert journal.newest_seq() == 2


async def test_it_never_gives_a_number_out_twice(journal: Journal, make: Make) -> None:
    """A sink's cursor would pass over the second holder of a number."""
    await journal.append([make(1, verdict=Verdict.MISSED)])
    await journal.append([make(1)])
    await journal.prune(older_than=make(9).slot, details_older_than=make(9).slot)
    await journal.append([make(2)])
    assert [seq for seq, _ in journal.read_after(0, 9)] == [3]


async def test_it_remembers_the_landmarks_of_passed_steps(journal: Journal, make: Make) -> None:
    passed = Step(name="search", status=StepStatus.PASSED, duration_s=1, landmark="results \ud800")
    failed = Step(name="open", status=StepStatus.FAILED, duration_s=1, landmark="code")
    plain = Step(name="level", status=StepStatus.PASSED, duration_s=1)
    await journal.append([make(1, steps=(passed, failed, plain)), make(2, steps=(passed,))])
    assert journal.passed_with("hue/http", "search", "results \ud800")
    assert not journal.passed_with("hue/http", "search", "code")
    assert not journal.passed_with("hue/http", "open", "code")
    assert not journal.passed_with("hue/http", "level", "")
    assert not journal.passed_with("hue/tls", "search", "results \ud800")


async def test_it_joins_requests_and_console_only_when_asked(journal: Journal, make: Make) -> None:
    full = make(1, requests=(TIMING,), console=("error: x is undefined",))
    await journal.append([full, make(2)])
    assert journal.get("hue-1") == replace(full, requests=(), console=())
    assert journal.get("hue-1", with_details=True) == full
    assert [result for _, result in journal.read_after(0, 9, with_details=True)] == [full, make(2)]
    assert list(journal.results_between(full.slot, make(3).slot, with_details=True)) == [full, make(2)]
    assert journal.get("nobody") is None


async def test_it_reads_by_slot_up_to_but_without_the_end(journal: Journal, make: Make) -> None:
    await journal.append([make(3), make(1), make(2), make(2, portal="moh")])
    start, end = make(1).slot, make(3).slot
    assert [result.run_id for result in journal.results_between(start, end)] == ["hue-1", "hue-2", "moh-2"]
    assert journal.run_ids_between(start, end) == {"hue-1", "hue-2", "moh-2"}
    assert journal.run_ids_between(end, end) == set()


async def test_it_reads_one_consistent_picture_while_others_write(journal: Journal, make: Make) -> None:
    await journal.append([make(1), make(2)])
    reading = journal.results_between(make(0).slot, make(9).slot)
    first = next(reading)
    await journal.append([make(3)])
    assert [first, *reading] == [make(1), make(2)]


async def test_it_finds_the_newest_result_of_each_check(journal: Journal, make: Make) -> None:
    await journal.append([make(5), make(1), make(3, portal="moh"), make(4, portal="moh", journey="tls"), make(0)])
    assert journal.newest_per_check(make(2).slot) == [
        make(5),
        make(3, portal="moh"),
        make(4, portal="moh", journey="tls"),
    ]
    assert journal.newest_per_check(make(4).slot) == [make(5), make(4, portal="moh", journey="tls")]


async def test_it_wakes_who_waits_for_more(journal: Journal, make: Make) -> None:
    await journal.append([make(1)])
    await journal.wait_beyond(0)
    waiting = asyncio.create_task(journal.wait_beyond(1))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await journal.append([make(2)])
    await asyncio.wait_for(waiting, 5)


async def test_it_keeps_what_a_cancelled_caller_handed_over(journal: Journal, make: Make) -> None:
    appending = asyncio.create_task(journal.append([make(1)]))
    await asyncio.sleep(0)
    appending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await appending
    await asyncio.wait_for(journal.wait_beyond(0), 5)
    assert journal.get("hue-1") == make(1)


async def test_it_commits_many_callers_at_once(journal: Journal, make: Make) -> None:
    added = await asyncio.gather(*(journal.append([make(number % 50)]) for number in range(200)))
    assert sum(added) == 50
    assert journal.stats().results == 50


async def test_it_fails_one_bad_append_without_the_others(journal: Journal, make: Make) -> None:
    """Grouped into one transaction or not, each caller gets its own outcome."""
    outcomes = await asyncio.gather(
        journal.append([make(1)]),
        journal.append([make(2), make(7, slot=None)]),
        journal.append([make(3)]),
        return_exceptions=True,
    )
    assert outcomes[0] == outcomes[2] == 1
    assert isinstance(outcomes[1], TypeError)
    assert [result.run_id for _, result in journal.read_after(0, 9)] == ["hue-1", "hue-3"]


@contextmanager
def full_disk(path: Path) -> Iterator[None]:
    """No file of this process may grow beyond what the journal's own have now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = max(file.stat().st_size for file in path.parent.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_it_outlives_a_full_disk(journal: Journal, path: Path, make: Make) -> None:
    await journal.append([make(1)])
    with (
        full_disk(path),
        pytest.raises(JournalError, match=r"can't be written: (disk I/O error|database or disk is full)"),
    ):
        await journal.append([make(number) for number in range(2, 4_000)])
    assert journal.newest_seq() == 1
    assert await journal.append([make(2)]) == 1
    assert [result.run_id for _, result in journal.read_after(0, 9)] == ["hue-1", "hue-2"]


def test_it_has_everything_acknowledged_before_a_kill(path: Path, make: Make) -> None:
    program = textwrap.dedent("""
        import asyncio, pickle, sys
        from dataclasses import replace
        from pathlib import Path
        from agent.journal import Journal

        async def main():
            result = pickle.load(sys.stdin.buffer)
            journal = Journal.open(Path(sys.argv[1]))
            for number in range(1_000_000):
                await journal.append([replace(result, run_id=str(number))])
                print(number, flush=True)

        asyncio.run(main())
    """)
    import pickle  # noqa: PLC0415

    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(pickle.dumps(make(1)))
        process.stdin.close()
        acknowledged = [process.stdout.readline() for _ in range(200)]
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += process.stdout.readlines()
    numbers = {int(line) for line in acknowledged if line.endswith(b"\n")}
    with Journal.open(path) as journal:
        kept = {int(result.run_id) for _, result in journal.read_after(0, 1_000_000)}
    assert len(numbers) >= 200
    assert kept >= numbers


async def test_it_syncs_every_commit(journal: Journal) -> None:
    def settings(connection: sqlite3.Connection) -> tuple[str, int]:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        (level,) = connection.execute("PRAGMA synchronous").fetchone()
        return mode, level

    assert await journal._write(settings) == ("wal", 2)


async def test_it_takes_results_fast_enough_to_print(
    journal: Journal, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """No limit on the time: the figure is printed for who compares machines."""
    batches = [[make(0, run_id=f"{part}-{number}") for number in range(500)] for part in range(40)]
    started = time.perf_counter()
    kept = await asyncio.gather(*map(journal.append, batches))
    seconds = time.perf_counter() - started
    assert sum(kept) == 20_000
    size = journal.stats().bytes / 20_000
    with capsys.disabled():
        print(f"\njournal: {20_000 / seconds:,.0f} results/s in batches of 500, {size:.0f} bytes each")  # noqa: T201


async def test_it_counts_what_lies_beyond_a_number(
    journal: Journal, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journal.append([make(1, verdict=Verdict.MISSED, cause=Cause.STOPPED), make(2)])
    await journal.append([make(1)])
    assert (journal.count_beyond(0), journal.slot_beyond(0)) == (2, make(2).slot)
    assert (journal.count_beyond(3), journal.slot_beyond(3)) == (0, None)
    monkeypatch.setattr("agent.journal.facade.EXACT_UP_TO", 1)
    assert journal.count_beyond(0) == 3
    assert journal.slot_beyond(2) == make(2).slot - timedelta(minutes=1)

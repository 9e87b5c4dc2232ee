"""Results a second that the journal makes durable, in batches."""

import time
from pathlib import Path

from agent.journal import Journal
from bench.figure import Figure
from bench.results import plain

BATCH = 500
RESULTS = 20_000
ROUNDS = 5


async def measure(folder: Path) -> list[Figure]:
    """Each batch is on the disk before the next begins."""
    speeds = []
    for number in range(ROUNDS):
        results = [plain(one) for one in range(RESULTS)]
        with Journal.open(folder / f"journal-{number}.sqlite3") as journal:
            began = time.perf_counter()
            for start in range(0, RESULTS, BATCH):
                await journal.append(results[start : start + BATCH])
            speeds.append(RESULTS / (time.perf_counter() - began))
    what = f"results made durable in batches of {BATCH}"
    return [Figure(name="journal_results_per_s", what=what, unit="/s", values=speeds, at_least=10_000)]

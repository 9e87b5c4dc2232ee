"""Workers: record first, acknowledge after; too old is missed; a stop leaves nothing open."""

import asyncio
from datetime import timedelta

from agent.clock import Clock
from agent.dispatch.local import LocalDispatcher
from agent.errors import JournalError
from agent.guard.gate import Gate
from agent.model import Cause, Verdict
from agent.worker import Workers
from tests.factories import START, check, request, result


class Runs:
    """A runner that passes, or hangs until it is cut off."""

    def __init__(self, *, hangs=False):
        self.hangs = hangs
        self.started = asyncio.Event()

    async def run(self, request):
        self.started.set()
        if self.hangs:
            await asyncio.Event().wait()
        return result(request.check.portal.id, request.check.journey, request.slot)


class Ledger:
    """A recorder that refuses the first ``refusals`` times."""

    def __init__(self, refusals=0):
        self.kept = []
        self.refusals = refusals

    async def append(self, results):
        if self.refusals:
            self.refusals -= 1
            raise JournalError("disk full")
        self.kept += results
        return len(results)


def workers_of(runner, ledger, dispatcher, now=START):
    return Workers(
        runner=runner,
        dispatcher=dispatcher,
        recorder=ledger,
        gate=Gate(per_host=1000),
        lanes={"browser": 2, "net": 1},
        clock=Clock(now=lambda: now),
    )


async def until(condition):
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


async def test_it_records_the_result_then_acknowledges():
    dispatcher, ledger = LocalDispatcher(), Ledger()
    workers = workers_of(Runs(), ledger, dispatcher)
    workers.start()
    await dispatcher.submit(request())
    await until(lambda: ledger.kept)
    await workers.stop(1)
    assert [one.verdict for one in ledger.kept] == [Verdict.PASS]
    await dispatcher.submit(request())
    assert dispatcher.drain() == [request()]


async def test_it_ends_a_request_too_old_as_missed_for_want_of_capacity():
    dispatcher, ledger = LocalDispatcher(), Ledger()
    workers = workers_of(Runs(), ledger, dispatcher, now=START + timedelta(minutes=5))
    workers.start()
    await dispatcher.submit(request())
    await until(lambda: ledger.kept)
    await workers.stop(1)
    assert [(one.verdict, one.cause) for one in ledger.kept] == [(Verdict.MISSED, Cause.CAPACITY)]
    assert {sample.name: sample.value for sample in workers.samples()}["portalwatch_queue_expired_total"] == 1


async def test_it_ends_what_is_queued_or_cut_off_as_stopped():
    dispatcher, ledger, runner = LocalDispatcher(), Ledger(), Runs(hangs=True)
    workers = workers_of(runner, ledger, dispatcher)
    workers.start()
    slots = [START + timedelta(minutes=5 * number) for number in range(4)]
    for slot in slots:
        await dispatcher.submit(request(check(), slot))
    await runner.started.wait()
    await workers.stop(0.05)
    assert sorted(one.slot for one in ledger.kept) == slots
    assert {one.cause for one in ledger.kept} == {Cause.STOPPED}


async def test_it_lets_running_requests_finish_within_the_grace_time():
    dispatcher, ledger = LocalDispatcher(), Ledger()
    release = asyncio.Event()

    class Slow(Runs):
        async def run(self, request):
            self.started.set()
            await release.wait()
            return result()

    runner = Slow()
    workers = workers_of(runner, ledger, dispatcher)
    workers.start()
    await dispatcher.submit(request())
    await runner.started.wait()
    stopping = asyncio.create_task(workers.stop(5))
    await asyncio.sleep(0)
    release.set()
    await stopping
    assert [one.verdict for one in ledger.kept] == [Verdict.PASS]


async def test_it_holds_a_result_until_the_journal_takes_it(monkeypatch):
    monkeypatch.setattr("agent.worker.RETRY_RECORDING_S", 0.001)
    dispatcher, ledger = LocalDispatcher(), Ledger(refusals=3)
    workers = workers_of(Runs(), ledger, dispatcher)
    workers.start()
    await dispatcher.submit(request())
    await until(lambda: ledger.kept)
    await workers.stop(1)
    assert len(ledger.kept) == 1

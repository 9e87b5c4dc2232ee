"""Completeness of the last hour."""

from datetime import timedelta

from agent.clock import Clock
from agent.model import Verdict
from agent.recording import Recording
from tests.factories import START, result

MINUTE = timedelta(minutes=1)


class Ledger:
    async def append(self, results):
        return len(results)


def ratio(recording):
    return [sample.value for sample in recording.samples()]


async def test_it_counts_measured_over_ended_slots_of_the_last_hour():
    now = [START]
    recording = Recording(Ledger(), known=[result(slot=START - MINUTE)], clock=Clock(now=lambda: now[0]))
    assert ratio(recording) == [1.0]
    assert await recording.append([result(slot=START, verdict=Verdict.MISSED)]) == 1
    assert ratio(recording) == [0.5]
    now[0] = START + timedelta(minutes=59, seconds=30)
    assert ratio(recording) == [0.0]
    now[0] = START + 2 * timedelta(hours=1)
    assert ratio(recording) == []

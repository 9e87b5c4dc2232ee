"""What the status page remembers."""

import random
from datetime import timedelta

import pytest

from agent.board import Board, State
from agent.board.board import RUNS_KEPT
from agent.clock import Clock
from agent.journal import Journal
from agent.model import Requirement, Verdict
from tests.factories import START, check, result

MINUTE = timedelta(minutes=1)
CHECKS = [check("angiang", "home"), check("angiang", "catalogue"), check("hanoi", "home")]


class Wall:
    now = START


@pytest.fixture
def wall():
    return Wall()


@pytest.fixture
def board(wall):
    return Board(checks=lambda: CHECKS, clock=Clock(now=lambda: wall.now))


def home(board, portal="angiang"):
    return board.portal(portal).checks["home"]


async def test_it_does_not_know_before_the_first_result(board):
    assert home(board).state is State.UNKNOWN
    assert home(board).availability is None
    assert board.overview().completeness is None
    assert board.portal("nowhere") is None


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (Verdict.PASS, State.UP),
        (Verdict.PORTAL_FAULT, State.DOWN),
        (Verdict.AGENT_FAULT, State.UNSURE),
        (Verdict.BLOCKED, State.UNSURE),
        (Verdict.MISSED, State.UNKNOWN),
    ],
)
async def test_it_takes_from_a_verdict_only_what_it_says(board, verdict, state):
    await board.write([result(verdict=verdict)])
    assert home(board).state is state


async def test_it_stops_believing_a_result_that_is_old(board, wall):
    await board.write([result()])
    wall.now = START + 10 * MINUTE
    assert home(board).state is State.UP
    wall.now = START + 12 * MINUTE
    assert home(board).state is State.UNKNOWN


async def test_it_counts_availability_and_completeness_apart(board):
    verdicts = [Verdict.PASS] * 3 + [Verdict.PORTAL_FAULT, Verdict.BLOCKED, Verdict.MISSED]
    await board.write(
        [result(slot=START - number * 5 * MINUTE, verdict=verdict) for number, verdict in enumerate(verdicts)]
    )
    view = home(board)
    assert (view.ended, view.measured) == (6, 5)
    assert (view.availability, view.completeness) == (3 / 4, 5 / 6)


async def test_it_forgets_what_is_older_than_a_day(board, wall):
    await board.write([result(verdict=Verdict.PORTAL_FAULT)])
    wall.now = START + timedelta(hours=26)
    await board.write([result(slot=wall.now)])
    assert (home(board).ended, home(board).availability) == (1, 1.0)


async def test_it_keeps_thirty_runs_and_notes_when_the_verdict_changed(board, wall):
    faults = {20: Verdict.PORTAL_FAULT, 21: Verdict.PORTAL_FAULT}
    for number in range(40):
        wall.now = START + number * MINUTE
        await board.write([result(slot=wall.now, verdict=faults.get(number, Verdict.PASS))])
    view = home(board)
    assert len(view.runs) == 30
    assert view.runs[-1].slot == wall.now
    assert view.since == START + 22 * MINUTE
    changes = [(change.before, change.after) for change in board.overview().changes]
    assert changes == [(Verdict.PORTAL_FAULT, Verdict.PASS), (Verdict.PASS, Verdict.PORTAL_FAULT)]


async def test_it_counts_a_late_slot_and_shows_the_newest(board):
    await board.write([result(verdict=Verdict.PASS)])
    await board.write([result(slot=START - 5 * MINUTE, verdict=Verdict.MISSED)])
    assert home(board).state is State.UP
    assert home(board).ended == 2


async def test_it_shows_a_portal_by_its_worst_check(board):
    await board.write([result(), result(journey="catalogue", verdict=Verdict.PORTAL_FAULT)])
    assert board.portal("angiang").state is State.DOWN
    assert dict(board.overview().counts) == {State.DOWN: 1, State.UNKNOWN: 1}


async def test_it_takes_up_where_the_journal_left_off(board, wall, tmp_path):
    wall.now = START + timedelta(hours=3)
    with Journal.open(tmp_path / "journal.sqlite3") as journal:
        await journal.append(
            [
                result(slot=START + number * 5 * MINUTE, verdict=Verdict.MISSED if number % 4 == 0 else Verdict.PASS)
                for number in range(36)
            ]
        )
        since = wall.now - timedelta(days=1)
        board.restore(journal.newest_runs(["angiang/home", "hanoi/home"], since, 30), journal.tallies(since))
    view = home(board)
    assert (len(view.runs), view.ended, view.measured) == (30, 36, 27)
    assert view.runs[-1].slot == START + 175 * MINUTE
    assert view.state is State.UP


async def test_it_takes_a_second_delivery_for_the_same(board):
    batch = [result(slot=START - number * 5 * MINUTE) for number in range(3)]
    await board.write(batch)
    before = home(board)
    await board.write(batch)
    assert home(board) == before


async def test_it_lets_a_measured_result_replace_a_missed_one(board):
    await board.write([result(slot=START - 5 * MINUTE), result(verdict=Verdict.MISSED)])
    await board.write([result()])
    view = home(board)
    assert (view.verdict, view.ended, view.measured, len(view.runs)) == (Verdict.PASS, 2, 2, 2)
    assert view.since == START - 5 * MINUTE
    assert board.overview().changes == ()
    await board.write([result(verdict=Verdict.MISSED)])
    assert home(board) == view


def restored(wall, journal):
    board, since = Board(checks=lambda: CHECKS, clock=Clock(now=lambda: wall.now)), wall.now - timedelta(days=1)
    board.restore(journal.newest_runs(["angiang/home"], since, RUNS_KEPT), journal.tallies(since))
    return board


@pytest.mark.parametrize("seed", range(8))
async def test_it_shows_the_same_after_a_start_and_in_whatever_order_slots_came(board, wall, tmp_path, seed):
    rng = random.Random(seed)
    wall.now = START + 50 * MINUTE
    verdicts = (Verdict.PASS, Verdict.PORTAL_FAULT, Verdict.MISSED)
    results = [result(slot=START + number * MINUTE, verdict=rng.choice(verdicts)) for number in range(50)]
    results[0] = result(verdict=Verdict.BLOCKED)
    rng.shuffle(results)
    with Journal.open(tmp_path / "journal.sqlite3") as journal:
        for one in results:
            await journal.append([one])
            await board.write([one])
        again = restored(wall, journal)
    assert home(again) == home(board)
    assert again.overview().changes == board.overview().changes
    assert len(board.overview().changes) > 0


async def test_it_admits_that_a_verdict_may_be_older_than_what_it_remembers(board, wall):
    await board.write([result(verdict=Verdict.PORTAL_FAULT)])
    assert (home(board).since, home(board).since_exact) == (START, False)
    await board.write([result(slot=START + 5 * MINUTE)])
    for number in range(2, RUNS_KEPT + 5):
        await board.write([result(slot=START + number * 5 * MINUTE)])
    assert (home(board).since, home(board).since_exact) == (START + 5 * MINUTE, True)


async def test_it_remembers_a_bounded_number_of_runs(board):
    await board.write([result(slot=START + number * MINUTE) for number in range(3 * RUNS_KEPT)])
    assert len(board._tracks["angiang/home"].runs) == RUNS_KEPT


async def test_it_keeps_what_the_newest_measured_run_observed(board):
    seen = {"SEC-1": Requirement.UNFULFILLED}
    await board.write([result(requirements=seen), result(slot=START + 5 * MINUTE, verdict=Verdict.MISSED)])
    assert home(board).requirements == seen


async def test_it_shows_no_change_of_what_is_watched_no_longer(board):
    gone = [result("gone", slot=START - MINUTE), result("gone", verdict=Verdict.PORTAL_FAULT)]
    await board.write(gone)
    assert board.overview().changes == ()

"""A test per rule and per near-miss of the ordered verdict."""

import itertools

import pytest

from agent.model import Begun, Cause, Deed, Failure, Outcome, Ruling, Verdict
from agent.verdict import CHALLENGES, OURS, RANK, Surroundings, confirmable, judge, settle


def failed(cause=Cause.TIMEOUT, **changes):
    return Failure(cause=cause, step="open", detail="", **changes)


def test_it_passes_what_did_not_fail():
    assert judge(None, Surroundings(controls_answer=False)) == Ruling(verdict=Verdict.PASS)


@pytest.mark.parametrize("cause", sorted(OURS))
def test_it_takes_the_blame_for_what_broke_in_us(cause):
    assert judge(failed(cause), Surroundings()) == Ruling(verdict=Verdict.AGENT_FAULT, cause=cause)


def test_it_takes_the_blame_when_a_control_target_fails_too():
    ruling = judge(failed(Cause.CONNECTION_REFUSED), Surroundings(controls_answer=False))
    assert ruling == Ruling(verdict=Verdict.AGENT_FAULT, cause=Cause.NETWORK)


def test_it_blames_the_portal_when_the_controls_answer():
    assert judge(failed(Cause.DNS), Surroundings()) == Ruling(verdict=Verdict.PORTAL_FAULT, cause=Cause.DNS)


def test_it_names_the_shared_service_that_is_down():
    ruling = judge(failed(service="vneid"), Surroundings(service_down="vneid"))
    assert ruling == Ruling(verdict=Verdict.DEPENDENCY_FAULT, cause=Cause.SERVICE_DOWN, dependency="vneid")


def test_it_does_not_blame_a_service_that_answers():
    assert judge(failed(service="vneid"), Surroundings()).verdict is Verdict.PORTAL_FAULT


@pytest.mark.parametrize("cause", sorted(CHALLENGES))
def test_it_calls_a_challenge_blocked(cause):
    assert judge(failed(cause), Surroundings()) == Ruling(verdict=Verdict.BLOCKED, cause=cause)


def test_it_tells_a_refused_account_from_a_broken_log_in():
    assert judge(failed(Cause.CREDENTIALS_REFUSED), Surroundings()).verdict is Verdict.ACCOUNT_FAULT
    assert judge(failed(Cause.CONTENT_MISSING), Surroundings()).verdict is Verdict.PORTAL_FAULT


def test_it_does_not_owe_a_function_that_is_not_listed():
    missing = failed(Cause.FUNCTION_MISSING, function="signature")
    assert judge(missing, Surroundings()).verdict is Verdict.NOT_OFFERED


def test_it_calls_a_listed_function_that_is_gone_lost():
    missing = failed(Cause.FUNCTION_MISSING, function="signature")
    ruling = judge(missing, Surroundings(function_listed=True))
    assert ruling == Ruling(verdict=Verdict.PORTAL_FAULT, cause=Cause.FEATURE_LOST)


def drifted(**changes):
    values = {"landmark": "results", "alternative": True, "requests_failed": False, **changes}
    return failed(Cause.CONTROL_MISSING, **values)


def test_it_calls_a_renamed_control_drift():
    assert judge(drifted(), Surroundings()) == Ruling(verdict=Verdict.SCRIPT_DRIFT, cause=Cause.CONTROL_MISSING)


def test_it_calls_a_control_gone_from_a_page_that_used_to_pass_drift():
    assert judge(drifted(alternative=False), Surroundings(passed_before=True)).verdict is Verdict.SCRIPT_DRIFT


@pytest.mark.parametrize("near_miss", [{"landmark": ""}, {"requests_failed": True}, {"alternative": False}])
def test_it_blames_the_portal_when_the_page_is_not_whole_or_nothing_matches(near_miss):
    assert judge(drifted(**near_miss), Surroundings()).verdict is Verdict.PORTAL_FAULT


def test_it_takes_the_first_rule_that_matches():
    everything = failed(Cause.CAPTCHA, service="vneid", landmark="home", alternative=True)
    assert judge(everything, Surroundings(controls_answer=False, service_down="vneid")).verdict is Verdict.AGENT_FAULT
    assert judge(everything, Surroundings(service_down="vneid")).verdict is Verdict.DEPENDENCY_FAULT
    assert judge(everything, Surroundings()).verdict is Verdict.BLOCKED


def test_it_lets_the_earlier_rule_stand_when_two_attempts_differ():
    rulings = [Ruling(verdict=verdict) for verdict in RANK]
    for first, second in itertools.product(rulings, repeat=2):
        stands = settle(first, second)
        assert RANK[stands.verdict] == min(RANK[first.verdict], RANK[second.verdict])
        if first.verdict is second.verdict:
            assert stands is first


def test_it_never_confirms_a_refused_account():
    assert not confirmable(Ruling(verdict=Verdict.ACCOUNT_FAULT))
    assert confirmable(Ruling(verdict=Verdict.PORTAL_FAULT))
    assert confirmable(Ruling(verdict=Verdict.AGENT_FAULT))


@pytest.mark.parametrize(
    ("begun", "again"),
    [
        (Begun(deed=Deed.LOGIN, outcome=Outcome.DONE), True),
        (Begun(deed=Deed.LOGIN), True),
        (Begun(deed=Deed.LOGIN, outcome=Outcome.REFUSED), False),
        (Begun(deed=Deed.LOGIN, allowed=False), False),
        (Begun(deed=Deed.PIN, outcome=Outcome.DONE), True),
        (Begun(deed=Deed.PIN), False),
        (Begun(deed=Deed.PIN, outcome=Outcome.REFUSED), False),
        (Begun(deed=Deed.SUBMISSION), False),
        (Begun(deed=Deed.SUBMISSION, outcome=Outcome.DONE), False),
        (Begun(deed=Deed.SUBMISSION, outcome=Outcome.REFUSED), False),
    ],
)
def test_it_never_confirms_what_may_harm_when_done_twice(begun, again):
    harmless = Begun(deed=Deed.LOGIN, outcome=Outcome.DONE)
    for verdict in (Verdict.PORTAL_FAULT, Verdict.AGENT_FAULT, Verdict.DEPENDENCY_FAULT):
        assert confirmable(Ruling(verdict=verdict), [harmless, begun, harmless]) is again
    assert not confirmable(Ruling(verdict=Verdict.PASS), [begun])


def test_it_has_a_rank_for_every_verdict_of_a_failed_attempt():
    assert set(RANK) == set(Verdict) - {Verdict.PASS, Verdict.MISSED}

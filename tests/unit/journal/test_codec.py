"""The stored form loses nothing; the public form is the contract."""

import json
import math
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from agent.errors import JournalError
from agent.journal import codec
from agent.model import (
    Cause,
    Evidence,
    Flag,
    Kind,
    RequestTiming,
    Requirement,
    Result,
    Step,
    StepStatus,
    Verdict,
)

TEXT = st.text(st.characters(), max_size=20)
NUMBERS = st.floats(allow_nan=False)
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
MAYBE = st.one_of(st.none(), NUMBERS)

STEPS = st.builds(Step, name=TEXT, status=st.sampled_from(StepStatus), duration_s=NUMBERS, landmark=TEXT)
REQUESTS = st.builds(
    RequestTiming, url=TEXT, type=TEXT, step=TEXT, start=NUMBERS, dns=MAYBE, connect=MAYBE, tls=MAYBE,
    first_byte=MAYBE, transfer=MAYBE, size=st.one_of(st.none(), st.integers(0, 2**40)),
    status=st.one_of(st.none(), st.integers(100, 599)), failed=st.booleans(),
)  # fmt: skip
RESULTS = st.builds(
    Result, run_id=TEXT, portal=TEXT, kind=st.sampled_from(Kind), platform=TEXT, journey=TEXT, location=TEXT,
    slot=MOMENTS, started=st.one_of(st.none(), MOMENTS), duration_s=NUMBERS, verdict=st.sampled_from(Verdict),
    cause=st.one_of(st.none(), st.sampled_from(Cause)), flags=st.frozensets(st.sampled_from(Flag)), dependency=TEXT,
    failing_step=TEXT, detail=TEXT, attempts=st.integers(0, 5), interval_s=NUMBERS,
    steps=st.lists(STEPS, max_size=3).map(tuple), metrics=st.dictionaries(TEXT, NUMBERS, max_size=3),
    requirements=st.dictionaries(TEXT, st.sampled_from(Requirement), max_size=3),
    evidence=st.lists(st.builds(Evidence, kind=TEXT, path=TEXT), max_size=3).map(tuple),
    withheld=st.integers(0, 9),
    requests=st.lists(REQUESTS, max_size=2).map(tuple), console=st.lists(TEXT, max_size=2).map(tuple),
)  # fmt: skip


@given(RESULTS)
def test_it_gives_back_every_result_it_was_given(result: Result) -> None:
    run_id, _, portal, journey, slot, verdict, _, body = codec.to_row(result)
    read = codec.from_row((run_id, portal, journey, slot, verdict, body))
    assert codec.with_details(read, codec.to_details(result)) == result


def test_it_knows_every_field_of_a_result() -> None:
    """A field added to Result must be added to the codec and to the property above."""
    assert {field.name for field in fields(Result)} == {
        "run_id", "portal", "kind", "platform", "journey", "location", "slot", "started", "duration_s", "verdict",
        "cause", "flags", "dependency", "failing_step", "detail", "attempts", "interval_s", "steps", "metrics",
        "requirements", "evidence", "withheld", "requests", "console",
    }  # fmt: skip


@given(RESULTS)
def test_it_writes_public_results_as_strict_json(result: Result) -> None:
    assert json.loads(json.dumps(codec.to_public(result), allow_nan=False)) == codec.to_public(result)


def test_it_writes_a_public_result_as_the_contract_says() -> None:
    slot = datetime(2026, 3, 1, 5, 0, 0, 250_000, tzinfo=UTC)
    result = Result(
        run_id="ab12", portal="hue", kind=Kind.PROVINCE, platform="formio", journey="home", location="hn", slot=slot,
        started=None, duration_s=1.5, verdict=Verdict.PORTAL_FAULT, cause=Cause.HTTP_STATUS,
        flags=frozenset({Flag.SLOW, Flag.EXCUSED}), failing_step="open", detail="never public", attempts=2,
        interval_s=300, steps=(Step(name="open", status=StepStatus.FAILED, duration_s=1.5, landmark="never public"),),
        metrics={"lcp_s": 0.8, "cls": math.nan}, requirements={"CAT-1": Requirement.UNMEASURED},
        evidence=(Evidence(kind="screenshot", path="evidence/ab12/failure.png"),), console=("never public",),
    )  # fmt: skip
    assert codec.to_public(result) == {
        "run_id": "ab12", "portal": "hue", "kind": "province", "platform": "formio", "journey": "home",
        "location": "hn", "slot": "2026-03-01T05:00:00.250Z", "started": None, "duration_s": 1.5,
        "verdict": "portal_fault", "cause": "http_status", "flags": ["excused", "slow"], "dependency": "",
        "failing_step": "open", "attempts": 2,
        "steps": [{"name": "open", "status": "failed", "duration_s": 1.5}], "metrics": {"lcp_s": 0.8},
        "requirements": {"CAT-1": "unmeasured"},
        "evidence": [{"kind": "screenshot", "path": "evidence/ab12/failure.png"}],
    }  # fmt: skip
    assert codec.to_public(replace(result, cause=None))["cause"] is None


def test_it_says_which_result_it_cannot_read() -> None:
    body = '{"kind":"province","platform":"","location":"","started":null,"duration":0}'
    with pytest.raises(JournalError, match="result ab12 can't be read: 'lost' is not a valid Verdict"):
        codec.from_row(("ab12", "hue", "home", 0, "lost", body))

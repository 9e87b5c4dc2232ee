"""A point is made from the Result alone and always has all its fields."""

import math
from dataclasses import replace

from agent.clock import to_millis
from agent.model import Cause, Flag, Requirement, Result, Step, StepStatus, Verdict
from agent.sinks import catalogue
from agent.sinks.points import lines_of
from tests.unit.journal.making import NOON, make

TAGS = "portal=hue,kind=province,platform=formio,journey=http,location=hn"

PASSED = 'verdict="pass",cause="",dependency="",failing_step="",up=1i,measured=1i,slow=0i,flaky=0i,excused=0i'


def lines(result: Result) -> tuple[list[str], list[str]]:
    left_out: list[str] = []
    return list(lines_of(result, left_out.append)), left_out


def test_it_writes_a_line_per_slot_step_figure_and_requirement() -> None:
    at = to_millis(NOON)
    assert lines(make())[0] == [
        f"slot,{TAGS} {PASSED},attempts=1i,duration_s=0.4 {at}",
        f'step,{TAGS},step=open status="passed",duration_s=0.4 {at}',
        f"metric,{TAGS},metric=total_s value=0.4 {at}",
        f"metric,{TAGS},metric=status value=200.0 {at}",
        f'requirement,{TAGS},requirement=SEC-4 state="fulfilled",fulfilled=1i,measured=1i {at}',
    ]


def test_it_writes_every_field_whatever_the_result() -> None:
    bare = {"cause": None, "dependency": "", "failing_step": "", "flags": frozenset()}
    full = {"cause": Cause.DNS, "dependency": "vneid", "failing_step": "open", "flags": frozenset(Flag)}
    for verdict in Verdict:
        for values in (bare, full):
            fields = lines(make(verdict=verdict, **values))[0][0].split(" ")[1]
            assert [part.split("=")[0] for part in fields.split(",")] == [field.name for field in catalogue.SLOT.fields]


def test_it_knows_up_only_from_a_pass_or_a_fault_of_the_portal() -> None:
    known = {verdict: lines(make(verdict=verdict))[0][0].split("up=")[1].split(",")[0] for verdict in Verdict}
    assert known.pop(Verdict.PASS) == "1i"
    assert known.pop(Verdict.PORTAL_FAULT) == "0i"
    assert set(known.values()) == {"-1i"}


def test_it_leaves_out_what_is_no_finite_number_and_says_so() -> None:
    odd = make(metrics={"total_s": math.inf, "dns_s": math.nan, "connect_s": 1}, duration_s=math.nan)
    written, left_out = lines(odd)
    assert [line.split(" ")[:2] for line in written if line.startswith("metric")] == [
        [f"metric,{TAGS},metric=connect_s", "value=1.0"]
    ]
    assert "duration_s=0.0 " in written[0]
    assert sorted(left_out) == ["dns_s", "duration_s", "total_s"]


def test_it_leaves_out_a_figure_that_the_catalogue_does_not_list() -> None:
    written, left_out = lines(make(metrics={"teapots": 1.0}))
    assert not any("teapots" in line for line in written)
    assert left_out == ["teapots"]
    assert catalogue.unknown_figures([make(metrics={"teapots": 1.0}), make()]) == {"teapots"}


def test_it_escapes_what_would_end_a_tag_or_a_string() -> None:
    step = Step(name="a b,c=d\\\ne", status=StepStatus.PASSED, duration_s=1)
    slot, one, *_ = lines(make(failing_step='say "no"\\', steps=(step,)))[0]
    assert 'failing_step="say \\"no\\"\\\\",' in slot
    assert one.startswith(f"step,{TAGS},step=a\\ b\\,c\\=d__e status=")


def test_it_puts_nothing_in_a_tag_that_a_second_delivery_could_change() -> None:
    """Everything but the slot's identity may differ between ``missed`` and what was measured after all."""
    first = make(requirements={"SEC-4": Requirement.UNFULFILLED})
    second = replace(
        first, run_id="other", verdict=Verdict.PORTAL_FAULT, cause=Cause.DNS, flags=frozenset(Flag), attempts=2,
        duration_s=9.0, started=None, detail="x", requirements={"SEC-4": Requirement.UNMEASURED},
        metrics={"total_s": 9.0, "status": 500.0}, evidence=(),
        steps=(Step(name="open", status=StepStatus.FAILED, duration_s=9.0),),
    )  # fmt: skip
    series = [[line.split(" ")[0] + line.split(" ")[-1] for line in lines(result)[0]] for result in (first, second)]
    assert series[0] == series[1]


def test_it_leaves_out_a_tag_without_a_value() -> None:
    """InfluxDB refuses the whole line otherwise."""
    assert lines(make(platform=""))[0][0].startswith("slot,portal=hue,kind=province,journey=http,location=hn ")

"""The waterfall and the bars."""

from agent.board import Run
from agent.model import RequestTiming, Step, StepStatus, Verdict
from agent.server import drawing
from tests.factories import START, result


def timed(url, step, **changes):
    values = {
        "dns": None,
        "connect": 0.3,
        "tls": 0.2,
        "first_byte": 0.4,
        "transfer": 0.1,
        "size": None,
        "status": 200,
        "failed": False,
    }
    return RequestTiming(url=url, type="xhr", step=step, start=0.1, **{**values, **changes})


def passed(name, duration_s=0.5):
    return Step(name=name, status=StepStatus.PASSED, duration_s=duration_s)


def test_it_puts_each_request_under_its_step_once():
    steps = (passed("open"), passed("search"), passed("open"))
    rows = drawing.waterfall(result(steps=steps, requests=(timed("b", "search"), timed("a", "open"), timed("c", ""))))
    assert [row.label for row in rows] == ["open", "a", "search", "b", "open", "c"]


def test_it_leaves_out_the_host_that_most_requests_share():
    urls = ("https://a.vn:1/vi/home", "https://a.vn:1", "https://a.vn:10/x", "https://a.vn:1.evil/x", "javascript:1")
    rows = drawing.waterfall(result(requests=tuple(timed(url, "") for url in urls)))
    assert [row.label for row in rows] == ["/vi/home", "/", *urls[2:]]


def test_it_does_not_count_the_handshake_twice():
    (_, row) = drawing.waterfall(result(steps=(passed("open", 1.0),), requests=(timed("a", "open"),)))
    assert [block.kind for block in row.blocks] == ["connect", "tls", "first_byte", "transfer"]
    assert [round(block.width) for block in row.blocks] == [100, 200, 400, 100]
    assert row.blocks[0].x == 100


def test_it_draws_a_bar_a_run_with_the_newest_at_the_right():
    runs = [
        Run(run_id=str(number), slot=START, verdict=verdict, cause=None, flags=frozenset(), duration_s=number)
        for number, verdict in enumerate((Verdict.PASS, Verdict.PORTAL_FAULT, Verdict.PASS), 1)
    ]
    strokes = {stroke.verdict: stroke.path for stroke in drawing.bars(runs)}
    assert strokes == {"pass": "M110 16v-7.3M118 16v-16.0", "portal_fault": "M114 16v-11.7"}
    assert drawing.bars([]) == ()

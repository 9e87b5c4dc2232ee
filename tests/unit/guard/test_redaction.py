"""Secrets leave in no form that our writers use."""

import base64
import json
from urllib.parse import quote

from hypothesis import given, strategies as st

from agent.guard.redaction import MASK, Redactor

secrets = st.text(min_size=8, max_size=40).filter(lambda text: text.strip() == text and MASK not in text)


@given(secrets, st.sampled_from(["raw", "url", "json", "base64"]))
def test_it_masks_every_form(secret, form):
    written = {
        "raw": secret,
        "url": quote(secret, safe=""),
        "json": json.dumps(secret)[1:-1],
        "base64": base64.b64encode(secret.encode()).decode(),
    }[form]
    event = Redactor([secret])(None, "info", {"event": f"token={written};", "deep": [{"k": {written}}]})
    assert written not in str(event["event"])
    assert event["deep"] == [{"k": [MASK]}]


def test_it_leaves_other_values_as_they_are():
    event = {"event": "run.done", "took": 1.5, "count": 3, "ok": True, "none": None}
    assert Redactor(["hunter2secret"])(None, "info", dict(event)) == event


def test_it_does_not_mask_half_of_every_text_for_a_short_secret():
    assert Redactor(["ab"]).text("about abacus") == "about abacus"

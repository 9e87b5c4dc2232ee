from datetime import UTC, datetime

import pytest

from probes.esignature import WORDS, Coverage, Level, Reason, SignatureReport, State, to_public
from probes.esignature.report import ordered, refused, state_of, summed

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def signature(*reasons: Reason) -> SignatureReport:
    return SignatureReport(state=state_of(reasons), reasons=ordered(reasons))


def test_no_reason_is_valid() -> None:
    assert state_of(()) is State.VALID


def test_what_is_proven_wrong_outweighs_what_is_not_known() -> None:
    assert state_of({Reason.REVOCATION_UNKNOWN, Reason.DIGEST_MISMATCH}) is State.INVALID
    assert state_of({Reason.REVOCATION_UNKNOWN}) is State.INDETERMINATE


def test_only_no_reason_passes() -> None:
    assert [reason for reason in Reason if state_of([reason]) is State.VALID] == []


def test_it_has_words_for_every_reason() -> None:
    assert set(WORDS) == set(Reason)


@pytest.mark.parametrize(
    ("reasons", "state"),
    [
        ([()], State.VALID),
        ([(), ()], State.VALID),
        ([(), (Reason.UNTRUSTED,)], State.INDETERMINATE),
        ([(Reason.UNTRUSTED,), (Reason.REVOKED,), ()], State.INVALID),
        ([], State.UNSIGNED),
    ],
)
def test_of_several_signatures_the_worst_stands(reasons: list[tuple[Reason, ...]], state: State) -> None:
    assert summed(signature(*each) for each in reasons).state is state


def test_it_tells_each_reason_once_and_the_worst_first() -> None:
    report = summed([signature(Reason.UNTRUSTED), signature(Reason.REVOKED, Reason.UNTRUSTED)])
    assert report.reasons == (Reason.REVOKED, Reason.UNTRUSTED)


def test_it_is_told_as_json() -> None:
    one = SignatureReport(
        state=State.VALID,
        reasons=(),
        trust_store="national",
        subfilter="ETSI.CAdES.detached",
        level=Level.B_T,
        hash="sha256",
        signed_at=NOON,
        time_proven=True,
        not_after=NOON,
        days_left=0.0,
        coverage=Coverage.FILE,
    )
    assert to_public(summed([one])) == {
        "state": "valid",
        "reasons": [],
        "signatures": [
            {
                "state": "valid",
                "reasons": [],
                "trust_store": "national",
                "subfilter": "ETSI.CAdES.detached",
                "level": "B-T",
                "hash": "sha256",
                "signed_at": "2026-11-24T05:00:00.000Z",
                "time_proven": True,
                "not_after": "2026-11-24T05:00:00.000Z",
                "days_left": 0.0,
                "coverage": "file",
            }
        ],
    }
    assert to_public(refused(Reason.EMPTY)) == {"state": "invalid", "reasons": ["empty"], "signatures": []}

"""The corpus, judged with the real services; each line of the table is one file."""

import pickle
import sys
import time
from collections.abc import Sequence

import pytest

from demo.signing import Level, Signer
from probes.esignature import PdfVerifier, Reason, State
from tests.integration.pdf_cases import CASES
from tests.integration.pki_lab import PDF, serving, stores, verifier


@pytest.mark.parametrize("name", CASES)
async def test_it_judges(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    case = CASES[name]
    async with serving() as pki:
        data = await case.make(pki)
        began = time.perf_counter()
        report = await verifier(pki, fetch=case.fetch).verify(data)
        took = time.perf_counter() - began
    told = ", ".join(report.reasons) or "–"
    with capsys.disabled():
        sys.stdout.write(f"\n{name:36} {report.state:14} {told:48} {took * 1000:6.0f} ms ")
    assert (report.state, report.reasons) == (case.state, case.reasons)
    _agree(case.stores, [each.trust_store for each in report.signatures])
    _agree(case.levels, [each.level for each in report.signatures])


def _agree(wanted: Sequence[str] | None, seen: Sequence[str | None]) -> None:
    if wanted is not None:
        assert tuple(seen) == tuple(wanted)


async def test_it_can_not_tell_when_the_services_are_down() -> None:
    async with serving() as pki:
        data = await pki.sign(PDF, signer=Signer.PERSON)
    report = await verifier(pki).verify(data)
    assert (report.state, report.reasons) == (State.INDETERMINATE, (Reason.REVOCATION_UNKNOWN,))


async def test_it_needs_no_services_for_what_carries_its_proof() -> None:
    async with serving() as pki:
        data = await pki.sign(PDF, signer=Signer.PERSON, level=Level.B_LT)
    assert (await verifier(pki).verify(data)).state is State.VALID


async def test_it_gives_up_in_time() -> None:
    async with serving() as pki:
        data = await pki.sign(PDF, signer=Signer.PERSON)
        report = await PdfVerifier(stores(pki), fetch=False, within=0.0).verify(data)
    assert (report.state, report.reasons) == (State.INDETERMINATE, (Reason.TOO_SLOW,))


async def test_it_says_nothing_of_the_signer() -> None:
    async with serving() as pki:
        report = await verifier(pki).verify(await pki.sign(PDF, signer=Signer.PERSON))
    assert "Mẫu" not in repr(report)
    assert "person" not in repr(report)


async def test_remote_signing_survives_a_restart_between_its_phases() -> None:
    async with serving() as pki:
        kept = pickle.dumps(await pki.reserve(PDF, signer=Signer.PERSON, level=Level.B_LT))
        reserved = pickle.loads(kept)  # noqa: S301 - our own
        data = await pki.complete(reserved, pki.sign_digest(reserved.digest, Signer.PERSON))
        assert (await verifier(pki).verify(data)).state is State.VALID


@pytest.mark.parametrize("signer", [Signer.EXPIRED, Signer.REVOKED, Signer.WRONG_KEY_USAGE])
async def test_nobody_signs_for_long_with_what_is_not_valid(signer: Signer) -> None:
    async with serving() as pki:
        with pytest.raises(ValueError, match="does not hold"):
            await pki.sign(PDF, signer=signer, level=Level.B_LT)


async def test_remote_signing_refuses_a_signature_by_somebody_else() -> None:
    async with serving() as pki:
        reserved = await pki.reserve(PDF, signer=Signer.PERSON)
        with pytest.raises(ValueError, match="not the signer's"):
            await pki.complete(reserved, pki.sign_digest(reserved.digest, Signer.OFFICIAL))

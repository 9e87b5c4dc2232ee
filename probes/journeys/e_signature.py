"""Journey ``e-signature``: a PDF is signed, comes back, and is validated; a tampered one must be refused.

With an organisation's account too, it must be offered a way to sign as well.
"""

from agent.model import Cause, Holder, Requirement
from probes.browser.saw import SawError
from probes.browser.steps import Steps
from probes.esignature.report import Reason, Report, State
from probes.journeys import login
from probes.journeys.base import Journey, Kit
from probes.journeys.marked import pdf
from probes.platforms.base import PortalPages
from probes.platforms.signing import FUNCTION

SIZE = 2048
CAUSES = {State.INDETERMINATE: Cause.SIGNATURE_INDETERMINATE}


async def run(portal: PortalPages, step: Steps, kit: Kit) -> None:
    """Log in, sign, validate what came back, hand a tampered copy in; then look at the organisation's desk."""
    await login.enter(portal, step, kit)
    observed = portal.stage.observed
    async with step("desk"):
        await portal.signing.open()
        observed["SIG-1"] = Requirement.of(await portal.signing.offers_a_way())
    file = pdf(SIZE)
    async with step("sign"):
        signed = await portal.signing.sign(file.name, file.data, kit.accounts[Holder.PERSON], kit.safeguards)
    async with step("validate"):
        report = await kit.verify_pdf(signed)
        portal.stage.figures |= _figures(report)
        observed["SIG-3"] = Requirement.of(report.state is State.VALID)
        _expect_valid(report)
    async with step("tampered"):
        await portal.signing.open()
        observed["SIG-4"] = Requirement.of(await portal.signing.refuses(file.name, tampered(signed)))
    if Holder.ORGANISATION in kit.accounts:
        async with step("organisation"):
            await portal.entrance.change_to(kit.accounts[Holder.ORGANISATION], kit.safeguards)
            await portal.signing.open()
            observed["SIG-2"] = Requirement.of(await portal.signing.offers_a_way())


def tampered(signed: bytes) -> bytes:
    """The file with one byte changed under the signature, in a figure of the page's size."""
    place = signed.index(b"/MediaBox") + len(b"/MediaBox[")
    return signed[:place] + (b"1" if signed[place : place + 1] != b"1" else b"2") + signed[place + 1 :]


def _expect_valid(report: Report) -> None:
    if report.state is State.VALID:
        return
    if Reason.TOO_SLOW in report.reasons:
        # Our validator did not come to an end in time: that says nothing of the portal.
        raise SawError(Cause.INTERNAL, "the signed file could not be validated in time")
    reasons = ", ".join(reason.value for reason in report.reasons)
    raise SawError(CAUSES.get(report.state, Cause.SIGNATURE_INVALID), f"the signed file is {report.state}: {reasons}")


def _figures(report: Report) -> dict[str, float]:
    days = [one.days_left for one in report.signatures if one.days_left is not None]
    return {"signatures": float(len(report.signatures))} | ({"signer_days_left": float(min(days))} if days else {})


JOURNEY = Journey(
    steps=(*login.STEPS, "desk", "sign", "validate", "tampered", "organisation"),
    run=run,
    requirements=("ACC-1", "ACC-2", "SIG-1", "SIG-2", "SIG-3", "SIG-4"),
    functions={FUNCTION: ("SIG-1", "SIG-2", "SIG-3", "SIG-4")},
    holders=(Holder.PERSON,),
    relies_on={"sign": ("signing", "timestamp")},
    private=True,
)

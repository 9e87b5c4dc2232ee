"""What must be said of each fault, by the journeys that tell: the fault table, as the confusion matrix reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from agent.model import Cause, Flag, Requirement, Result, Verdict
from demo.faults import NEAR, Fault

MET, UNMET = Requirement.FULFILLED, Requirement.UNFULFILLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a result says, or must say, of a fault; ``requirements`` holds those that the fault is about."""

    verdict: Verdict = Verdict.PASS
    cause: Cause | None = None
    dependency: str = ""
    flags: frozenset[Flag] = frozenset()
    requirements: Mapping[str, Requirement] = field(default_factory=dict)

    def __str__(self) -> str:
        said = [self.verdict, self.cause, self.dependency, *sorted(self.flags)]
        said += [f"{name}={state}" for name, state in sorted(self.requirements.items())]
        return " ".join(filter(None, said))


def portal(cause: Cause, **requirements: Requirement) -> Saying:
    """The portal's fault; requirement ids are written with an underscore."""
    return Saying(verdict=Verdict.PORTAL_FAULT, cause=cause, requirements=_ids(requirements))


def passes(*flags: Flag, cause: Cause | None = None, **requirements: Requirement) -> Saying:
    """A pass, with what stands beside it."""
    return Saying(flags=frozenset(flags), cause=cause, requirements=_ids(requirements))


def on(*journeys: str, says: Saying) -> dict[str, Saying]:
    """The same from each of these journeys."""
    return dict.fromkeys(journeys, says)


def service_down(name: str) -> Saying:
    """The shared service's fault."""
    return Saying(verdict=Verdict.DEPENDENCY_FAULT, cause=Cause.SERVICE_DOWN, dependency=name)


def _ids(requirements: Mapping[str, Requirement]) -> dict[str, Requirement]:
    return {name.replace("_", "-"): state for name, state in requirements.items()}


def _stops(verdict: Verdict, cause: Cause) -> Saying:
    return Saying(verdict=verdict, cause=cause)


_NO_STORE = {"STO-1": UNMET, "STO-5": UNMET}
_NO_SIGNING = {"SIG-1": UNMET, "SIG-2": UNMET, "SIG-3": UNMET, "SIG-4": UNMET}
_NOT_OFFERED = _stops(Verdict.NOT_OFFERED, Cause.FUNCTION_MISSING)

TELLING: Mapping[Fault, Mapping[str, Saying]] = {
    Fault.DOWN: on("http", "tls", "home", says=portal(Cause.CONNECTION_REFUSED)),
    Fault.HTTP500: on("http", "home", says=portal(Cause.HTTP_STATUS)),
    Fault.HANG: on("http", "home", says=portal(Cause.TIMEOUT)),
    Fault.ERROR_PAGE_200: on("http", "home", says=portal(Cause.ERROR_PAGE)),
    Fault.SLOW: on("http", "home", says=passes(Flag.SLOW)),
    Fault.CAPTCHA: on("catalogue", says=_stops(Verdict.BLOCKED, Cause.CAPTCHA)),
    Fault.DRIFT: on("catalogue", says=_stops(Verdict.SCRIPT_DRIFT, Cause.CONTROL_MISSING)),
    Fault.MAINTENANCE: on("http", "home", says=portal(Cause.MAINTENANCE_PAGE)),
    Fault.FLICKER: on("home", says=passes(Flag.FLAKY, cause=Cause.HTTP_STATUS)),
    Fault.CERT_EXPIRED: on("http", "tls", "home", says=portal(Cause.CERT_EXPIRED)),
    Fault.CERT_WRONG_HOST: on("http", "tls", "home", says=portal(Cause.CERT_WRONG_HOST)),
    Fault.CERT_SELF_SIGNED: on("http", "tls", "home", says=portal(Cause.CERT_SELF_SIGNED)),
    Fault.NO_HSTS: on("http", says=passes(SEC_4=UNMET)),
    Fault.WEAK_TLS: on("tls", says=passes(SEC_1=UNMET)),
    Fault.LOGIN_BROKEN: on("login", says=portal(Cause.NO_SESSION)),
    Fault.BAD_PASSWORD: on("login", says=_stops(Verdict.ACCOUNT_FAULT, Cause.CREDENTIALS_REFUSED)),
    Fault.QR: on("login", says=_stops(Verdict.BLOCKED, Cause.QR)),
    Fault.OTP: on("login", says=_stops(Verdict.BLOCKED, Cause.OTP)),
    Fault.STORE_ABSENT: on("data-store", says=replace(_NOT_OFFERED, requirements=_NO_STORE)),
    Fault.STORE_LOST: on("data-store", says=portal(Cause.STORE_LOST, STO_1=UNMET)),
    Fault.STORE_CORRUPT: on("data-store", says=portal(Cause.STORE_CORRUPT, STO_1=MET, STO_5=UNMET)),
    Fault.SIGN_TAMPERED: on("e-signature", says=portal(Cause.SIGNATURE_INVALID, SIG_3=UNMET)),
    Fault.SIGN_EXPIRED: on("e-signature", says=portal(Cause.SIGNATURE_INVALID, SIG_3=UNMET)),
    Fault.SIGN_UNKNOWN_CA: on("e-signature", says=portal(Cause.SIGNATURE_INDETERMINATE, SIG_3=UNMET)),
    Fault.SIGN_REJECTED: on("e-signature", says=_stops(Verdict.BLOCKED, Cause.SIGNER_DECLINED)),
    Fault.SIGN_TIMEOUT: on("e-signature", says=_stops(Verdict.BLOCKED, Cause.SIGNER_DECLINED)),
    Fault.SIGN_GONE: on("e-signature", says=portal(Cause.FEATURE_LOST, SIG_1=UNMET)),
    Fault.SIGN_ABSENT: on("e-signature", says=replace(_NOT_OFFERED, requirements=_NO_SIGNING)),
    Fault.INACCESSIBLE: on("accessibility", says=passes(A11Y_1=UNMET)),
    Fault.INSECURE_COOKIE: on("security", says=passes(SEC_5=UNMET, SEC_6=MET)),
    Fault.MIXED_CONTENT: on("security", says=passes(SEC_5=MET, SEC_6=UNMET)),
}
"""Of every fault, what each journey that tells it must say."""

SERVICES: Mapping[str, Mapping[str, Saying]] = {
    "vneid": on("login", says=service_down("vneid")),
    "payment": on("application", says=service_down("payment")),
    "signing": on("e-signature", says=service_down("signing")),
    "timestamp": on("e-signature", says=service_down("timestamp")),
}
"""Of every shared service that is down, what each journey that meets it must say."""


def must_say(fault: Fault) -> Mapping[str, Saying]:
    """What each telling journey must say: of a near-miss the journeys of its fault pass, with what the fault breaks."""
    if not fault.healthy:
        return TELLING[fault]
    of_fault = TELLING[Fault(fault.removeprefix(NEAR))]
    return {name: _well(says) for name, says in of_fault.items()}


def said_by(result: Result, expected: Saying, fault: Fault | None = None) -> Saying:
    """What a result says, as far as it is held against ``expected``."""
    # Only where slowness was planted does it tell anything: elsewhere it tells of this machine.
    heeded = set(Flag) if fault in {Fault.SLOW, Fault.NEAR_SLOW} else {Flag.FLAKY, Flag.EXCUSED}
    return Saying(
        verdict=result.verdict,
        cause=result.cause,
        dependency=result.dependency,
        flags=result.flags & heeded,
        requirements={name: result.requirements.get(name, Requirement.UNMEASURED) for name in expected.requirements},
    )


def _well(says: Saying) -> Saying:
    return Saying(requirements=dict.fromkeys(says.requirements, MET))

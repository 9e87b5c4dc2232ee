"""What an inspection and a survey of a portal's TLS come to: figures, requirements, findings. Pure."""

from collections.abc import Mapping
from datetime import datetime

from agent.model import Finding, Requirement
from probes.net import ciphers
from probes.net.certificates import days_left, key_bits, least_days_left
from probes.net.handshake import Session
from probes.net.inspection import Inspection
from probes.net.survey import Survey
from probes.net.text import one_line

# SEC-3 asks for two weeks; this project's default, set by no law.
MIN_DAYS_LEFT = 14


def figures(found: Inspection, asked: Survey | None, now: datetime) -> dict[str, float]:
    """Every figure that could be had."""
    known: dict[str, float | None] = {"legacy_accepted": found.legacy}
    if found.session:
        known |= _of_session(found.session, now)
    if asked:
        known |= ciphers.figures(asked)
    return {name: float(value) for name, value in known.items() if value is not None}


def requirements(found: Inspection, asked: Survey | None, now: datetime) -> Mapping[str, Requirement]:
    """SEC-1 to SEC-3."""
    session = found.session
    left = least_days_left((*session.served[:1], *session.verified), now) if session else None
    return {
        "SEC-1": Requirement.of(_modern(found.legacy, asked)),
        "SEC-2": Requirement.of(found.failure is None if session else None),
        "SEC-3": Requirement.of(None if left is None else left >= MIN_DAYS_LEFT),
    }


def findings(found: Inspection, asked: Survey, now: datetime) -> list[Finding]:
    """What the survey noticed, and certificates that are served, not needed, and expire soon."""
    told = ciphers.judge(asked)
    if found.session:
        told += _unneeded(found.session, now)
    return told


def _modern(legacy: bool | None, asked: Survey | None) -> bool | None:
    if legacy or (asked and ciphers.weak(asked.taken)):
        return False
    unknown = legacy is None or (asked is not None and not asked.whole)
    return None if unknown else True


def _of_session(session: Session, now: datetime) -> dict[str, float | None]:
    leaf = session.served[0] if session.served else None
    return {
        "leaf_days_left": days_left(leaf, now) if leaf else None,
        "chain_days_left": least_days_left(session.verified, now),
        "served_days_left": least_days_left(session.served, now),
        "served_chain_length": len(session.served),
        "verified_chain_length": len(session.verified),
        "handshake_s": session.seconds,
        "protocol": {"TLSv1.2": 1.2, "TLSv1.3": 1.3}.get(session.protocol),
        "key_bits": key_bits(leaf) if leaf else None,
    }


def _unneeded(session: Session, now: datetime) -> list[Finding]:
    extra = [one for one in session.served[1:] if one not in session.verified]
    soon = [(one, left) for one in extra if (left := days_left(one, now)) is not None and left < MIN_DAYS_LEFT]
    return [
        Finding(
            requirement="",
            rule="served-not-needed",
            weight="noted",
            text=f"a served certificate has {left:.0f} days left; the verified chain does without it",
            place=one_line(one.subject.rfc4514_string(), 100),
        )
        for one, left in soon
    ]

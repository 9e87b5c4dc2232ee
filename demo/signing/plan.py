"""What certomancer is told to make: one root, intermediate, OCSP responder and CRL per branch, their signers, a TSA."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from demo.signing.cast import Signer

ARCHITECTURE = "pki"
TSA = "tsa"
YEAR = timedelta(days=365)
REVOKED_AGO = timedelta(days=1)

_SIGNING = ("digital_signature", "non_repudiation")
_ENCRYPTION = ("key_encipherment",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A root with all that hangs below it. ``name`` is the label of the branch's parts."""

    name: str
    title: str

    @property
    def root(self) -> str:
        """Label of the root."""
        return f"{self.name}-root"

    @property
    def issuer(self) -> str:
        """Label of the intermediate."""
        return f"{self.name}-ca"

    @property
    def responder(self) -> str:
        """Label of the OCSP responder of the intermediate."""
        return f"{self.name}-ocsp"


NATIONAL = Branch(name="national", title="Demo National Root CA")
GOVERNMENT = Branch(name="government", title="Demo Government Root CA")
UNKNOWN = Branch(name="unknown", title="Demo Root Of Nobody")
BRANCHES = (NATIONAL, GOVERNMENT, UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One signer's certificate; times count from the making of the PKI."""

    branch: Branch
    common_name: str
    usage: tuple[str, ...] = _SIGNING
    begins: timedelta = -YEAR
    ends: timedelta = YEAR
    revoked: bool = False


PARTS: Mapping[Signer, Part] = {
    Signer.PERSON: Part(branch=NATIONAL, common_name="Nguyễn Thị Mẫu"),
    Signer.ORGANISATION: Part(branch=NATIONAL, common_name="Công ty TNHH Thử Nghiệm"),
    Signer.OFFICIAL: Part(branch=GOVERNMENT, common_name="Sở Thử Nghiệm"),
    Signer.EXPIRED: Part(branch=NATIONAL, common_name="Trần Văn Hết Hạn", ends=-timedelta(days=9)),
    Signer.REVOKED: Part(branch=NATIONAL, common_name="Lê Thị Thu Hồi", revoked=True),
    Signer.WRONG_KEY_USAGE: Part(branch=NATIONAL, common_name="Phạm Văn Mã Hoá", usage=_ENCRYPTION),
    Signer.UNKNOWN: Part(branch=UNKNOWN, common_name="Hoàng Văn Lạ"),
}


def labels() -> Iterator[str]:
    """Every entity, and so every key, by its label."""
    for branch in BRANCHES:
        yield from (branch.root, branch.issuer, branch.responder)
    yield TSA
    yield from (signer.value for signer in PARTS)


def configuration(now: datetime, base_url: str) -> dict[str, Any]:
    """Certomancer's configuration, with keys in files named after their labels."""
    return {
        "external-url-prefix": base_url,
        "keysets": {ARCHITECTURE: {"keys": {label: {"path": f"{label}.pem"} for label in labels()}}},
        "pki-architectures": {
            ARCHITECTURE: {
                "entity-defaults": {"country-name": "VN", "organization-name": "Portalwatch Demo"},
                "entities": {label: {"common-name": name} for label, name in _names()},
                "certs": dict(_certificates(now)),
                "services": _services(),
            }
        },
    }


def _names() -> Iterator[tuple[str, str]]:
    for branch in BRANCHES:
        yield branch.root, branch.title
        yield branch.issuer, branch.title.replace("Root", "Issuing")
        yield branch.responder, f"{branch.title} OCSP"
    yield TSA, "Demo Time Stamping Authority"
    yield from ((signer.value, part.common_name) for signer, part in PARTS.items())


def _certificates(now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    for branch in BRANCHES:
        yield branch.root, _entry(branch.root, branch.root, now, profiles=[_authority({"crl-repo": branch.root})])
        services = {"max-path-len": 0, "crl-repo": branch.issuer, "ocsp-service": branch.issuer}
        yield branch.issuer, _entry(branch.issuer, branch.root, now, profiles=[_authority(services)])
        yield branch.responder, _entry(branch.responder, branch.issuer, now, profiles=["ocsp-responder"])
    stamping = [_extension("extended_key_usage", ["time_stamping"]), _usage(("digital_signature",))]
    yield TSA, _entry(TSA, NATIONAL.issuer, now, extensions=stamping)
    for signer, part in PARTS.items():
        yield signer.value, _signer(signer, part, now)


def _signer(signer: Signer, part: Part, now: datetime) -> dict[str, Any]:
    entry = _entry(signer.value, part.branch.issuer, now, extensions=[_usage(part.usage)])
    entry["validity"] = _validity(now + part.begins, now + part.ends)
    if part.revoked:
        entry["revocation"] = {"revoked-since": (now - REVOKED_AGO).isoformat(), "reason": "key_compromise"}
    return entry


def _entry(subject: str, issuer: str, now: datetime, **more: object) -> dict[str, Any]:
    return {"subject": subject, "issuer": issuer, "validity": _validity(now - 2 * YEAR, now + 8 * YEAR), **more}


def _validity(begins: datetime, ends: datetime) -> dict[str, str]:
    return {"valid-from": begins.isoformat(), "valid-to": ends.isoformat()}


def _authority(params: Mapping[str, object]) -> dict[str, object]:
    return {"id": "simple-ca", "params": dict(params)}


def _usage(usage: tuple[str, ...]) -> dict[str, object]:
    smart = {"schema": "key-usage", "params": list(usage)}
    return {"id": "key_usage", "critical": True, "smart-value": smart}


def _extension(name: str, value: object) -> dict[str, object]:
    return {"id": name, "critical": True, "value": value}


def _services() -> dict[str, Any]:
    authorities = [label for branch in BRANCHES for label in (branch.root, branch.issuer)]
    return {
        "ocsp": {
            branch.issuer: {"for-issuer": branch.issuer, "responder-cert": branch.responder} for branch in BRANCHES
        },
        "crl-repo": {
            label: {"for-issuer": label, "signing-key": label, "simulated-update-schedule": "P1D"}
            for label in authorities
        },
        "time-stamping": {TSA: {"signing-cert": TSA, "certs-to-embed": [NATIONAL.issuer]}},
    }

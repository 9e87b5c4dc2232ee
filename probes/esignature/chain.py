"""From a certificate to a configured root: the path, its validity at a moment, and whether it was revoked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from asn1crypto.x509 import Certificate
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import (
    CRLFetchError,
    DisallowedAlgorithmError,
    ExpiredError,
    InvalidCertificateError,
    NotYetValidError,
    OCSPFetchError,
    PathBuildingError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.fetchers.api import Fetchers
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo, ValidationTimingParams
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule
from pyhanko_certvalidator.registry import CertificateRegistry, PathBuilder, SimpleTrustManager
from pyhanko_certvalidator.validate import async_validate_path

from probes.esignature.report import Reason
from probes.esignature.trust import TrustStore, named

SIGNING = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})
STAMPING = KeyUsageConstraints(key_usage=set(), extd_key_usage={"time_stamping"})
MOST_PATHS = 4
WEAK_HASHES = frozenset({"md2", "md4", "md5", "sha1"})

_UNASKED = CertRevTrustPolicy(
    RevocationCheckingPolicy(RevocationCheckingRule.NO_CHECK, RevocationCheckingRule.NO_CHECK)
)
# An answer of today tells when a certificate was revoked, and so what held at an earlier moment.
_ASKED = CertRevTrustPolicy(
    RevocationCheckingPolicy(RevocationCheckingRule.CRL_OR_OCSP_REQUIRED, RevocationCheckingRule.CRL_OR_OCSP_REQUIRED),
    retroactive_revinfo=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What is at hand: the stores, ``certificates`` found beside signatures, revocation data embedded in the file.

    ``fetchers`` is None when nothing may be fetched.
    """

    stores: Sequence[TrustStore]
    certificates: Sequence[Certificate] = ()
    ocsps: Sequence[OCSPResponse] = ()
    crls: Sequence[CertificateList] = ()
    fetchers: Fetchers | None = None

    def unasked(self, moment: datetime) -> ValidationContext:
        """A context that asks nobody about revocation."""
        return self._context(moment, _UNASKED, [], [])

    def asked(
        self, moment: datetime, ocsps: Sequence[OCSPResponse], crls: Sequence[CertificateList]
    ) -> ValidationContext:
        """A context that wants every certificate vouched for; what was fetched goes before what the file brought."""
        context = self._context(moment, _ASKED, [*ocsps, *self.ocsps], [*crls, *self.crls])
        # Tell of any revocation with its date: an answer "revoked later" would count as none at all.
        timing = ValidationTimingInfo(moment, moment, point_in_time_validation=False)
        context.timing_params = ValidationTimingParams(timing, context.timing_params.time_tolerance)
        return context

    async def paths(self, certificate: Certificate) -> list[ValidationPath]:
        """The paths to roots of stores; where authorities are cross-signed there are several."""
        fetcher = self.fetchers.cert_fetcher if self.fetchers else None
        registry = CertificateRegistry.build(self.certificates, cert_fetcher=fetcher)
        builder = PathBuilder(trust_manager=SimpleTrustManager.build(trust_roots=self._roots()), registry=registry)
        paths = builder.async_build_paths_lazy(certificate)
        found: list[ValidationPath] = []
        try:
            async for path in paths:
                found.append(path)
                if len(found) == MOST_PATHS:
                    break
        except PathBuildingError:
            return found
        finally:
            await paths.cancel()
        return found

    def _roots(self) -> list[Certificate]:
        return [Certificate.load(der) for store in self.stores for der in store.certificates]

    def _context(
        self,
        moment: datetime,
        policy: CertRevTrustPolicy,
        ocsps: Sequence[OCSPResponse],
        crls: Sequence[CertificateList],
    ) -> ValidationContext:
        return ValidationContext(
            trust_roots=self._roots(),
            other_certs=list(self.certificates),
            moment=moment,
            revinfo_policy=policy,
            ocsps=list(ocsps),
            crls=list(crls),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What a certificate's chain came to at a moment. ``revoked_at`` is set with REVOKED."""

    reason: Reason | None = None
    trust_store: str = ""
    revoked_at: datetime | None = None


async def examine(
    certificate: Certificate, knowledge: Knowledge, moment: datetime, usage: KeyUsageConstraints
) -> Chain:
    """The chain of ``certificate`` as it was at ``moment``; the first thing wrong is the reason."""
    chains = [await _along(path, certificate, knowledge, moment, usage) for path in await knowledge.paths(certificate)]
    sound = (chain for chain in chains if chain.reason is None)
    return next(sound, chains[0] if chains else Chain(reason=Reason.UNTRUSTED))


async def _along(
    path: ValidationPath, certificate: Certificate, knowledge: Knowledge, moment: datetime, usage: KeyUsageConstraints
) -> Chain:
    store = named(knowledge.stores, path.first.dump())
    reason = await _standing(certificate, path, knowledge.unasked(moment), usage)
    if reason:
        return Chain(reason=reason, trust_store=store)
    return await _revocation(path, knowledge, moment, store)


async def _standing(
    certificate: Certificate, path: ValidationPath, context: ValidationContext, usage: KeyUsageConstraints
) -> Reason | None:
    try:
        await async_validate_path(context, path)
        usage.validate(certificate)
    except ExpiredError as error:
        return Reason.EXPIRED_AT_SIGNING if error.is_ee_cert else Reason.CHAIN_INVALID
    except NotYetValidError as error:
        return Reason.NOT_YET_VALID if error.is_ee_cert else Reason.CHAIN_INVALID
    except DisallowedAlgorithmError:
        weak = any(one.hash_algo in WEAK_HASHES for one in path.iter_certs(include_root=False))
        return Reason.WEAK_HASH if weak else Reason.CHAIN_INVALID
    except InvalidCertificateError:
        return Reason.WRONG_KEY_USAGE
    except ValidationError:
        return Reason.CHAIN_INVALID
    return None


async def _revocation(path: ValidationPath, knowledge: Knowledge, moment: datetime, store: str) -> Chain:
    ocsps, crls = await _fetched(path, knowledge.fetchers)
    try:
        await async_validate_path(knowledge.asked(moment, ocsps, crls), path)
    except RevokedError as error:
        return _revoked(error, moment, store)
    except ValidationError:
        return Chain(reason=Reason.REVOCATION_UNKNOWN, trust_store=store)
    return Chain(trust_store=store)


def _revoked(error: RevokedError, moment: datetime, store: str) -> Chain:
    if error.is_side_validation:
        # That an answer's own signer was revoked says nothing of ours.
        return Chain(reason=Reason.REVOCATION_UNKNOWN, trust_store=store)
    if error.revocation_dt <= moment:
        return Chain(reason=Reason.REVOKED, trust_store=store, revoked_at=error.revocation_dt)
    # The signer's certificate is the last of its path, so all above it was vouched for.
    return Chain(reason=None if error.is_ee_cert else Reason.REVOCATION_UNKNOWN, trust_store=store)


async def _fetched(path: ValidationPath, fetchers: Fetchers | None) -> tuple[list[OCSPResponse], list[CertificateList]]:
    ocsps: list[OCSPResponse] = []
    crls: list[CertificateList] = []
    if fetchers is None:
        return ocsps, crls
    for certificate in path.iter_certs(include_root=False):
        answer = await _ocsp(certificate, path, fetchers)
        if answer is None:
            crls += await _crls(certificate, fetchers)
        else:
            ocsps.append(answer)
    return ocsps, crls


async def _ocsp(certificate: Certificate, path: ValidationPath, fetchers: Fetchers) -> OCSPResponse | None:
    try:
        return await fetchers.ocsp_fetcher.fetch(certificate, path.find_issuing_authority(certificate))
    except (OCSPFetchError, OSError, ValueError, LookupError):
        return None


async def _crls(certificate: Certificate, fetchers: Fetchers) -> list[CertificateList]:
    try:
        return list(await fetchers.crl_fetcher.fetch(certificate))
    except (CRLFetchError, OSError, ValueError):
        return []

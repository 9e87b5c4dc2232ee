import ssl
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from demo.faults import Fault
from demo.pki import Authority, Chain
from demo.tls import server_context

HOST = "dichvucong.angiang.localhost"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.make(datetime.now(UTC))


def leaf_of(chain: Chain) -> x509.Certificate:
    return x509.load_pem_x509_certificates(chain.certificates)[0]


def verify(authority: Authority, chain: Chain, folder: Path) -> str:
    """What OpenSSL itself says to a chain, in its strict mode."""
    (folder / "root.pem").write_bytes(authority.root_pem)
    (folder / "chain.pem").write_bytes(chain.certificates)
    command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", HOST]
    files = ["-CAfile", "root.pem", "-untrusted", "chain.pem", "chain.pem"]
    done = subprocess.run([*command, *files], cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("make", [Authority.good, Authority.expiring, Authority.renamed, Authority.crowded])
def test_it_makes_chains_that_a_strict_verifier_accepts(
    authority: Authority, make: Callable[[Authority, str], Chain], tmp_path: Path
) -> None:
    assert verify(authority, make(authority, HOST), tmp_path) == "chain.pem: OK\n"


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (Authority.expired, "certificate has expired"),
        (Authority.foreign, "hostname mismatch"),
        (Authority.lone, "self-signed certificate"),
    ],
)
def test_it_makes_chains_that_are_refused_for_one_reason(
    authority: Authority, make: Callable[[Authority, str], Chain], complaint: str, tmp_path: Path
) -> None:
    said = verify(authority, make(authority, HOST), tmp_path)
    assert complaint in said
    assert said.count("error ") == 2  # the finding and the summary


def test_it_leaves_two_days_to_an_expiring_leaf(authority: Authority) -> None:
    left = leaf_of(authority.expiring(HOST)).not_valid_after_utc - authority.now
    assert timedelta(days=2) <= left < timedelta(days=3)


def test_it_names_somebody_else_as_subject_of_a_renamed_leaf(authority: Authority) -> None:
    leaf = leaf_of(authority.renamed(HOST))
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "hosting.localhost" in leaf.subject.rfc4514_string()
    assert HOST in names.get_values_for_type(x509.DNSName)
    assert len(names.get_values_for_type(x509.DNSName)) > 1


def test_it_serves_root_and_stray_in_a_crowded_chain(authority: Authority) -> None:
    served = x509.load_pem_x509_certificates(authority.crowded(HOST).certificates)
    assert authority.root.certificate in served
    assert authority.stray.certificate in served
    assert served[1] == authority.intermediate.certificate


def test_it_limits_a_leaf_to_serving(authority: Authority) -> None:
    leaf = leaf_of(authority.good(HOST))
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert not usage.key_cert_sign
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc < timedelta(days=398)


@pytest.mark.parametrize(
    ("fault", "lowest", "highest"),
    [
        (None, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.MAXIMUM_SUPPORTED),
        (Fault.NEAR_WEAK_TLS, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2),
        (Fault.WEAK_TLS, ssl.TLSVersion.TLSv1, ssl.TLSVersion.MAXIMUM_SUPPORTED),
    ],
)
def test_it_speaks_the_protocols_of_the_fault(
    authority: Authority, fault: Fault | None, lowest: ssl.TLSVersion, highest: ssl.TLSVersion
) -> None:
    context = server_context(authority, HOST, fault)
    assert (context.minimum_version, context.maximum_version) == (lowest, highest)

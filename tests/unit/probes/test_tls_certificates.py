from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from probes.net.certificates import days_left, key_bits, least_days_left, matches_host

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())


def certificate(*names: str, common: str = "dvc.vn", days: float = 30):
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(KEY.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=90))
        .not_valid_after(NOW + timedelta(days=days))
    )
    listed = [x509.IPAddress(ip_address(n)) if n[0].isdigit() else x509.DNSName(n) for n in names]
    if listed:
        builder = builder.add_extension(x509.SubjectAlternativeName(listed), critical=False)
    return builder.sign(KEY, hashes.SHA256())


@pytest.mark.parametrize(
    ("names", "host"),
    [
        (["dvc.vn"], "dvc.vn"),
        (["DVC.vn"], "dvc.VN."),
        (["other.vn", "dvc.vn"], "dvc.vn"),
        (["*.angiang.gov.vn"], "dvc.angiang.gov.vn"),
        (["xn--dch-llz.vn"], "xn--dch-llz.vn"),
        (["127.0.0.1"], "127.0.0.1"),
    ],
)
def test_it_matches_a_host_by_its_alternative_names(names: list[str], host: str) -> None:
    assert matches_host(certificate(*names), host)


@pytest.mark.parametrize(
    ("names", "host"),
    [
        ([], "dvc.vn"),
        (["other.vn"], "dvc.vn"),
        (["*.gov.vn"], "dvc.angiang.gov.vn"),
        (["*.angiang.gov.vn"], "angiang.gov.vn"),
        (["d*.angiang.gov.vn"], "dvc.angiang.gov.vn"),
        (["*.vn"], "dvc.vn"),
        (["dvc.vn.evil.vn"], "dvc.vn"),
        (["127.0.0.1"], "127.0.0.2"),
        (["dvc.vn"], "127.0.0.1"),
    ],
)
def test_it_matches_no_other_host_and_never_by_the_common_name(names: list[str], host: str) -> None:
    assert not matches_host(certificate(*names), host)


def test_it_counts_the_days_that_are_left() -> None:
    chain = [certificate(days=30), certificate(days=-2.5), certificate(days=400)]
    assert days_left(chain[0], NOW) == 30
    assert least_days_left(chain, NOW) == -2.5
    assert least_days_left([], NOW) is None


def test_it_reads_the_size_of_the_key() -> None:
    assert key_bits(certificate()) == 256

"""Shared services of every kind, asked by what a configuration says of them."""

from datetime import date
from pathlib import Path

import pytest

from agent.app.signatures import by_protocol
from agent.config import Config, Settings
from agent.errors import PortalwatchError
from agent.model import Cause
from demo.signing import SigningPki
from probes.http import HttpProber
from tests.integration.pki_lab import serving


def configured(pki: SigningPki, folder: Path) -> Config:
    for label in ("person", "national-ca", "national-root"):
        (folder / f"{label}.pem").write_bytes(pki.pem(label))
    issuer, certificate = folder / "national-ca.pem", folder / "person.pem"
    shared = {"hosts": ("127.0.0.1",)}
    services = (
        {"name": "ca-ocsp", "kind": "ocsp", "url": pki.ocsp_url, "issuer": issuer, "certificate": certificate},
        {"name": "ca-crl", "kind": "crl", "url": pki.crl_url, "issuer": issuer},
        {"name": "tsa", "kind": "tsa", "url": pki.tsa_url},
        {"name": "page", "url": f"{pki.base_url}/nothing/here"},
    )
    signatures = {"trust_stores": ({"name": "national", "file": folder / "national-root.pem"},)}
    said = {"services": tuple({**shared, **each} for each in services), "signatures": signatures}
    agent = Settings.model_validate(said)
    return Config(agent=agent, portals=(), journeys=(), maintenance=(), requirements=(), loaded_on=date(2026, 11, 24))


@pytest.fixture
def http():
    prober = HttpProber(trust_store=None, user_agent="portalwatch/test")
    yield prober
    prober.close()


async def test_each_service_is_asked_in_its_own_protocol(tmp_path: Path, http: HttpProber) -> None:
    async with serving() as pki:
        config = configured(pki, tmp_path)
        ask = by_protocol(config, http, within=5.0)
        up = [await ask(service.url) for service in config.agent.services]
    down = [await ask(service.url) for service in config.agent.services]
    assert up == [None] * 4
    assert [failure and failure.cause for failure in down] == [Cause.CONNECTION_REFUSED] * 4


async def test_a_file_of_something_else_is_named(tmp_path: Path, http: HttpProber) -> None:
    async with serving() as pki:
        config = configured(pki, tmp_path)
    (tmp_path / "national-ca.pem").write_text("nothing")
    with pytest.raises(PortalwatchError, match=r"^service ca-ocsp: .*national-ca\.pem: not a certificate in PEM$"):
        by_protocol(config, http, within=5.0)

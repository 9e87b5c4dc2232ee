from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from agent.clock import Clock
from agent.model import Kind, Portal
from demo.families import FAMILIES
from demo.flow.office import Office, Shared
from demo.people import Citizen, accounts
from demo.services.identity import Identity
from demo.services.payment import Payment
from demo.services.signing import RemoteSigning
from demo.signing import SigningPki
from demo.stage import Stage

SERVICE = "https://service.localhost"


def make_portal(name: str, kind: Kind, platform: str) -> Portal:
    return Portal(
        id=name,
        kind=kind,
        platform=platform,
        name_vi=name.title(),
        name_en=name.title(),
        base_url=f"https://dichvucong.{name}.gov.vn",
    )


@pytest.fixture
def portals() -> list[Portal]:
    """Four provinces and four ministries, every second one of each family, sorted by kind."""
    kinds = [Kind.MINISTRY] * 4 + [Kind.PROVINCE] * 4
    return [make_portal(f"noi{n}", kind, ("formio", "tiepnhan")[n % 2]) for n, kind in enumerate(kinds)]


def make_stage(platform: str) -> Stage:
    portal = make_portal("angiang", Kind.PROVINCE, platform)
    return Stage(portal, FAMILIES[platform].links, seed=5, rank=1, clock=Clock())


@pytest.fixture(params=sorted(FAMILIES))
def stage(request: pytest.FixtureRequest) -> Stage:
    return make_stage(request.param)


@pytest.fixture(scope="session")
def pki() -> SigningPki:
    """A signing PKI whose services nobody serves."""
    return SigningPki.make(now=datetime.now(UTC), base_url="http://127.0.0.1:1")


@pytest.fixture
def people() -> tuple[Citizen, ...]:
    return accounts(5)


def make_office(stage: Stage, people: Sequence[Citizen], pki: SigningPki) -> Office:
    clients = {stage.portal.id: stage.portal.base_url}
    shared = Shared(
        identity=Identity(people, clients, mood=lambda _: stage.fault, clock=Clock()),
        identity_origin=SERVICE,
        payment=Payment(SERVICE),
        signing=RemoteSigning(people, SERVICE, Clock()),
        pki=pki,
    )
    return Office(stage, shared)


@pytest.fixture
def office(stage: Stage, people: tuple[Citizen, ...], pki: SigningPki) -> Office:
    return make_office(stage, people, pki)


@pytest.fixture
def portals_file(tmp_path: Path, portals: list[Portal]) -> Path:
    names = ("id", "platform", "name_vi", "name_en", "base_url")
    rows = [{"kind": one.kind.value, **{name: getattr(one, name) for name in names}} for one in portals]
    path = tmp_path / "portals.yaml"
    path.write_text(yaml.safe_dump({"portals": rows}), encoding="utf-8")
    return path

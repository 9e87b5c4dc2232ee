from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from agent.app.known import KNOWN
from agent.config import Config, Known, Settings, checks, load
from agent.model import Kind

Load = Callable[..., Config]

SECRETS = (
    "INFLUXDB_TOKEN",
    "TESTER_1_USERNAME",
    "TESTER_1_PASSWORD",
    "TESTER_1_PIN",
    "COMPANY_1_USERNAME",
    "COMPANY_1_PASSWORD",
    "PORTALWATCH_SESSION_KEY",
)
SHIPPED = Path(__file__).parents[3] / "config"


@pytest.fixture
def known() -> Known:
    return KNOWN


@pytest.fixture
def shipped(known: Known) -> Config:
    return load(SHIPPED, known, {})


def test_it_validates_with_an_empty_environment(shipped: Config) -> None:
    assert len(shipped.portals) == 83
    assert [journey.name for journey in shipped.journeys] == [
        "http",
        "tls",
        "home",
        "catalogue",
        "lookup",
        "login",
        "application",
        "e-signature",
        "data-store",
        "accessibility",
        "security",
        "hardening",
        "ciphers",
    ]


def test_it_watches_no_real_portal(shipped: Config) -> None:
    assert not any(portal.enabled or portal.loopback for portal in shipped.portals)
    assert checks(shipped) == ()


def test_it_gives_each_kind_every_platform(shipped: Config, known: Known) -> None:
    pairs = [(portal.kind, portal.platform) for portal in shipped.portals]
    assert {kind: sum(each == kind for each, _ in pairs) for kind in Kind} == {"ministry": 20, "province": 63}
    assert set(pairs) == {(kind, platform) for kind in Kind for platform in known.platforms}


@pytest.mark.parametrize(
    ("journey", "minutes"),
    [("lookup", 5), ("login", 30), ("application", 360), ("e-signature", 360), ("data-store", 360)],
)
def test_it_spares_the_portals_what_costs_them_more(shipped: Config, journey: str, minutes: int) -> None:
    entry = next(one for one in shipped.journeys if one.name == journey)
    assert entry.interval == timedelta(minutes=minutes)


def test_it_writes_the_defaults_of_the_code(shipped: Config) -> None:
    assert shipped.agent == Settings()


def test_it_mentions_every_setting() -> None:
    text = (SHIPPED / "agent.yaml").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"\n{name}:" not in text] == []


@pytest.mark.parametrize(
    ("file", "commented"),
    [
        ("agent", ("controls", "services", "accounts", "sessions", "influxdb", "push_gateway")),
        ("maintenance", ("windows",)),
    ],
)
def test_it_shows_examples_that_hold_once_uncommented(file: str, commented: tuple[str, ...], good_load: Load) -> None:
    """The commented blocks are what a newcomer copies, so they are loaded as they stand."""
    text = (SHIPPED / f"{file}.yaml").read_text(encoding="utf-8")
    lines = text.replace("contact: null", "contact: ops@example.vn").splitlines()
    config = good_load(
        environ=dict.fromkeys(SECRETS, "A" * 43 + "="),
        **{file: "\n".join(_uncommented(lines, commented))},
        portals=(SHIPPED / "portals.yaml").read_text(encoding="utf-8"),
        journeys=(SHIPPED / "journeys.yaml").read_text(encoding="utf-8"),
    )
    told: BaseModel = config.agent if file == "agent" else config
    names = commented if file == "agent" else ("maintenance",)
    assert all(getattr(told, name) for name in names)


def _uncommented(lines: list[str], names: tuple[str, ...]) -> list[str]:
    """Blocks like ``name: null`` or ``name: []`` followed by their commented example, with the example in force."""
    out: list[str] = []
    inside = False
    for line in lines:
        if line.split(":")[0] in names:
            inside = True
            out.append(line.split(":")[0] + ":")
        elif inside and line.startswith("#"):
            body = line[2:] if line.startswith("# ") and not line.startswith("#  -") else line[1:]
            out.append("" if body.rstrip(":") in names else _indented(line, body))
        else:
            inside = False
            out.append(line)
    return out


def _indented(line: str, body: str) -> str:
    return line[1:] if line.startswith(("#  -", "#    ")) and not line.startswith("#   #") else body

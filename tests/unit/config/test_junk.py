"""Junk in any place of a full configuration is told in our words, or is no junk there; nothing else is raised."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from agent.config import Config
from agent.errors import ConfigError

Load = Callable[..., Config]
Place = tuple[str | int, ...]

FULL: dict[str, Any] = {
    "agent": {
        "location": "here",
        "operator": {"contact": "ops@example.vn"},
        "data_dir": "data",
        "trust_store": None,
        "schedule": {"spread": "1m", "anchor": "2026-01-01T00:00"},
        "workers": {"browser": 1, "http": 1},
        "rate_cap": {"per_host": 1.5},
        "controls": [{"name": "router", "url": "http://127.0.0.1/"}],
        "services": [{"name": "sso", "url": "http://127.0.0.1/", "hosts": ["sso.example.vn"]}],
        "browser": {"executable": None},
        "journal": {"keep": "400d", "keep_details": "14d"},
        "evidence": {"keep": "30d"},
        "server": {"host": "127.0.0.1", "port": 0},
        "accounts": [
            {
                "name": "tester",
                "holder": "person",
                "portals": ["hanoi"],
                "username_env": "T",
                "password_env": "T",
                "pin_env": "T",
            }
        ],
        "janitor": {"interval": "10m"},
        "sessions": {"key_env": "K", "max_age": "12h"},
        "influxdb": {
            "url": "http://127.0.0.1/",
            "org": "o",
            "bucket": "b",
            "token_env": "T",
            "timeout": 10,
            "retention": None,
        },
        "push_gateway": {"url": "http://127.0.0.1/", "interval": "30s", "job": "j"},
        "log": {"format": "json", "level": "info"},
        "shutdown_grace": "20s",
    },
    "portals": {
        "portals": [
            {
                "id": "hanoi",
                "kind": "province",
                "platform": "formio",
                "name_vi": "Hà Nội",
                "name_en": "Hanoi",
                "base_url": "https://hanoi.example.vn",
                "host_verified": True,
                "enabled": True,
                "valid_from": "2026-01-01",
                "valid_to": None,
                "successor": None,
                "features": ["signing"],
                "authorised_by": "letter 12",
                "authorised_until": "2026-12-31",
                "mode": "observe",
            }
        ]
    },
    "journeys": {
        "journeys": [
            {
                "name": "home",
                "probe": "browser",
                "interval": "5m",
                "timeouts": {"step": "30s", "journey": "60s", "run": "200s"},
                "objective": {"duration": "4s", "availability": 99.5},
                "options": {"search": "x"},
                "portals": {"kinds": ["province"], "platforms": ["formio"], "ids": ["hanoi"]},
                "enabled": True,
            }
        ]
    },
    "maintenance": {
        "windows": [
            {
                "portals": ["hanoi"],
                "starts": "2026-07-05T22:00",
                "ends": "2026-07-06T02:00",
                "recorded_at": "2026-06-10T09:00",
                "note": "",
            }
        ]
    },
    "requirements": {
        "requirements": [
            {
                "id": name,
                "group": "security",
                "vi": "x",
                "en": "x",
                "observed_by": ["public", "account"],
                "source": "project",
            }
            for name in ("CAT-1", "SEC-1")
        ]
    },
}
ENVIRON = {"T": "t", "K": "A" * 43 + "="}
JUNK: list[Any] = [
    None, True, False, 0, -1, 10**17, 1.5, -1e300, 1e300, "", " ", "x", "1", "Hà Nội", "a\nb", "9999-12-31T23:59",
    "0001-01-01T00:00", "9999-12-31", "https://a@b/", "x" * 500, [], [[]], [None], ["x", "x"],
    [{}], {}, {"": ""}, {"x": {"y": []}},
]  # fmt: skip


def _places(value: Any, place: Place = ()) -> Iterator[Place]:
    if place:
        yield place
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from _places(inner, (*place, key))


def _with(place: Place, junk: Any) -> dict[str, str]:
    files = deepcopy(FULL)
    inner: Any = files
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = junk
    return {name: json.dumps(content, ensure_ascii=False) for name, content in files.items()}


def test_it_takes_the_full_configuration(good_load: Load) -> None:
    config = good_load(environ=ENVIRON, **_with(("agent", "location"), "there"))
    assert config.agent.location == "there"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(place=st.sampled_from(list(_places(FULL))), junk=st.sampled_from(JUNK))
def test_it_words_every_refusal(place: Place, junk: Any, good_load: Load) -> None:
    try:
        good_load(environ=ENVIRON, **_with(place, junk))
    except ConfigError as error:
        problems = error.problems
    else:
        problems = ()
    assert [problem for problem in problems if "is not valid" in problem or "\n" in problem] == []
    assert [problem for problem in problems if len(problem) > 300] == []


@pytest.mark.parametrize("name", ["agent", "portals", "journeys", "maintenance", "requirements"])
def test_it_takes_no_file_of_another_shape(name: str, good_load: Load) -> None:
    with pytest.raises(ConfigError, match=rf"config/{name}.yaml:1: "):
        good_load(**{name: "[1, 2]"})

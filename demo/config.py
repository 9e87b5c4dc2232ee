"""Writes the configuration with which an agent watches the demo portals."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from demo.ready import HOLDER, ISSUER, Account, Ready

JOURNEYS: list[dict[str, Any]] = [
    {
        "name": "http",
        "probe": "http",
        "interval": "1m",
        "timeouts": {"step": "8s", "journey": "10s", "run": "40s"},
        "objective": {"duration": "4s", "availability": 99.5},
        "options": {"path": "/", "status": "200"},
    },
    {
        "name": "tls",
        "probe": "tls",
        "interval": "1m",
        "timeouts": {"step": "8s", "journey": "10s", "run": "40s"},
        "objective": {"duration": "4s", "availability": 99.5},
    },
    {
        "name": "home",
        "probe": "browser",
        "interval": "5m",
        "timeouts": {"step": "15s", "journey": "25s", "run": "100s"},
        "objective": {"duration": "4s", "availability": 99.5},
    },
    {
        "name": "catalogue",
        "probe": "browser",
        "interval": "5m",
        "timeouts": {"step": "15s", "journey": "60s", "run": "200s"},
        "objective": {"duration": "12s", "availability": 99.5},
        "options": {"search": "đăng ký"},
    },
    {
        "name": "lookup",
        "probe": "browser",
        "interval": "5m",
        "timeouts": {"step": "15s", "journey": "50s", "run": "150s"},
        "objective": {"duration": "8s", "availability": 99.5},
    },
    {
        "name": "login",
        "probe": "browser",
        "interval": "30m",
        "timeouts": {"step": "15s", "journey": "40s", "run": "120s"},
        "objective": {"duration": "8s", "availability": 99.5},
    },
    {
        "name": "application",
        "probe": "browser",
        "interval": "6h",
        "timeouts": {"step": "25s", "journey": "150s", "run": "400s"},
        "objective": {"duration": "30s", "availability": 99.5},
        "options": {"search": "đăng ký"},
    },
    {
        "name": "data-store",
        "probe": "browser",
        "interval": "6h",
        "timeouts": {"step": "25s", "journey": "100s", "run": "300s"},
        "objective": {"duration": "20s", "availability": 99.5},
        "options": {"size": "64", "search": "đăng ký"},
    },
    {
        "name": "e-signature",
        "probe": "browser",
        "interval": "6h",
        "timeouts": {"step": "25s", "journey": "120s", "run": "300s"},
        "objective": {"duration": "25s", "availability": 99.5},
    },
    {
        "name": "accessibility",
        "probe": "browser",
        "interval": "6h",
        "timeouts": {"step": "15s", "journey": "80s", "run": "200s"},
        "objective": {"duration": "20s", "availability": 99.5},
        "options": {"search": "đăng ký"},
    },
    {
        "name": "security",
        "probe": "browser",
        "interval": "6h",
        "timeouts": {"step": "15s", "journey": "60s", "run": "200s"},
        "objective": {"duration": "10s", "availability": 99.5},
        "options": {"search": "đăng ký"},
    },
    {
        "name": "hardening",
        "probe": "http",
        "interval": "6h",
        "timeouts": {"step": "8s", "journey": "20s", "run": "60s"},
        "objective": {"duration": "8s", "availability": 99.5},
        "options": {"path": "/", "status": "200", "security": "yes"},
    },
    {
        "name": "ciphers",
        "probe": "tls",
        "interval": "6h",
        "timeouts": {"step": "8s", "journey": "60s", "run": "130s"},
        "objective": {"duration": "30s", "availability": 99.5},
        "options": {"ciphers": "yes"},
    },
]


def _seconds(span: timedelta) -> str:
    return f"{span.total_seconds():g}s"


def _service(name: str, url: str, ca: Path) -> dict[str, object]:
    issuer, certificate = str(ca / f"{ISSUER}.pem"), str(ca / f"{HOLDER}.pem")
    asked: dict[str, dict[str, str]] = {
        "timestamp": {"kind": "tsa"},
        "ocsp": {"kind": "ocsp", "issuer": issuer, "certificate": certificate},
        "crl": {"kind": "crl", "issuer": issuer},
    }
    return {"name": name, "url": url, "hosts": [urlsplit(url).hostname], **asked.get(name, {})}


def _account(account: Account, secrets: Path) -> dict[str, object]:
    """The entry of a test account; its secrets become files that only their owner reads."""
    secrets.mkdir(mode=0o700, exist_ok=True)
    entry: dict[str, object] = {"name": f"demo-{account.holder}", "holder": account.holder}
    variables = {}
    for what in ("username", "password", "pin", "key_password"):
        variables[what] = f"DEMO_{account.holder}_{what}".upper()
        path = secrets / variables[what]
        path.touch(mode=0o600)
        path.write_text(getattr(account, what), encoding="utf-8")
    key = {"file": account.key, "password_env": variables.pop("key_password")}
    return entry | {f"{what}_env": variable for what, variable in variables.items()} | {"key": key}


def write_config(
    ready: Ready,
    folder: Path,
    *,
    data: Path,
    anchor: datetime,
    spread: timedelta,
    browsers: int = 2,
    windows: Sequence[Mapping[str, object]] = (),
    every: timedelta | None = None,
) -> None:
    """Write the four files into ``folder``: the first slot of each check lies within ``spread`` after ``anchor``.

    ``browsers`` is how many browser journeys run at once, ``windows`` are entries of maintenance.yaml, ``every`` is an
    interval for all journeys in place of their own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    agent = {
        "location": "demo",
        "data_dir": str(data),
        "trust_store": str(ready.ca),
        "schedule": {"anchor": anchor, "spread": _seconds(spread)},
        "workers": {"browser": browsers},
        "controls": [{"name": "control", "url": ready.control_target}],
        "services": [_service(name, url, ready.ca.parent) for name, url in ready.services.items()],
        "accounts": [_account(account, folder / "secrets") for account in ready.accounts],
        "secrets_dir": str(folder / "secrets"),
        "signatures": {
            "trust_stores": [{"name": name, "file": str(path)} for name, path in ready.roots.items()],
            "fetch": True,
            "fetch_hosts": ["127.0.0.1"],
        },
        "log": {"format": "console", "level": "error"},
    }
    files: dict[str, object] = {
        "agent": agent,
        "portals": {"portals": [row | {"enabled": True, "mode": "test"} for row in ready.rows()]},
        "journeys": {"journeys": [one | ({"interval": _seconds(every)} if every else {}) for one in JOURNEYS]},
        "maintenance": {"windows": [dict(window) for window in windows]},
    }
    for name, content in files.items():
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")

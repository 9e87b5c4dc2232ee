"""A running agent that serves over TLS to whoever has the key, and to no one else."""

import asyncio
import base64
import ssl

import aiohttp
import pytest

from demo.launch import launch
from tests.e2e.lab import configure, none_left, port_of, portalwatch, start, stopped_in_order
from tests.integration.net_fixtures import make_authority

TOKEN = "a-token-for-those-who-may-read"  # noqa: S105 - of an agent that lives as long as the test
PASSWORD = "a-password"  # noqa: S105 - the same


def basic(name, password):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.fixture
def authority(tmp_path):
    return make_authority(tmp_path)


@pytest.mark.parametrize("way", ["token", "password"])
async def test_it_serves_only_to_the_key_and_over_tls(tmp_path, monkeypatch, authority, way):
    leaf = authority.leaf("localhost", names=("localhost",))
    (tmp_path / "chain.pem").write_bytes(leaf.pem + authority.intermediate.pem)
    (tmp_path / "key.pem").write_bytes(leaf.key_pem)
    monkeypatch.setenv("READ_TOKEN", TOKEN)
    monkeypatch.setenv("READ_PASSWORD", PASSWORD)
    auth = {"token_env": "READ_TOKEN"} if way == "token" else {"username": "ops", "password_env": "READ_PASSWORD"}

    def guarded(parsed):
        tls = {"certificate": str(tmp_path / "chain.pem"), "key": str(tmp_path / "key.pem")}
        parsed["agent"]["server"] |= {"auth": auth, "tls": tls}

    right = {"Authorization": f"Bearer {TOKEN}" if way == "token" else basic("ops", PASSWORD)}
    wrong = {"Authorization": "Bearer something-else"}
    trust = ssl.create_default_context(cafile=str(authority.store))
    log = tmp_path / "agent.log"
    async with launch(portals=1, seed=None, faults=[], directory=tmp_path / "demo") as ready:
        config = configure(ready, tmp_path, edit=guarded)
        agent = await start(config, log)
        base = f"https://localhost:{port_of(config)}"
        async with aiohttp.ClientSession(base, connector=aiohttp.TCPConnector(ssl=trust)) as session:

            async def status(path, headers):
                async with session.get(path, headers=headers) as answer:
                    return answer.status

            async with asyncio.timeout(30):
                while True:
                    try:
                        assert await status("/healthz", {}) == 200
                        break
                    except aiohttp.ClientConnectorError:
                        await asyncio.sleep(0.1)
            for path in ("/", "/metrics", "/readyz", "/api/v1/overview", "/static/status.css"):
                assert await status(path, {}) == 401, path
                assert await status(path, wrong) == 401, path
                assert await status(path, right) in {200, 503}, path
        await stopped_in_order(agent)
        await none_left(tmp_path / "data" / "run")
    assert TOKEN not in log.read_text()


async def test_it_says_what_is_wrong_with_a_certificate(tmp_path, authority):
    (tmp_path / "key.pem").write_text("no key")

    def broken(parsed):
        parsed["agent"]["server"]["tls"] = {"certificate": str(authority.store), "key": str(tmp_path / "key.pem")}

    async with launch(portals=1, seed=None, faults=[], directory=tmp_path / "demo") as ready:
        config = configure(ready, tmp_path, edit=broken)
        status, _, err = await portalwatch("run", "--config", config)
    assert status == 2
    assert "server.tls: the certificate or key can't be used" in err
    assert "Traceback" not in err

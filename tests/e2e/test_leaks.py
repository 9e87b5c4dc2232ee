"""No secret of an account and nothing about its holder gets into anything that a whole agent leaves or shows."""

import asyncio
import json
import random
import zipfile
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from agent import app
from agent.clock import Clock
from agent.config import checks
from agent.journal import Journal
from agent.model import Verdict
from demo.launch import launch, set_fault
from demo.people import accounts
from tests.e2e.lab import answering, configure, kept, load, portalwatch, start, stopped_in_order
from tests.e2e.leaky import found
from tests.integration.servers import BUCKET, ORG, TOKEN, influxdb, request

READ_TOKEN = "a-token-for-those-who-may-read"  # noqa: S105 - planted
LATE = "http500 when something is stored"
PARTS = {
    "login-broken": ("login", "application"),
    "http500": ("home", "catalogue", "lookup", "accessibility", "security"),
    "drift": ("catalogue", "application"),
    "store-corrupt": ("data-store",),
    "store-lost": ("data-store",),
    "sign-tampered": ("e-signature",),
    "sign-unknown-ca": ("e-signature",),
    "payment": ("application",),
    LATE: ("data-store",),
}
"""What a portal suffers from, and the journeys that fail of it."""
WITHIN_S = 240.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What an agent left, and all that it and its commands said, by name."""

    data: Path
    secrets: list[str]
    personal: list[str]
    said: dict[str, bytes]

    def leaks(self):
        """Every secret, wherever it is."""
        hits = [hit for name, body in self.said.items() for hit in found(body, name, self.secrets)]
        for path in self.data.rglob("*"):
            if path.is_file():
                hits += found(path.read_bytes(), str(path.relative_to(self.data)), self.secrets)
        return hits + found(self.details().encode(), "details", self.secrets)

    def gossip(self):
        """Everything about a holder in what can be read as text."""
        texts = [(name, body) for name, body in self.said.items()]
        texts += [(path.name, path.read_bytes()) for kind in ("*.har", "*.txt") for path in self.data.rglob(kind)]
        texts.append(("details", self.details().encode()))
        return [hit for name, body in texts for hit in found(body, name, self.personal)]

    def details(self):
        """The journal as one text: details are packed in the file."""
        with Journal.open(app.journal_path(self.data)) as journal:
            return repr([journal.get(one.run_id, with_details=True) for one in kept(self.data)])


def cast(portals, dice):
    """A portal for each part. The slow family gets the fault that ends its journeys soonest."""
    slow = next(one.id for one in portals if one.platform == "liferay")
    others = [one.id for one in portals if one.platform != "liferay"]
    names = [name for name in PARTS if name != "login-broken"]
    return {"login-broken": slow, **dict(zip(names, dice.sample(others, len(names)), strict=True))}


def watching(parts, influx):
    """Only what fails, InfluxDB, a token to read with, and logs that say all."""

    def edit(parsed):
        visits = {}
        for name, journeys in PARTS.items():
            for journey in journeys:
                visits.setdefault(journey, []).append(parts[name])
        every = parsed["journeys"]["journeys"]
        parsed["journeys"]["journeys"] = [
            one | {"portals": {"ids": visits[one["name"]]}} for one in every if one["name"] in visits
        ]
        parsed["agent"]["workers"] = {"browser": 4}
        parsed["agent"]["log"] = {"format": "json", "level": "debug"}
        parsed["agent"]["server"]["auth"] = {"token_env": "READ_TOKEN"}
        parsed["agent"]["influxdb"] = {"url": influx, "org": ORG, "bucket": BUCKET, "token_env": "STORE_TOKEN"}

    return edit


async def broken_late(ready, portal, data):
    """Let each page of a portal fail as soon as something is stored there."""
    with Journal.open(app.journal_path(data)) as journal:
        while not any(debt.item.portal == portal for debt in journal.debts()):
            await asyncio.sleep(0.05)
    await set_fault(ready, portal, "http500")


async def all_in(data, expected):
    async with asyncio.timeout(WITHIN_S):
        while len(await asyncio.to_thread(kept, data)) < expected:
            await asyncio.sleep(2)


def shown(config, results):
    """All that the agent's server says."""
    at = f"http://127.0.0.1:{load(config).agent.server.port}"
    portals, runs = {one.portal for one in results}, {one.run_id for one in results}
    paths = ["/", "/metrics", "/readyz", "/api/v1/overview", "/api/v1/changes"]
    paths += [f"/{page}/{portal}" for page in ("portals", "api/v1/portals") for portal in portals]
    paths += [f"/{page}/{run}" for page in ("runs", "api/v1/runs") for run in runs]
    answers = {path: request("GET", at + path, Authorization=f"Bearer {READ_TOKEN}") for path in paths}
    assert {status for status, _ in answers.values()} == {200}, {path: one[0] for path, one in answers.items()}
    return {path: body for path, (_, body) in answers.items()}


def points(influx):
    rows = influx.query(f'from(bucket: "{BUCKET}") |> range(start: 0, stop: 2200-01-01T00:00:00Z)')
    return repr(rows).encode()


async def by_hand(config, portal, journey):
    """One run now: its verdict and all that it said."""
    _, out, err = await portalwatch("check", "--config", config, "--portal", portal, "--journey", journey, "--json")
    return json.loads(out)["verdict"], (out + err).encode()


async def test_it_leaves_and_shows_no_secret_and_nothing_personal(tmp_path, monkeypatch):
    seed = random.SystemRandom().randrange(2**31)
    print(f"leaks: seed {seed}")
    monkeypatch.setenv("READ_TOKEN", READ_TOKEN)
    monkeypatch.setenv("STORE_TOKEN", TOKEN)
    data, log, said = tmp_path / "data", tmp_path / "agent.log", {}
    (tmp_path / "influx").mkdir()
    with influxdb(tmp_path / "influx") as influx:
        async with launch(portals=14, seed=seed, faults=["payment=down"], directory=tmp_path / "demo") as ready:
            parts = cast(ready.portals, random.Random(seed))
            for fault in PARTS.keys() - {LATE, "payment"}:
                await set_fault(ready, parts[fault], fault)
            anchor = Clock().now() + timedelta(seconds=10)
            config = configure(ready, tmp_path, edit=watching(parts, influx.url), anchor=anchor)
            expected = len(checks(load(config)))
            agent = await start(config, log)
            await answering(config)
            breaking = asyncio.create_task(broken_late(ready, parts[LATE], data))
            await all_in(data, expected)
            await breaking
            results = kept(data)
            said |= await asyncio.to_thread(shown, config, results)
            await stopped_in_order(agent)
            await set_fault(ready, "vneid", "down")
            down, said["vneid"] = await by_hand(config, parts["login-broken"], "login")
            await set_fault(ready, "vneid", None)
            await set_fault(ready, parts["payment"], "bad-password")
            refused, said["refused"] = await by_hand(config, parts["payment"], "application")
        said |= {"log": log.read_bytes(), "influx": await asyncio.to_thread(points, influx)}
    lived = Lived(data=data, secrets=secrets_of(ready), personal=personal(seed), said=said)
    assert (down, refused) == (Verdict.DEPENDENCY_FAULT, Verdict.ACCOUNT_FAULT)
    untold = [one for one in results if one.attempts < 2 or "trace" not in {item.kind for item in one.evidence}]
    assert untold == [], f"seed {seed}"
    assert b"figure left out" not in said["log"]
    assert lived.leaks() == [], f"seed {seed}"
    assert lived.gossip() == [], f"seed {seed}"
    await it_could_find_them(lived)


async def it_could_find_them(lived):
    """Else the test could not fail: what is planted in an archive and in the journal's details is found."""
    with zipfile.ZipFile(lived.data / "planted.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number, secret in enumerate(lived.secrets):
            archive.writestr(str(number), quote(secret, safe=""))
    planted = replace(kept(lived.data)[0], run_id="planted", console=(*lived.secrets, *lived.personal))
    with Journal.open(app.journal_path(lived.data)) as journal:
        await journal.append([planted])
    places = [name for name, _ in lived.leaks()]
    assert set(places) >= {"details", *(f"planted.zip/{number}" for number in range(len(lived.secrets)))}
    assert len([name for name, form in lived.gossip() if (name, form) == ("details", "raw")]) == len(lived.personal)


def secrets_of(ready):
    own = [getattr(one, what) for one in ready.accounts for what in ("username", "password", "pin", "key_password")]
    return [*own, READ_TOKEN, TOKEN]


def personal(seed):
    return [said for one in accounts(seed) for said in (one.name, one.address, one.phone, one.born)]

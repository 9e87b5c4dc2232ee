"""A changed configuration takes effect whole or not at all, while the agent runs."""

import asyncio
import signal
from datetime import timedelta

import aiohttp
import pytest
import yaml

from agent.model import Cause, Verdict
from demo.launch import launch
from tests.e2e.lab import account_for, answering, brisk, configure, none_left, port_of, start, stopped_in_order


async def metrics(config):
    url = f"http://127.0.0.1:{port_of(config)}/metrics"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return (await response.text()).splitlines()


async def shown(config):
    """The checks that have a verdict now."""
    lines = [line for line in await metrics(config) if line.startswith("portalwatch_slot_timestamp_seconds{")]
    return {(line.split('portal="')[1].split('"')[0], line.split('journey="')[1].split('"')[0]) for line in lines}


async def figure(config, name):
    return next(float(line.split()[-1]) for line in await metrics(config) if line.startswith(f"{name} "))


async def until(condition):
    async with asyncio.timeout(40):
        while not await condition():
            await asyncio.sleep(0.2)


def edit(config, name, change):
    path = config / f"{name}.yaml"
    parsed = yaml.safe_load(path.read_text())
    change(parsed)
    path.write_text(yaml.safe_dump(parsed, allow_unicode=True))


@pytest.fixture
def two_of_three():
    def change(parsed):
        brisk(parsed)
        parsed["portals"]["portals"][2]["enabled"] = False
        parsed["journeys"]["journeys"] = [
            one for one in parsed["journeys"]["journeys"] if one["name"] in {"http", "home"}
        ]

    return change


async def test_it_takes_added_changed_and_removed_checks_without_a_restart(tmp_path, two_of_three):
    log, spread = tmp_path / "agent.log", timedelta(seconds=2)
    async with launch(portals=3, seed=None, faults=[], directory=tmp_path / "demo") as ready:
        config = configure(ready, tmp_path, edit=two_of_three, spread=spread)
        first, second, third = (portal.id for portal in ready.portals)
        agent = await start(config, log)
        await answering(config)

        async def watched(*portals):
            return {portal for portal, _ in await shown(config)} == set(portals)

        await until(lambda: watched(first, second))
        edit(config, "portals", lambda parsed: parsed["portals"][2].update(enabled=True))
        await until(lambda: watched(first, second, third))
        edit(config, "portals", lambda parsed: parsed["portals"][0].update(enabled=False))
        await until(lambda: watched(second, third))
        edit(config, "journeys", lambda parsed: parsed["journeys"][0].update(interval="3s"))
        await asyncio.sleep(4)
        assert await figure(config, "portalwatch_config_last_reload_successful") == 1
        await stopped_in_order(agent)
        await none_left(tmp_path / "data" / "run")
    found, revisions = await asyncio.to_thread(account_for, tmp_path / "data")
    assert len(revisions) == 4
    assert [len(revision.checks) for revision in revisions] == [4, 6, 4, 4]
    assert found[Verdict.PASS, None] > 0


async def test_it_keeps_the_old_configuration_when_the_new_one_is_wrong(tmp_path, two_of_three):
    log = tmp_path / "agent.log"
    async with launch(portals=3, seed=None, faults=[], directory=tmp_path / "demo") as ready:
        config = configure(ready, tmp_path, edit=two_of_three, spread=timedelta(seconds=2))
        agent = await start(config, log)
        await answering(config)

        async def refused():
            return await figure(config, "portalwatch_config_last_reload_successful") == 0

        async def accepted():
            return not await refused()

        await until(lambda: both(config))
        before = await shown(config)
        good = (config / "journeys.yaml").read_text()
        (config / "journeys.yaml").write_text(good.replace("probe: browser", "probe: brower"))
        agent.send_signal(signal.SIGHUP)
        await until(refused)
        emitted = await figure(config, "portalwatch_schedule_emitted_total")

        async def goes_on():
            return await figure(config, "portalwatch_schedule_emitted_total") > emitted

        await until(goes_on)
        assert await shown(config) == before
        (config / "journeys.yaml").write_text(good)
        agent.send_signal(signal.SIGHUP)
        await until(accepted)
        edit(config, "agent", lambda parsed: parsed.update(location="elsewhere"))
        await until(refused)
        await stopped_in_order(agent)
    said = log.read_text()
    assert 'unknown probe "brower"' in said
    assert "agent.yaml: location: can't change while the agent runs" in said
    assert "Traceback" not in said
    _, revisions = await asyncio.to_thread(account_for, tmp_path / "data")
    assert len(revisions) == 1


async def both(config):
    return len(await shown(config)) == 4


def patient(parsed):
    brisk(parsed)
    parsed["journeys"]["journeys"] = [
        {**one, "interval": "40s", "timeouts": {"step": 20, "journey": 25, "run": 39}}
        for one in parsed["journeys"]["journeys"]
        if one["name"] == "home"
    ]


@pytest.mark.parametrize(
    ("grace", "fault", "expected"),
    [("15s", "slow", (Verdict.PASS, None)), ("1s", "hang", (Verdict.MISSED, Cause.STOPPED))],
    ids=["finishes", "is-cut-off"],
)
async def test_it_lets_what_runs_finish_within_the_grace_time(tmp_path, grace, fault, expected):
    def change(parsed):
        patient(parsed)
        parsed["agent"]["shutdown_grace"] = grace

    async with launch(portals=1, seed=None, faults=[f"*={fault}"], directory=tmp_path / "demo") as ready:
        config = configure(ready, tmp_path, edit=change, spread=timedelta(seconds=1))
        agent = await start(config, tmp_path / "agent.log")
        await answering(config)

        async def running():
            return await figure(config, 'portalwatch_workers_busy{lane="browser"}') == 1

        await until(running)
        await asyncio.sleep(1)
        await stopped_in_order(agent)
        await none_left(tmp_path / "data" / "run")
    found, _ = await asyncio.to_thread(account_for, tmp_path / "data")
    assert dict(found) == {expected: 1}

"""What a running agent shows to Prometheus, before and after a restart."""

import asyncio
import subprocess

import aiohttp
import pytest

from agent.sinks import catalogue
from demo.config import JOURNEYS
from demo.launch import launch
from tests.e2e.lab import answering, configure, start, stopped_in_order
from tests.integration.servers import binary, pushgateway


async def fetch(config, path, port=None):
    port = port or int((config / "agent.yaml").read_text().split("port: ")[1].split()[0])
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, await response.text()


def value(text, start):
    found = [line.rsplit(" ", 1)[1] for line in text.splitlines() if line.startswith(start)]
    return float(found[0]) if found else None


async def until_shown(config, start, wanted):
    async with asyncio.timeout(60):
        while True:
            _, text = await fetch(config, "/metrics")
            shown = sum(line.startswith(start) for line in text.splitlines())
            if shown >= wanted:
                return text
            await asyncio.sleep(0.2)


def promtool(text):
    command = [binary("promtool", "prometheus"), "check", "metrics"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


@pytest.fixture
def rare():
    """Every check once at the start and not again for the length of the test."""

    def edit(parsed):
        for journey in parsed["journeys"]["journeys"]:
            journey["interval"] = "30m"

    return edit


async def test_it_shows_every_check_and_shows_it_again_after_a_restart(tmp_path, rare):
    log = tmp_path / "agent.log"
    async with launch(portals=3, seed=None, faults=["bocongan=http500"], directory=tmp_path / "demo") as ready:
        config = configure(ready, tmp_path, edit=rare)
        agent = await start(config, log)
        await answering(config)
        before = await until_shown(config, "portalwatch_up{", 3 * len(JOURNEYS))
        assert (await fetch(config, "/healthz"))[0] == 200
        assert (await fetch(config, "/readyz"))[0] == 200
        assert (await fetch(config, "/nothing-here"))[0] == 404
        await stopped_in_order(agent)
        agent = await start(config, log)
        await answering(config)
        after = await until_shown(config, "portalwatch_up{", 3 * len(JOURNEYS))
        await stopped_in_order(agent)
    checked = await asyncio.to_thread(promtool, before)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
    families = {line.split()[2] for line in before.splitlines() if line.startswith("# TYPE")}
    assert families <= set(catalogue.FAMILIES), families - set(catalogue.FAMILIES)
    gauges = ("portalwatch_up{", "portalwatch_verdict{", "portalwatch_slot_timestamp_seconds{", "portalwatch_http_")
    assert {line for line in before.splitlines() if line.startswith(gauges)} == {
        line for line in after.splitlines() if line.startswith(gauges)
    }
    down = [line for line in before.splitlines() if line.startswith("portalwatch_up{") and line.endswith(" 0.0")]
    assert {line.split('portal="')[1].split('"')[0] for line in down} == {"bocongan"}
    assert value(before, "portalwatch_completeness_ratio") == 1.0
    assert value(before, 'portalwatch_control_up{control="control"}') == 1.0
    assert value(before, 'portalwatch_artefacts_withheld_total{kind="trace",reason="secret"}') == 0.0


async def test_it_pushes_where_nothing_scrapes(tmp_path, rare):
    with pushgateway(tmp_path) as url:

        def pushing(parsed):
            rare(parsed)
            parsed["agent"]["push_gateway"] = {"url": url, "interval": "1s", "job": "hanoi"}

        async with launch(portals=1, seed=None, faults=[], directory=tmp_path / "demo") as ready:
            config = configure(ready, tmp_path, edit=pushing)
            agent = await start(config, tmp_path / "agent.log")
            await answering(config)
            await until_shown(config, "portalwatch_up{", len(JOURNEYS))
            async with asyncio.timeout(30):
                while True:
                    _, pushed = await fetch(config, "/metrics", port=int(url.rsplit(":", 1)[1]))
                    shown = [line for line in pushed.splitlines() if line.startswith("portalwatch_up{")]
                    if len(shown) == len(JOURNEYS):
                        break
                    await asyncio.sleep(0.2)
            await stopped_in_order(agent)
    assert all('job="hanoi"' in line and line.endswith(" 1") for line in shown)

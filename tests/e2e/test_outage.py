"""InfluxDB goes away under load and comes back: every slot is there exactly once, as in the journal."""

import asyncio
import json
import os
from collections import Counter
from datetime import timedelta

from agent.app import journal_path
from agent.clock import Clock, to_millis
from agent.journal import Journal
from demo.launch import launch
from tests.e2e.lab import answering, brisk, configure, none_left, portalwatch, start, stopped_in_order
from tests.integration.servers import BUCKET, ORG, TOKEN, influxdb


def with_influx(url):
    def edit(parsed):
        brisk(parsed)
        parsed["agent"]["influxdb"] = {"url": url, "org": ORG, "bucket": BUCKET, "token_env": "OUTAGE_TOKEN"}

    return edit


def journaled(data):
    with Journal.open(journal_path(data)) as journal:
        far = Clock().now() + timedelta(days=1)
        results = journal.results_between(far - timedelta(days=2), far)
        return Counter((one.portal, one.journey, to_millis(one.slot), one.verdict.value) for one in results)


def stored(influx):
    rows = influx.query(
        f'from(bucket: "{BUCKET}") |> range(start: 0, stop: 2200-01-01T00:00:00Z)'
        ' |> filter(fn: (r) => r._measurement == "slot" and r._field == "verdict")'
    )
    return Counter((row["portal"], row["journey"], to_millis(row["_time"]), row["_value"]) for row in rows)


async def test_it_has_every_slot_exactly_once_after_outages(tmp_path, monkeypatch):
    monkeypatch.setitem(os.environ, "OUTAGE_TOKEN", TOKEN)
    data, log = tmp_path / "data", tmp_path / "agent.log"
    (tmp_path / "influx").mkdir()
    with influxdb(tmp_path / "influx") as influx:
        async with launch(portals=6, seed=None, faults=[], directory=tmp_path / "demo") as ready:
            config = configure(ready, tmp_path, edit=with_influx(influx.url), spread=timedelta(seconds=4))
            status, out, err = await portalwatch("setup", "influxdb", "--config", config)
            assert (status, err) == (0, ""), err
            assert BUCKET in out
            agent = await start(config, log)
            await answering(config)
            await asyncio.sleep(6)
            for _ in range(2):
                await asyncio.to_thread(influx.process.stop)
                await asyncio.sleep(6)
                await asyncio.to_thread(influx.process.start)
                await asyncio.sleep(3)
            await asyncio.to_thread(influx.process.stop)
            await asyncio.sleep(3)
            await stopped_in_order(agent)
            await none_left(data / "run")
        _, out, _ = await portalwatch("outbox", "stats", "--config", config, "--json")
        waiting = json.loads(out)["sinks"]["influxdb"]["waiting"]
        assert waiting > 0
        status, _, err = await portalwatch("outbox", "drain", "--config", config)
        assert status == 2
        assert "Traceback" not in err
        await asyncio.to_thread(influx.process.start)
        status, out, err = await portalwatch("outbox", "drain", "--config", config)
        assert (status, out) == (0, f"{waiting} results delivered\n"), err
        in_journal, in_influx = journaled(data), stored(influx)
    assert in_influx == in_journal
    assert set(in_journal.values()) == {1}
    print(f"{len(in_journal)} slots in the journal, {len(in_influx)} in InfluxDB, {waiting} of them by hand")
    assert TOKEN not in log.read_text()

"""CPU of one HTTPS probe against blackbox_exporter on the same target."""

import asyncio
import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

import aiohttp
import psutil
import yaml

from agent.model import ProbeKind, Timeouts
from bench.figure import Figure, in_turn, ratios, typical
from bench.versions import of_packages, of_program
from demo.launch import launch
from probes.http import HttpProber
from tests.factories import Harmless, check
from tests.integration.servers import binary, free_port

PROBES = 200
ROUNDS = 6


async def measure(folder: Path) -> list[Figure]:
    """User and system time of a whole process for its probes alone, start-up not counted."""
    async with launch(portals=2, seed=1, faults=[], directory=folder / "demo") as ready:
        portal = next(one for one in ready.portals if one.platform == "tiepnhan")
        ours: list[float] = []
        theirs: list[float] = []
        pair = [(_ours, ours), (_blackbox, theirs)]
        for number in range(ROUNDS):
            for spent, noted in in_turn(pair, number):
                noted.append(await spent(portal.base_url, ready.ca, folder))
    return [
        Figure(
            name="http_cpu_ratio",
            what="CPU of one HTTPS probe, all phases, new connection, over blackbox_exporter's",
            unit="",
            values=ratios(ours, theirs),
            at_most=1.0,
            beside={"ours": _ms(ours), "blackbox_exporter": _ms(theirs)},
            versions={**of_packages("pycurl"), "blackbox_exporter": await of_program([_exporter(), "--version"])},
        )
    ]


async def _ours(url: str, ca: Path, _: Path) -> float:
    command = [sys.executable, "-m", "bench.http_cpu", url, str(ca)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    out = (await process.communicate())[0]
    return float(json.loads(out))


async def _blackbox(url: str, ca: Path, folder: Path) -> float:
    at, port = urlsplit(url), free_port()
    module = {
        "prober": "http",
        "timeout": "10s",
        "http": {
            "headers": {"Host": at.netloc},
            "preferred_ip_protocol": "ip4",
            "tls_config": {"ca_file": str(ca), "server_name": at.hostname},
        },
    }
    config = folder / "blackbox.yml"
    config.write_text(yaml.safe_dump({"modules": {"http_2xx": module}}))
    arguments = [f"--config.file={config}", f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]
    process = await asyncio.create_subprocess_exec(_exporter(), *arguments)
    try:
        target = quote(f"https://127.0.0.1:{at.port}/", safe="")
        return await _probed(process.pid, f"http://127.0.0.1:{port}", f"/probe?module=http_2xx&target={target}")
    finally:
        process.terminate()
        await process.wait()


def _exporter() -> str:
    return binary("prometheus-blackbox-exporter", "prometheus-blackbox-exporter")


async def _probed(pid: int, base: str, path: str) -> float:
    async with aiohttp.ClientSession(base) as session:
        await _until_up(session)
        clock = _clock_of(psutil.Process(pid))
        await _ask(session, path)
        before = clock()
        for _ in range(PROBES):
            await _ask(session, path)
        return (clock() - before) / PROBES


async def _ask(session: aiohttp.ClientSession, path: str) -> None:
    async with session.get(path) as answer:
        text = await answer.text()
        if "\nprobe_success 1" not in text:
            raise RuntimeError("blackbox_exporter could not probe the demo portal")


async def _until_up(session: aiohttp.ClientSession) -> None:
    for _ in range(100):
        try:
            async with session.get("/-/healthy"):
                return
        except aiohttp.ClientError:
            await asyncio.sleep(0.05)
    raise RuntimeError("blackbox_exporter did not start")


def _clock_of(process: psutil.Process) -> Callable[[], float]:
    def clock() -> float:
        times = process.cpu_times()
        return float(times.user + times.system)

    return clock


def _ms(values: list[float]) -> str:
    return f"{typical(values) * 1000:.2f} ms"


async def _child(url: str, ca: Path) -> float:
    """Our prober as the agent drives it: asyncio, its own threads; CPU of this process a probe, in seconds."""
    portal = check("bench", "http", probe=ProbeKind.HTTP).portal
    target = type(portal)(
        id=portal.id, kind=portal.kind, platform=portal.platform, name_vi="", name_en="", base_url=url
    )
    of = check("bench", "http", probe=ProbeKind.HTTP, portal=target, timeouts=Timeouts(step=8, journey=10, run=40))
    prober = HttpProber(trust_store=ca, user_agent="portalwatch/bench")
    await prober.attempt(of, folder=Path(), traced=False, safeguards=Harmless())
    before = _own_cpu()
    for _ in range(PROBES):
        attempt = await prober.attempt(of, folder=Path(), traced=False, safeguards=Harmless())
        if attempt.failure is not None:
            raise RuntimeError(f"a healthy portal failed: {attempt.failure}")
    spent = _own_cpu() - before
    prober.close()
    return spent / PROBES


def _own_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(_child(sys.argv[1], Path(sys.argv[2])))))

"""The exposition as Prometheus' own tools take it."""

import subprocess
from collections.abc import Iterable, Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from agent.clock import Clock
from agent.errors import Delivery, DeliveryError
from agent.model import Requirement, Sample
from agent.sinks import catalogue
from agent.sinks.prometheus import PrometheusSink
from tests.integration.servers import binary, free_port, pushgateway, request
from tests.unit.journal.making import NOON, make


class Everything:
    """A part that reports every self figure there is."""

    def samples(self) -> Iterable[Sample]:
        """One sample a family."""
        for family in catalogue.SELF_FAMILIES:
            labels = {label: f'odd "{label}"\\\n' for label in family.labels}
            yield Sample(name=family.name, value=0.5, labels=labels)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pushgateway(tmp_path_factory.mktemp("pushgateway")) as url:
        yield url


@pytest.fixture
async def sink() -> PrometheusSink:
    """Every family filled, for two checks."""
    made = PrometheusSink(sources=[Everything()], clock=Clock(now=lambda: NOON))
    figures = {name: float(number) for number, name in enumerate(catalogue.FIGURES)}
    states = {"SEC-1": Requirement.FULFILLED, "SEC-4": Requirement.UNFULFILLED}
    await made.write([make(portal=portal, metrics=figures, requirements=states) for portal in ("hue", "moh")])
    return made


def promtool(text: bytes) -> tuple[int, str]:
    command = [binary("promtool", "prometheus"), "check", "metrics"]
    done = subprocess.run(command, input=text, capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


async def test_it_passes_promtool_without_a_remark(sink: PrometheusSink) -> None:
    assert promtool(sink.exposition()) == (0, "")


async def test_it_pushes_every_family_to_a_gateway(sink: PrometheusSink, gateway: str) -> None:
    await sink.push(gateway, "portalwatch")
    await sink.push(gateway, "portalwatch")
    status, body = request("GET", f"{gateway}/metrics")
    pushed = {
        (sample.name, frozenset(sample.labels.items()) - {("job", "portalwatch"), ("instance", "")}): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
        if sample.labels.get("job") == "portalwatch" and not sample.name.startswith("push_")
    }
    shown = {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(sink.exposition().decode())
        for sample in family.samples
    }
    assert status == 200
    assert pushed == shown
    assert {name for name, _ in pushed} == set(catalogue.FAMILIES)


async def test_it_says_so_when_there_is_no_gateway(sink: PrometheusSink, gateway: str) -> None:
    with pytest.raises(DeliveryError, match="pushgateway can't be reached") as refused:
        await sink.push(f"http://127.0.0.1:{free_port()}", "portalwatch")
    assert refused.value.kind is Delivery.RETRY
    with pytest.raises(DeliveryError, match="pushgateway answered 404"):
        await sink.push(f"{gateway}/nowhere", "portalwatch")

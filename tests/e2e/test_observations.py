"""What is observed beside the verdict, on both families: each fault unfulfilled, each near-miss fulfilled, all pass."""

import asyncio
import json
import random
from pathlib import Path

import pytest
import yaml

from agent.model import Requirement, Verdict
from agent.sinks.catalogue import unknown_figures
from demo.faults import Fault
from demo.launch import launch, set_fault
from tests.e2e.lab import configure, load, one_cycle

UNMET = {
    Fault.INACCESSIBLE: {("accessibility", "A11Y-1")},
    Fault.INSECURE_COOKIE: {("security", "SEC-5")},
    Fault.MIXED_CONTENT: {("security", "SEC-6")},
    Fault.NO_HSTS: {("hardening", "SEC-4")},
    Fault.WEAK_TLS: {("ciphers", "SEC-1")},
}
ROOT = Path(__file__).parents[2]
PLAYED = [None, *(fault for broken in UNMET for fault in (broken, Fault(f"near-{broken}")))]
LOOKED_AT = ("accessibility", "security", "hardening", "ciphers")


@pytest.fixture(scope="module")
def seed():
    drawn = random.SystemRandom().randrange(2**31)
    print(f"demo seed {drawn}")
    return drawn


def only_these(parsed):
    parsed["journeys"]["journeys"] = [one for one in parsed["journeys"]["journeys"] if one["name"] in LOOKED_AT]


def two_families(path):
    """As many portals as are needed, formio's and tiepnhan's in turn."""
    rows = yaml.safe_load((ROOT / "config" / "portals.yaml").read_text())["portals"][: 2 * len(PLAYED)]
    for number, row in enumerate(rows):
        row["platform"] = ("formio", "tiepnhan")[number % 2]
    path.write_text(yaml.safe_dump({"portals": rows}, allow_unicode=True))
    return path


def cast(portals):
    families = {name: [one.id for one in portals if one.platform == name] for name in ("formio", "tiepnhan")}
    return dict(zip(PLAYED, zip(families["formio"], families["tiepnhan"], strict=False), strict=False))


@pytest.fixture(scope="module")
def cycle(tmp_path_factory, seed):
    """One slot of every check that observes, with each fault planted on one portal of each family."""
    folder = tmp_path_factory.mktemp("observations")
    parts, seen = asyncio.run(play(folder, seed))
    return parts, seen, folder / "data" / "evidence"


async def play(folder, seed):
    portals = two_families(folder / "portals.yaml")
    async with launch(portals=None, seed=seed, faults=[], directory=folder / "demo", portals_file=portals) as ready:
        parts = cast(ready.portals)
        for fault, pair in parts.items():
            for portal in pair if fault else ():
                await set_fault(ready, portal, fault.value)
        config = load(configure(ready, folder, edit=only_these))
        return parts, (await one_cycle(config)).by_check()


def noticed(result, evidence: Path):
    """The findings of a result's only file of findings."""
    (item,) = [one for one in result.evidence if one.kind in {"accessibility", "security"}]
    return json.loads((evidence / item.path).read_text())["findings"]


@pytest.mark.parametrize("fault", PLAYED)
def test_it_observes_a_fault_and_blames_nobody(cycle, fault):
    parts, seen, _ = cycle
    for portal in parts[fault]:
        for journey in LOOKED_AT:
            result = seen[portal, journey]
            assert result.verdict is Verdict.PASS, result
            for name, state in result.requirements.items():
                unmet = (journey, name) in UNMET.get(fault, set())
                assert name == "PRF-1" or state is (Requirement.UNFULFILLED if unmet else Requirement.FULFILLED), (
                    fault,
                    result.platform,
                    name,
                    state,
                )


def test_it_names_the_rules_that_an_inaccessible_page_breaks(cycle):
    parts, seen, evidence = cycle
    for portal in parts[Fault.INACCESSIBLE]:
        result = seen[portal, "accessibility"]
        grave = {(one["place"], one["rule"]) for one in noticed(result, evidence) if one["requirement"] == "A11Y-1"}
        pages = ("home", "results", "procedure", "login-page", "lookup", "feedback")
        assert grave == {(page, rule) for page in pages for rule in ("image-alt", "label", "color-contrast")}
        assert (result.metrics["axe_critical"], result.metrics["axe_serious"]) == (12, 6)


def test_it_counts_what_troubles_few_and_keeps_it_out_of_the_requirement(cycle):
    parts, seen, evidence = cycle
    for portal in parts[Fault.NEAR_INACCESSIBLE]:
        result = seen[portal, "accessibility"]
        assert (result.metrics["axe_critical"], result.metrics["axe_serious"]) == (0, 0)
        assert (result.metrics["axe_moderate"], result.metrics["axe_minor"]) == (6, 6)
        assert {one["requirement"] for one in noticed(result, evidence)} == {""}


def test_it_names_the_flags_that_a_session_lacks(cycle):
    parts, seen, evidence = cycle
    for portal in parts[Fault.INSECURE_COOKIE]:
        result = seen[portal, "security"]
        assert [one["rule"] for one in noticed(result, evidence)] == ["cookie-secure", "cookie-httponly"]
        assert (result.metrics["cookies"], result.metrics["cookies_flawed"]) == (1, 1)
    for portal in parts[Fault.NEAR_INSECURE_COOKIE]:
        result = seen[portal, "security"]
        assert (result.metrics["cookies"], result.metrics["cookies_flawed"]) == (2, 0)


def test_it_tells_what_a_page_loads_over_http_from_what_it_links_to(cycle):
    parts, seen, evidence = cycle
    for portal in parts[Fault.MIXED_CONTENT]:
        result = seen[portal, "security"]
        told = {(one["rule"], one["place"].rsplit("/", 1)[1]) for one in noticed(result, evidence)}
        assert told == {("mixed-active", "dem.js"), ("mixed-passive", "banner.png")}
        assert result.metrics["mixed_active"] > 0
        assert result.metrics["mixed_passive"] > 0
    for portal in parts[Fault.NEAR_MIXED_CONTENT]:
        assert noticed(seen[portal, "security"], evidence) == []


def test_it_tells_versions_from_ciphers(cycle):
    parts, seen, evidence = cycle
    for portal in parts[Fault.WEAK_TLS]:
        result = seen[portal, "ciphers"]
        told = {(one["rule"], one["place"]) for one in noticed(result, evidence) if one["weight"] == "unmet"}
        assert told == {("tls-version", "TLS 1.0"), ("tls-version", "TLS 1.1")}
        assert (result.metrics["tls10_offered"], result.metrics["tls13_offered"]) == (1, 1)
    for portal in parts[Fault.NEAR_WEAK_TLS]:
        assert noticed(seen[portal, "ciphers"], evidence) == []
        assert seen[portal, "ciphers"].metrics["tls13_offered"] == 0


def test_it_says_which_header_is_lacking(cycle):
    parts, seen, evidence = cycle
    for portal in parts[Fault.NO_HSTS]:
        unmet = [one["rule"] for one in noticed(seen[portal, "hardening"], evidence) if one["weight"] == "unmet"]
        assert "hsts" in unmet
        assert seen[portal, "hardening"].metrics["hsts_s"] == 0


def test_it_measures_nothing_that_the_catalogue_of_metrics_lacks(cycle):
    _, seen, _ = cycle
    assert unknown_figures(seen.values()) == set()

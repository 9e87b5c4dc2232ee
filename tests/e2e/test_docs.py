"""What the documents show is run: the journey of write-a-journey.md, the commands of the README."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from demo.launch import launch
from tests.e2e.lab import configure, portalwatch

ROOT = Path(__file__).parents[2]
GROUPS = {"account", "ledger", "outbox", "session", "setup"}
GUIDE = (ROOT / "docs" / "write-a-journey.md").read_text()
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)


def build(tree):
    """A copy of the code with the guide's files in it, registered as the guide says."""
    for package in ("agent", "probes", "demo", "config"):
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    for block in blocks("python"):
        named = re.match(r"# (probes/\S+\.py)\n", block)
        if named:
            (tree / named[1]).write_text(block.removeprefix(named[0]))
    registry = tree / "probes" / "__init__.py"
    text = registry.read_text().replace("    home,\n", "    feedback,\n    home,\n")
    registry.write_text(
        text.replace('    "home": home.JOURNEY,', '    "feedback": feedback.JOURNEY,\n    "home": home.JOURNEY,')
    )


async def test_it_runs_the_journey_of_the_guide_on_two_families(tmp_path):
    tree = tmp_path / "tree"
    build(tree)
    entry = yaml.safe_load(blocks("yaml")[0])

    def scheduled(parsed):
        parsed["journeys"]["journeys"] += entry

    async with launch(portals=2, seed=None, faults=[], directory=tmp_path / "demo") as ready:
        config = configure(ready, tmp_path, edit=scheduled)
        for portal in ready.portals:
            check = ("check", "--config", config, "--portal", portal.id, "--journey", "feedback", "--json")
            status, out, err = await portalwatch(*check, tree=tree)
            assert status == 0, out + err
            assert '"FBK-1": "fulfilled"' in out


def commands():
    """Every ``portalwatch …`` line that a page shows as a command."""
    for page in PAGES:
        for line in re.findall(r"^(?: {4}|\$ )(portalwatch [^\n#]+)", page.read_text(), re.MULTILINE):
            yield pytest.param(line.strip().split()[1:], id=f"{page.name}: {line.strip()}")


@pytest.mark.parametrize("words", list(commands()))
async def test_it_shows_only_commands_and_options_that_exist(words):
    names = [word for word in words if not word.startswith("-")]
    command = names[:2] if names[0] in GROUPS else names[:1]
    status, out, _ = await portalwatch(*command, "--help")
    assert status == 0
    for option in (word for word in words if word.startswith("--")):
        assert option in out, option


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_it_links_only_to_what_is_there(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        assert target.startswith("http") or (page.parent / target).exists(), target

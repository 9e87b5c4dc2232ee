"""``portalwatch verify-pdf`` as a user types it, against a signing PKI on loopback."""

import json
from pathlib import Path
from shutil import copytree

import pytest
import yaml

from demo.signing import Level, Signer
from demo.signing.tamper import Tampering, tamper
from tests.e2e.lab import portalwatch
from tests.integration.pki_lab import PDF, serving

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def pki():
    async with serving() as made:
        yield made


@pytest.fixture
def config(pki, tmp_path):
    """The shipped configuration with both roots, allowed to ask this machine."""
    folder = tmp_path / "config"
    copytree(ROOT / "config", folder)
    stores = []
    for name, root in (("national", pki.national_root), ("government", pki.government_root)):
        (tmp_path / f"{name}.pem").write_bytes(root)
        stores.append({"name": name, "file": str(tmp_path / f"{name}.pem")})
    agent = {"signatures": {"trust_stores": stores, "fetch_hosts": ["127.0.0.1"]}}
    (folder / "agent.yaml").write_text(yaml.safe_dump(agent))
    return folder


@pytest.fixture
def here(pki, tmp_path, monkeypatch):
    """A current directory with a root and an unsigned file, and no configuration."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "root.pem").write_bytes(pki.national_root)
    (tmp_path / "plain.pdf").write_bytes(PDF)
    return tmp_path


async def test_it_passes_a_valid_file_only(pki, config, tmp_path):
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(await pki.sign(PDF, signer=Signer.OFFICIAL))
    bad.write_bytes(tamper(good.read_bytes(), Tampering.TEXT))

    status, out, err = await portalwatch("verify-pdf", good, "--config", config, "--json")
    report = json.loads(out)
    assert (status, err, report["state"], report["reasons"]) == (0, "", "valid", [])
    (signature,) = report["signatures"]
    assert (signature["trust_store"], signature["level"], signature["hash"]) == ("government", "B-T", "sha256")
    assert signature["time_proven"]
    assert signature["days_left"] > 364

    status, out, err = await portalwatch("verify-pdf", bad, "--config", config)
    assert (status, err) == (1, "")
    assert out.startswith(f"invalid {bad}\n  the signed bytes were changed (digest_mismatch)\n")
    assert "official" not in out
    assert "Thử Nghiệm" not in out


async def test_it_needs_no_configuration(pki, here):
    (here / "signed.pdf").write_bytes(await pki.sign(PDF, signer=Signer.PERSON, level=Level.B_LT))
    status, out, err = await portalwatch("verify-pdf", "signed.pdf", "--trust", "mine=root.pem")
    assert (status, err) == (0, "")
    assert "mine" in out
    assert "B-LT" in out
    status, out, _ = await portalwatch("verify-pdf", "plain.pdf", "--trust", "mine=root.pem", "--json")
    assert (status, json.loads(out)) == (1, {"state": "unsigned", "reasons": ["unsigned"], "signatures": []})


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("missing.pdf", "--trust", "a=root.pem"), "missing.pdf: No such file or directory"),
        ((".", "--trust", "a=root.pem"), ".: Is a directory"),
        (("plain.pdf",), "no trust store: name one as signatures.trust_stores in agent.yaml, or with --trust"),
        (("plain.pdf", "--trust", "root.pem"), "--trust: must be NAME=PEM, got root.pem"),
        (("plain.pdf", "--trust", "a=nowhere.pem"), "trust store a: nowhere.pem: No such file or directory"),
        (("plain.pdf", "--trust", "a=plain.pdf"), "trust store a: plain.pdf: not a file of certificates"),
        (("plain.pdf", "--config", "nowhere"), "nowhere: must be a folder"),
    ],
)
@pytest.mark.usefixtures("here")
async def test_it_answers_a_mistake_with_a_sentence(arguments, says):
    status, out, err = await portalwatch("verify-pdf", *arguments)
    assert (status, out) == (2, "")
    assert err.startswith(says)
    assert len(err.splitlines()) == 1

"""Test accounts: their secrets come from the environment, and each portal gets one of each holder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.config import Config, accounts, accounts_for, digest
from agent.errors import ConfigError
from agent.model import Holder

Load = Callable[..., Config]

AGENT = """\
operator: {contact: ops@example.vn}
accounts:
  - name: one
    holder: person
    portals: [hanoi]
    username_env: ONE
    password_env: ONE_PASSWORD
    pin_env: ONE_PIN
    key: {file: one.p12, password_env: ONE_KEY}
  - {name: two, holder: person, portals: [tuphap], username_env: TWO, password_env: TWO_PASSWORD}
  - {name: company, holder: organisation, username_env: CO, password_env: CO_PASSWORD}
"""
SECRETS = {
    "ONE": "079012345678",
    "ONE_PASSWORD": "pass-1",
    "ONE_PIN": "135790",
    "ONE_KEY": "key-1",
    "TWO": "079087654321",
    "TWO_PASSWORD": "pass-2",
    "CO": "0312345678",
    "CO_PASSWORD": "pass-3",
}


@pytest.fixture
def config(good_load: Load, tmp_path: Path) -> Config:
    (tmp_path / "one.p12").write_bytes(b"\x30\x82")
    return good_load(agent=AGENT, environ=SECRETS)


def test_it_gives_a_portal_its_account_of_each_holder(config: Config) -> None:
    found = accounts_for(config, "hanoi")
    assert {holder: account.name for holder, account in found.items()} == {
        Holder.PERSON: "one",
        Holder.ORGANISATION: "company",
    }
    one = found[Holder.PERSON]
    assert (one.username, one.password, one.pin) == ("079012345678", "pass-1", "135790")
    assert (one.key, one.key_password) == (b"\x30\x82", "key-1")
    assert accounts_for(config, "tuphap")[Holder.PERSON].name == "two"


def test_it_leaves_empty_what_an_account_lacks(config: Config) -> None:
    company = accounts(config)[-1]
    assert (company.pin, company.key, company.key_password) == ("", b"", "")


def test_it_knows_every_secret_and_shows_none(config: Config) -> None:
    assert set(config.secrets()) == set(SECRETS.values())
    shown = (repr(config), config.model_dump_json(), digest(config), *map(repr, accounts(config)))
    assert [text for text in shown for secret in SECRETS.values() if secret in text] == []


@pytest.mark.parametrize("content", [b"", b"x" * 100_001])
def test_it_refuses_a_key_that_can_be_none(content: bytes, good_load: Load, tmp_path: Path) -> None:
    (tmp_path / "one.p12").write_bytes(content)
    with pytest.raises(ConfigError, match=r"accounts\[0\]\.key\.file: must be a file that can be read"):
        good_load(agent=AGENT, environ=SECRETS)


@pytest.mark.parametrize("value", ["hunter2", "aGVsbG8=", "A" * 43])
def test_it_refuses_a_session_key_of_another_size_and_does_not_repeat_it(value: str, good_load: Load) -> None:
    agent = "operator: {contact: ops@example.vn}\nsessions: {key_env: K}\n"
    with pytest.raises(ConfigError, match=r"sessions\.key_env: must name a secret of 32 bytes in base64") as caught:
        good_load(agent=agent, environ={"K": value})
    assert value not in str(caught.value)


def test_it_decodes_the_session_key(good_load: Load) -> None:
    agent = "operator: {contact: ops@example.vn}\nsessions: {key_env: K}\n"
    config = good_load(agent=agent, environ={"K": "A" * 43 + "="})
    assert config.session_key() == bytes(32)
    assert good_load(agent="operator: {contact: ops@example.vn}\n").session_key() is None

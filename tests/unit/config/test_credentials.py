from collections.abc import Callable
from pathlib import Path

import pytest

from agent.config import Config, digest
from agent.errors import ConfigError

Load = Callable[..., Config]

AGENT = """\
operator: {contact: ops@example.vn}
influxdb: {url: "http://127.0.0.1:8086", org: o, bucket: b}
"""


def test_it_takes_a_secret_from_the_environment(good_load: Load) -> None:
    config = good_load(agent=AGENT, environ={"INFLUXDB_TOKEN": "s3cret"})
    assert config.token("INFLUXDB_TOKEN") == "s3cret"
    assert config.secrets() == ("s3cret",)


def test_it_takes_a_secret_from_a_file(good_load: Load, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret\n", encoding="utf-8")
    config = good_load(agent=AGENT, environ={"INFLUXDB_TOKEN_FILE": str(tmp_path / "token")})
    assert config.secrets() == ("s3cret",)


def test_it_knows_another_name(good_load: Load) -> None:
    agent = AGENT.replace("bucket: b", "bucket: b, token_env: OURS")
    assert good_load(agent=agent, environ={"OURS": "s3cret"}).token("OURS") == "s3cret"


def test_it_needs_no_secret_that_nothing_names(good_load: Load) -> None:
    assert good_load(environ={"INFLUXDB_TOKEN": "s3cret"}).secrets() == ()


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe", None])
def test_it_tells_of_an_unusable_file_and_not_its_path(content: bytes | None, good_load: Load, tmp_path: Path) -> None:
    path = tmp_path / "hunter2"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"token_env: must name a secret .* INFLUXDB_TOKEN_FILE names") as caught:
        good_load(agent=AGENT, environ={"INFLUXDB_TOKEN_FILE": str(path)})
    assert "hunter2" not in str(caught.value)


def test_it_shows_no_secret(good_load: Load) -> None:
    config = good_load(agent=AGENT, environ={"INFLUXDB_TOKEN": "s3cret"})
    shown = (repr(config), str(config), repr(config.tokens), config.model_dump_json(), str(config.model_dump()))
    assert not any("s3cret" in text for text in (*shown, digest(config)))


def test_it_takes_a_secret_from_the_folder_of_secrets(good_load: Load, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "INFLUXDB_TOKEN").write_text("s3cret\n", encoding="utf-8")
    agent = f"{AGENT}secrets_dir: secrets\n"
    assert good_load(agent=agent).secrets() == ("s3cret",)
    assert good_load(agent=agent, environ={"INFLUXDB_TOKEN": "nearer"}).secrets() == ("nearer",)


def test_it_takes_a_file_that_the_environment_names_before_the_folder(good_load: Load, tmp_path: Path) -> None:
    (tmp_path / "INFLUXDB_TOKEN").write_text("folder", encoding="utf-8")
    (tmp_path / "named").write_text("named", encoding="utf-8")
    environ = {"INFLUXDB_TOKEN_FILE": str(tmp_path / "named")}
    assert good_load(agent=f"{AGENT}secrets_dir: .\n", environ=environ).secrets() == ("named",)

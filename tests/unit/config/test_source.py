from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from agent.config.source import LARGEST, Source, read, resolve


def _read(folder: Path, text: str | bytes) -> Source:
    path = folder / "x.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(path)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None), ("12", 12), ("-3", -3), ("1.5", 1.5),
        ("1e3", 1000.0), ("no", "no"), ("yes", "yes"), ("on", "on"), ("22:00", "22:00"), ("0123", "0123"),
        ("0x10", "0x10"), ("1_000", "1_000"), ("2026-04-05", "2026-04-05"), ("9" * 30, "9" * 30), (".inf", ".inf"),
        ("\u0663", "\u0663"),
    ],
)  # fmt: skip
def test_it_resolves_only_what_json_knows(written: str, value: object) -> None:
    assert resolve(written) == value
    assert type(resolve(written)) is type(value)


def test_it_leaves_quoted_text_alone(tmp_path: Path) -> None:
    assert _read(tmp_path, "a: '12'\nb: \"true\"\nc: |\n  null").data == {"a": "12", "b": "true", "c": "null"}


def test_it_remembers_lines(tmp_path: Path) -> None:
    source = _read(tmp_path, "a:\n  - b: 1\n    c:\n      d: 2\n  - {e: 3,\n     f: 4}\n")
    assert source.line(("a", 0, "c", "d")) == 4
    assert source.line(("a", 1, "f")) == 6
    assert source.line(("a", 0, "absent", "deeper")) == 2
    assert source.line(("absent",)) == 1


def test_it_names_the_line_of_an_alias_where_it_is_used(tmp_path: Path) -> None:
    source = _read(tmp_path, "a: &limits\n  step: 1\nb: *limits\n")
    assert source.data == {"a": {"step": 1}, "b": {"step": 1}}
    assert source.line(("b",)) == 3


def test_it_reads_a_byte_order_mark_away(tmp_path: Path) -> None:
    assert _read(tmp_path, b"\xef\xbb\xbfa: 1").data == {"a": 1}


def test_it_ends_aliases_of_aliases(tmp_path: Path) -> None:
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    text += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
    assert f"must hold at most {LARGEST} values" in _read(tmp_path, text).broken


def test_it_ends_deep_nesting(tmp_path: Path) -> None:
    assert "nested too deeply" in _read(tmp_path, "[" * 5_000).broken


@given(text=st.text(max_size=200) | st.binary(max_size=200) | st.text("[]{}:,-&*!|>'\"#%@ \n\tab0", max_size=80))
def test_it_reads_anything_without_raising(tmp_path_factory: pytest.TempPathFactory, text: str | bytes) -> None:
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    source = _read(tmp_path_factory.getbasetemp(), content)
    assert (source.data is None) == bool(source.broken)
    assert source.line(()) >= 1

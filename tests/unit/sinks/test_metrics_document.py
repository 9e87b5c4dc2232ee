"""``docs/metrics.md`` says exactly what the catalogue says."""

from collections.abc import Iterable
from pathlib import Path

from agent.sinks import catalogue
from agent.sinks.catalogue import CHECK_LABELS, Family

DOCUMENT = Path(__file__).parents[3] / "docs" / "metrics.md"


def tables() -> dict[str, list[tuple[str, ...]]]:
    """The rows of each table by the heading above it, the head of the table left out."""
    found: dict[str, list[tuple[str, ...]]] = {}
    heading = ""
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("|"):
            found.setdefault(heading, []).append(tuple(cell.strip() for cell in line.strip("|").split("|")))
    return {heading: rows[2:] for heading, rows in found.items()}


def code(*names: str) -> str:
    return ", ".join(f"`{name}`" for name in names)


def beside_those_of_a_check(labels: tuple[str, ...]) -> tuple[str, ...]:
    count = len(CHECK_LABELS)
    return labels[count:] if labels[:count] == CHECK_LABELS else labels


def rows(families: Iterable[Family]) -> list[tuple[str, ...]]:
    return [
        (
            code(family.name),
            family.type.value,
            family.unit,
            code(*beside_those_of_a_check(family.labels)),
            family.help,
        )
        for family in families
    ]


def test_it_lists_every_metric_of_a_check_and_of_the_agent() -> None:
    assert tables()["Of a check"] == rows(catalogue.CHECK_FAMILIES)
    assert tables()["Of the agent itself"] == rows(catalogue.SELF_FAMILIES)


def test_it_lists_every_figure_with_its_conversion() -> None:
    probes = {"http": catalogue.HTTP_FIGURES, "tls": catalogue.TLS_FIGURES, "browser": catalogue.BROWSER_FIGURES}
    assert tables()["Figures of the probes"] == [
        (
            code(figure.family.name),
            code(figure.name),
            probe,
            figure.family.unit,
            "" if figure.scale == 1 else f"{figure.scale:g}",
            figure.family.help,
        )
        for probe, figures in probes.items()
        for figure in figures
    ]


def test_it_lists_every_field_of_every_point() -> None:
    for measurement in catalogue.MEASUREMENTS.values():
        assert tables()[code(measurement.name)] == [
            (code(field.name), field.type, field.help) for field in measurement.fields
        ]


def test_it_lists_nothing_twice() -> None:
    names = [row[0] for heading, rows in tables().items() if not heading.startswith("`") for row in rows]
    assert sorted(names) == sorted(code(name) for name in catalogue.FAMILIES)
    assert len(catalogue.FIGURES) == sum(
        len(group) for group in (catalogue.HTTP_FIGURES, catalogue.TLS_FIGURES, catalogue.BROWSER_FIGURES)
    )

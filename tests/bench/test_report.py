"""Rows as tables of the documentation."""

from collections.abc import Sequence
from pathlib import Path

from docutils.core import publish_doctree
from docutils.nodes import entry, row

from scripts.benchmarks.measuring import Cell
from scripts.benchmarks.report import write_rst
from scripts.benchmarks.rows import Row, Unit

PAGE = Row("page", "nginx", Unit.CPU, 12.25, 12.0, "alone", cells=(Cell("nginx", 9, 12.25), Cell("alone", 9, 12.0)))


def read_tables(tmp_path: Path, rows: Sequence[Row]) -> list[list[str]]:
    """The lines of all tables, each as the texts of its cells."""
    write_rst(tmp_path / "rows.rst", rows, ["a processor", "seed 1"])
    document = publish_doctree((tmp_path / "rows.rst").read_text(), settings_overrides={"halt_level": 2})
    return [[cell.astext() for cell in line.findall(entry)] for line in document.findall(row)]


def test_what_is_measured_of_each_column_stands_side_by_side(tmp_path: Path) -> None:
    rows = [
        Row("list", "1 process", Unit.CPU, 9.31, column="sqlite"),
        Row("list", "1 process", Unit.RATE, 184.2, column="sqlite"),
        Row("list", "2 processes", Unit.CPU, None, failure="nothing", column="sqlite"),
        Row("list", "1 process", Unit.CPU, 11.8, column="mariadb"),
        Row("list", "1 process", Unit.DATABASE, 3.24, column="mariadb"),
        Row("list", "1 process", Unit.RATE, 99.0, column="mariadb"),
    ]
    assert read_tables(tmp_path, rows) == [
        ["Workload", "Kind", "sqlite", "mariadb"],
        ["list", "1 process", "9.3, 184/s", "11.8 + 3.2, 99.0/s"],
        ["list", "2 processes", "failed", ""],
    ]


def test_columns_without_content_are_left_out(tmp_path: Path) -> None:
    assert read_tables(tmp_path, [PAGE]) == [
        ["Workload", "Kind", "Ours", "alone", "Ratio"],
        ["page", "nginx", "12.2", "12.0", "1.02"],
    ]


def test_units_are_told_where_there_are_several(tmp_path: Path) -> None:
    sent = Row("bytes", "page", Unit.BYTES, 5800, 23200, "not compressed")
    assert read_tables(tmp_path, [PAGE, sent]) == [
        ["Workload", "Kind", "Unit", "Ours", "alone", "not compressed", "Ratio"],
        ["page", "nginx", "ms CPU", "12.2", "12.0", "", "1.02"],
        ["bytes", "page", "bytes sent", "5800", "", "23200", "0.25"],
    ]


def test_an_incomplete_answer_has_no_figure(tmp_path: Path) -> None:
    lacking = Row("page", "nginx", Unit.CPU, 12.25, cells=(Cell("nginx", 9, 12.25), Cell("alone", lack="a line")))
    assert read_tables(tmp_path, [lacking])[1] == ["page", "nginx", "12.2", "incomplete"]

"""Comma-separated values as a table."""

import pytest
from bs4 import BeautifulSoup

from kallithea.core.words import number
from kallithea.render.document import Rendering, find_form, render_document
from kallithea.render.safe_html import DocumentLinks
from kallithea.render.table_html import MOST_COLUMNS, MOST_ROWS

LINKS = DocumentLinks("", lambda path: path, lambda path: path)


def render(text: str) -> Rendering:
    form = find_form("a.csv")
    assert form is not None
    return render_document(text, form, LINKS)


def rows(text: str) -> list[list[str]]:
    page = BeautifulSoup(render(text).html or "", "html.parser")
    return [[cell.text for cell in row.select("th, td")] for row in page.select("tr")]


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]]),
        ("a\tb\n1\t2", [["a", "b"], ["1", "2"]]),
        ("a|b\n1|2\n", [["a", "b"], ["1", "2"]]),
        ('"a;;;",b\n"x ""y""\nz",2\n', [["a;;;", "b"], ['x "y"\nz', "2"]]),
        ("one\ntwo\n", [["one"], ["two"]]),
        ("a,b\n\n1\n", [["a", "b"], ["1", ""]]),
        ("a\n1,2,3\n4,5\n", [["a", "", ""], ["1", "2", "3"], ["4", "5", ""]]),
        ("<b>,&amp;\n", [["<b>", "&amp;"]]),
    ],
)
def test_cells(text: str, table: list[list[str]]) -> None:
    assert rows(text) == table
    assert render(text).note == ""


def test_a_line_end_within_a_cell_is_one() -> None:
    assert "<td>one<br>\ntwo</td>" in str(render('a,b\n"one\r\ntwo",<br>\n').html)


def test_the_first_row_is_the_head() -> None:
    html = render("a,b\n1,2\n").html
    assert html is not None
    assert '<thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>' in html


def test_rows_and_columns_are_bounded() -> None:
    found = render("n\n" + "1\n" * MOST_ROWS)
    assert found.note == ""
    assert f"first {number(MOST_ROWS)} rows" in render("n\n" + "1\n" * (MOST_ROWS + 1)).note
    assert len(rows("n\n" + "1\n" * (MOST_ROWS + 500))) == MOST_ROWS + 1
    wide = ",".join(map(str, range(MOST_COLUMNS + 1)))
    assert f"{MOST_COLUMNS} columns" in render(wide).note
    assert len(rows(wide)[0]) == MOST_COLUMNS


def test_a_field_without_end_is_no_table() -> None:
    found = render('"' + "x" * 200_000)
    assert found.html is None
    assert "cannot be read" in found.note

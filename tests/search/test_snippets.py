"""The lines that are shown of a text, and what is marked in them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kallithea.search import snippets
from kallithea.search.parser import parse_query
from kallithea.search.query import QueryError
from kallithea.search.snippets import LONGEST_LINE, make_snippet, mark

TEXT = "\n".join(f"line {number}" for number in range(1, 31)).replace("line 10", "read_file(HTTPServer)")


def marked(text: str, query: str) -> list[str]:
    return [piece.text for piece in mark(text, parse_query(query)) if piece.found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("read", ["read", "Read"]),
        ("read_file", ["read_file"]),
        ("file", ["file", "File"]),
        ("fil", []),
        ("fi*", ["fi", "Fi"]),
        ("*ad_fi*", ["ad_fi"]),
        ('"x read_file"', ["x read_file"]),
        ("x -read", ["x"]),
        (r"/r\w+_/", ["read_"]),
        ("read read_file", ["read_file", "Read"]),
    ],
)
def test_what_is_marked(query: str, expected: list[str]) -> None:
    assert marked("x read_file ReadFile reads", query) == expected


def test_lines_come_with_their_neighbours_and_numbers() -> None:
    snippet = make_snippet(TEXT, parse_query("httpserver OR 20"))
    assert [line.number for line in snippet.lines] == [9, 10, 11, 19, 20, 21]
    assert [line.number for line in snippet.lines if line.first] == [19]
    assert (snippet.matches, snippet.more_lines) == (2, 0)


def test_of_many_lines_the_first_are_shown_and_the_others_counted() -> None:
    snippet = make_snippet("same\n" * 40, parse_query("same"))
    assert len(snippet.lines) <= 12
    assert snippet.more_lines == 40 - len(snippet.lines)
    assert snippet.matches == 40


def test_a_long_line_is_cut_around_what_was_found() -> None:
    (line,) = make_snippet("x " * 5_000 + "needle" + " y" * 5_000, parse_query("needle")).lines
    assert "needle" in [piece.text for piece in line.pieces if piece.found]
    assert sum(len(piece.text) for piece in line.pieces) <= LONGEST_LINE + 2


@pytest.mark.parametrize("query", ["e", "e1*", "/(zq)*/"])
def test_only_so_many_places_of_a_text_are_tried(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snippets, "_MOST_TRIED", 20)
    for places, found in ((3, 1), (50, 0)):
        assert make_snippet("xe1 " * places + "e e1 zq", parse_query(query)).matches == found


def test_nothing_is_looked_for_when_time_is_over() -> None:
    assert make_snippet(TEXT, parse_query("line"), deadline=time.monotonic()).matches == 0


@given(st.text(alphabet="ab_A é\n\r1", max_size=80), st.text(alphabet="ab_A*é1", min_size=1, max_size=5))
def test_nothing_is_lost_of_the_lines_that_are_shown(text: str, query: str) -> None:
    try:
        node = parse_query(query)
    except QueryError:
        return
    lines = text.split("\n")
    for line in make_snippet(text, node).lines:
        assert "".join(piece.text for piece in line.pieces) == lines[line.number - 1].rstrip("\r")

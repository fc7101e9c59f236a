"""Hunks as rows of HTML."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kallithea.render import diff_html
from kallithea.render.diff_html import DiffRenderer, Layout
from kallithea.render.diff_lines import changed_blocks, read_lines, side_by_side


@dataclass(frozen=True)
class Hunk:
    text: bytes
    old_start: int = 1
    old_lines: int = 1
    new_start: int = 1
    new_lines: int = 1
    section: bytes = b""


@dataclass(frozen=True)
class Row:
    """A row as it was rendered: the class of the row, the numbers, the sign, the code."""

    kind: str
    numbers: tuple[str, str]
    sign: str
    code: str


_ROW = re.compile(
    '<tr(?: class="(.*?)")? id="f1-.*?"><td class="ln">(.*?)</td><td class="ln">(.*?)</td>'
    '<td class="mk">(.|&minus;)</td><td class="src">(.*)</td></tr>\n'
)


def render(*lines: bytes, name: str = "x.txt", layout: Layout = Layout.UNIFIED) -> str:
    hunk = Hunk(b"".join(line + b"\n" for line in lines))
    return str(DiffRenderer(("utf-8",), layout).render([hunk], name, "f1"))


def rows(*lines: bytes, name: str = "x.txt") -> list[Row]:
    found = _ROW.findall(render(*lines, name=name))
    return [Row(kind, (old, new), sign, code) for kind, old, new, sign, code in found]


def test_rows_have_numbers_signs_and_addresses() -> None:
    html = render(b" a", b"-b", b"+c", b" d")
    assert [(row.kind, row.numbers, row.sign, row.code) for row in rows(b" a", b"-b", b"+c", b" d")] == [
        ("", ("1", "1"), " ", "a"),
        ("del", ("2", ""), "&minus;", "b"),
        ("add", ("", "2"), "+", "c"),
        ("", ("3", "3"), " ", "d"),
    ]
    assert re.findall('id="(.*?)"', html) == ["f1-n1", "f1-o2", "f1-n2", "f1-n3"]


def test_changed_words_are_marked() -> None:
    old, new = rows(b"-the quick brown fox", b"+the quick red fox")
    assert (old.code, new.code) == ("the quick <del>brown</del> fox", "the quick <ins>red</ins> fox")


def test_a_deeper_line_shows_only_the_added_blanks() -> None:
    _, new = rows(b"-  return x", b"+    return x")
    assert new.code in ("<ins>  </ins>  return x", "  <ins>  </ins>return x")


def test_unlike_lines_have_no_marks() -> None:
    html = render(b"-alpha beta gamma", b"+1234567890")
    assert "<del>" not in html
    assert "<ins>" not in html


def test_lines_are_coloured_and_escaped() -> None:
    (row,) = rows(b" if a < b: # <script>", name="x.py")
    assert row.code.startswith('<span class="k">if</span> a <span class="o">&lt;</span>')
    assert "<script" not in row.code


def test_marks_and_colours_go_together() -> None:
    old, new = rows(b"-x = 'a<b'", b"+x = 'a<c'", name="x.py")
    assert "<del>" in old.code
    assert "<ins>" in new.code
    assert re.sub("<.*?>", "", new.code) == "x = 'a&lt;c'"


def test_a_string_of_several_lines_keeps_its_colour() -> None:
    found = rows(b" x = '''", b"-old", b"+new", b" '''", name="x.py")
    assert '<span class="s1">' in found[1].code
    assert '<span class="s1">' in found[2].code


@pytest.mark.parametrize(
    "text", [b"\xff\xfe", b"a\x00b", b"a\rb", b"\xe2\x80\xae", b"x" * 10_000, b"", b"\x0c", b"\x01"]
)
@pytest.mark.parametrize("name", ["x.py", "x.txt"])
def test_any_bytes_are_one_row(text: bytes, name: str) -> None:
    found = rows(b" " + text, b"-" + text, b"+" + text + b"!", name=name)
    assert len(found) == 3
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", "".join(row.code for row in found))


def test_each_line_may_have_its_own_encoding() -> None:
    old, new = rows(b"-caf\xe9 au lait", b"+caf\xc3\xa9 au lait")
    assert (old.code, new.code) == ("café au lait", "café au lait")


def test_the_end_of_a_line_as_windows_writes_it_is_not_shown() -> None:
    assert [row.code for row in rows(b" a\r", b"-b\r", b"+c\r")] == ["a", "b", "c"]


def test_ends_of_lines_that_changed_are_shown() -> None:
    old, new = rows(b"-some words\r", b"+some words")
    assert (old.code, new.code) == ("some words<del>\u240d</del>", "some words")


def test_a_missing_end_of_line_is_told() -> None:
    old, new = rows(b"-a", b"\\ No newline at end of file", b"+a", b"\\ No newline at end of file")
    assert old.code == new.code == 'a <span class="muted">(no end of line)</span>'


def test_many_changed_lines_are_not_compared_with_each_other() -> None:
    removed = [b"-line %d of the old file %d" % (number, number * 7) for number in range(3000)]
    added = [b"+line %d of the new file %d" % (number, number * 7) for number in range(3000)]
    assert len(rows(*removed, *added)) == 6000


def test_what_exceeds_the_colours_of_a_page_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diff_html, "COLOURED", 20)
    renderer = DiffRenderer(("utf-8",))
    first, second, third = (
        renderer.render([Hunk(text)], "x.py", "f1") for text in (b" if 1:\n", b" x" * 20 + b"\n", b" if 2:\n")
    )
    assert 'class="k"' in first
    assert "<span" not in second.partition("</tr>")[2]
    assert 'class="k"' in third
    assert renderer.colourless


@pytest.mark.parametrize(("text", "coloured"), [(b" if 1:\n+if 2:\n", True), (b" if 1:\n-if 3:\n+if 2:\n", False)])
def test_lines_that_are_read_with_both_sides_use_up_colours_twice(
    monkeypatch: pytest.MonkeyPatch, text: bytes, *, coloured: bool
) -> None:
    monkeypatch.setattr(diff_html, "COLOURED", 4 * len("if 1:\n") - 1)
    renderer = DiffRenderer(("utf-8",))
    assert ('class="k"' in renderer.render([Hunk(text)], "x.py", "f1")) is coloured


def test_a_file_that_has_no_colours_takes_none_from_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diff_html, "COLOURED", 20)
    renderer = DiffRenderer(("utf-8",))
    text = renderer.render([Hunk(b" x" * 20 + b"\n+y\n")], "x.txt", "f1")
    assert "x x x" in text
    assert 'class="k"' in renderer.render([Hunk(b" if 1:\n")], "x.py", "f2")
    assert not renderer.colourless


@pytest.mark.parametrize("name", ["x.py", "x.txt"])
def test_a_file_without_changed_lines_has_no_rows_and_lacks_no_colours(name: str) -> None:
    renderer = DiffRenderer(("utf-8",))
    assert renderer.render([], name, "f1") == ""
    assert not renderer.colourless


def test_gaps_are_told() -> None:
    hunks = [Hunk(b" a\n", 5, 1, 5, 1), Hunk(b" b\n+c\n", 10, 1, 10, 2), Hunk(b" d\n", 11, 1, 12, 1)]
    html = DiffRenderer(("utf-8",)).render(hunks, "x.txt", "f1")
    assert re.findall('data-gap="(.*?)"', html) == ["1 1 4", "6 6 4"]


def test_unchanged_lines_between_hunks() -> None:
    renderer = DiffRenderer(("utf-8",))
    html = renderer.render_unchanged([b"a", b"<b>"], "x.txt", "f1", 3, 5)
    assert [(row[1], row[2], row[4]) for row in _ROW.findall(html)] == [("3", "5", "a"), ("4", "6", "&lt;b&gt;")]


def test_side_by_side() -> None:
    html = render(b" a", b"-b", b"-c", b"+d", layout=Layout.SPLIT)
    cells = [re.sub("<.*?>", " ", row).split() for row in html.split("</tr>")[1:-1]]
    assert cells == [
        ["1", "a", "1", "a"],
        ["2", "&minus;", "b", "2", "+", "d"],
        ["3", "&minus;", "c"],
    ]
    assert re.findall('id="(.*?)"', html) == ["f1-o1", "f1-n1", "f1-o2", "f1-n2", "f1-o3"]


@given(marks=st.text(" +-", max_size=30))
def test_pairs_keep_all_lines_in_order(marks: str) -> None:
    pairs = side_by_side(marks)

    left = [left for left, _ in pairs if left is not None]
    right = [right for _, right in pairs if right is not None]
    assert left == [place for place, mark in enumerate(marks) if mark != "+"]
    assert right == [place for place, mark in enumerate(marks) if mark != "-"]
    for old, new in pairs:
        assert old == new or {marks[place] for place in (old, new) if place is not None} <= {"-", "+"}


@given(marks=st.text(" +-", max_size=30))
def test_blocks_are_removed_lines_before_added_ones(marks: str) -> None:
    for removed, added in changed_blocks(marks):
        assert removed.stop == added.start
        assert set(marks[removed.start : removed.stop]) == {"-"}
        assert set(marks[added.start : added.stop]) == {"+"}


@given(
    lines=st.lists(st.tuples(st.sampled_from(" +-"), st.text(st.characters(codec="ascii", categories=["L", "P"])))),
)
def test_lines_are_read_as_they_are(lines: list[tuple[str, str]]) -> None:
    read = read_lines("".join(f"{mark}{text}\n" for mark, text in lines).encode(), ("utf-8",))

    assert list(zip(read.marks, read.texts, strict=True)) == lines

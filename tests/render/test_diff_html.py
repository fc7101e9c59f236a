"""Hunks as rows of HTML."""

from dataclasses import dataclass

import pytest

from kallithea.render.diff_html import DiffRenderer, DiffRow


@dataclass(frozen=True)
class Line:
    mark: str
    text: bytes
    old_number: int | None = None
    new_number: int | None = None
    no_newline: bool = False


@dataclass(frozen=True)
class Hunk:
    lines: tuple[Line, ...]
    old_start: int = 1
    old_lines: int = 1
    new_start: int = 1
    new_lines: int = 1
    section: bytes = b""


def rows(*lines: tuple[str, bytes], name: str = "x.txt") -> tuple[DiffRow, ...]:
    hunk = Hunk(tuple(Line(mark, text) for mark, text in lines))
    return DiffRenderer(("utf-8",)).render([hunk], name)[0].rows


def test_changed_words_are_marked() -> None:
    old, new = rows(("-", b"the quick brown fox"), ("+", b"the quick red fox"))
    assert (old.code, new.code) == ("the quick <del>brown</del> fox", "the quick <ins>red</ins> fox")
    assert (old.css_class, old.sign, new.css_class, new.sign) == ("del", "\N{MINUS SIGN}", "add", "+")


def test_a_deeper_line_shows_only_the_added_blanks() -> None:
    _, new = rows(("-", b"  return x"), ("+", b"    return x"))
    assert new.code == "<ins>  </ins>  return x" or new.code == "  <ins>  </ins>return x"


def test_unlike_lines_have_no_marks() -> None:
    old, new = rows(("-", b"alpha beta gamma"), ("+", b"1234567890"))
    assert "<del>" not in old.code
    assert "<ins>" not in new.code


def test_lines_are_coloured_and_escaped() -> None:
    (row,) = rows((" ", b"if a < b: # <script>"), name="x.py")
    assert row.code.startswith('<span class="k">if</span> a <span class="o">&lt;</span>')
    assert "<script" not in row.code


def test_a_string_of_several_lines_keeps_its_colour() -> None:
    found = rows((" ", b"x = '''"), ("-", b"old"), ("+", b"new"), (" ", b"'''"), name="x.py")
    assert '<span class="s1">' in found[1].code
    assert '<span class="s1">' in found[2].code


@pytest.mark.parametrize("text", [b"\xff\xfe", b"a\x00b", b"a\rb", b"\xe2\x80\xae", b"x" * 10_000, b"", b"\x0c"])
def test_any_bytes_are_one_row(text: bytes) -> None:
    found = rows((" ", text), ("-", text), ("+", text + b"!"), name="x.py")
    assert len(found) == 3
    assert "\n" not in "".join(row.code for row in found)


def test_the_end_of_a_line_as_windows_writes_it_is_not_shown() -> None:
    assert rows((" ", b"a\r"))[0].code == "a"


def test_many_changed_lines_are_not_compared_with_each_other() -> None:
    removed = [("-", b"line %d of the old file" % number) for number in range(300)]
    added = [("+", b"line %d of the new file" % number) for number in range(300)]
    assert len(rows(*removed, *added)) == 600

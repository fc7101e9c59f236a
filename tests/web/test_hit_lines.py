"""Lines in which something was found, in colours."""

import pytest
from bs4 import BeautifulSoup

from kallithea.search.snippets import Line, Piece
from kallithea.web.ui import hit_lines
from kallithea.web.ui.hit_lines import HitPainter


def line(number: int, *texts: str, first: bool = False) -> Line:
    """A line in which every second of the texts was found."""
    return Line(number, tuple(Piece(text, bool(place % 2)) for place, text in enumerate(texts) if text), first)


def codes(*lines: Line, name: str = "a.py", painter: HitPainter | None = None) -> list[str]:
    return [str(one.code) for one in (painter or HitPainter()).paint(lines, name, "/r/files/1/a.py")]


def test_what_was_found_is_marked_on_top_of_the_colours() -> None:
    assert codes(line(4, "d", "ef re", "ad(): ", "return", "")) == [
        '<span class="k">d</span><mark><span class="k">ef</span> <span class="nf">re</span></mark>'
        '<span class="nf">ad</span>(): <mark><span class="k">return</span></mark>'
    ]


def test_each_line_has_its_number_and_address() -> None:
    painted = HitPainter().paint([line(4, "a"), line(9, "b", first=True)], "a.py", "/r/files/1/a.py")
    assert [(one.number, one.address, one.gap) for one in painted] == [
        (4, "/r/files/1/a.py#L4", False),
        (9, "/r/files/1/a.py#L9", True),
    ]


def test_lines_in_a_row_are_coloured_together_and_others_are_not() -> None:
    before, after = line(1, "x = '''"), "for"
    assert codes(before, line(2, after))[1] == '<span class="s1">for</span>'
    assert codes(before, line(3, after, first=True))[1] == '<span class="k">for</span>'


@pytest.mark.parametrize("name", ["a.unknown", "a", "", "a.txt"])
def test_a_language_that_is_not_known_stays_plain(name: str) -> None:
    assert codes(line(1, "def ", "read", "()"), name=name) == ["def <mark>read</mark>()"]


@pytest.mark.parametrize("name", ["a.py", "a.html", "a.unknown"])
def test_code_stays_text(name: str) -> None:
    (code,) = codes(line(1, "</td><script>", '"><img src=x>', "\u202e\r&amp;"), name=name)
    page = BeautifulSoup(code, "html.parser")
    assert page.text == '</td><script>"><img src=x>⟨U+202E⟩␍&amp;'
    assert {tag.name for tag in page.find_all()} <= {"span", "mark"}
    assert {name for tag in page.find_all() for name in tag.attrs} <= {"class"}


def test_signs_of_unseen_characters_do_not_move_the_marks() -> None:
    (code,) = codes(line(1, "\x00\u202e", "def", ""), name="a.txt")
    assert code == "␀⟨U+202E⟩<mark>def</mark>"


def test_nothing_is_wrong_in_an_excerpt() -> None:
    assert codes(line(1, "… = ?"))[0].startswith("… ")


def test_empty_lines_are_lines() -> None:
    assert codes(line(1, ""), line(2, ""), line(3, "x")) == ["", "", "x"]


def test_colours_go_as_far_as_a_page_may_have_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hit_lines, "COLOURED", 12)
    painter = HitPainter()
    shown = [codes(line(1, text), painter=painter)[0] for text in ("return é", "return", "x")]
    assert shown == ['<span class="k">return</span> é', "return", "x"]

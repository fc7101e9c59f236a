"""Which words changed."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from kallithea.render.words import ChangedWords, WordComparer

LINE = st.lists(st.sampled_from(["a", "bb", "foo", " ", "  ", "(", ")", "=", "x1", "\t", "é"]), max_size=12).map(
    "".join
)


def compare(removed: list[str], added: list[str]) -> list[ChangedWords]:
    return list(WordComparer().compare(removed, added))


def outside(line: str, spans: list[tuple[int, int]]) -> str:
    kept, position = "", 0
    for first, last in spans:
        assert position <= first < last <= len(line)
        kept += line[position:first]
        position = last
    return kept + line[position:]


@given(removed=st.lists(LINE, max_size=5), added=st.lists(LINE, max_size=5))
def test_what_is_not_marked_is_the_same_on_both_sides(removed: list[str], added: list[str]) -> None:
    for found in compare(removed, added):
        old, new = removed[found.old], added[found.new]
        assert outside(old, list(found.old_spans)) == outside(new, list(found.new_spans))


@given(removed=st.lists(LINE, max_size=5), added=st.lists(LINE, max_size=5))
def test_pairs_are_in_order(removed: list[str], added: list[str]) -> None:
    pairs = [(found.old, found.new) for found in compare(removed, added)]
    assert all(one[0] < other[0] and one[1] < other[1] for one, other in itertools.pairwise(pairs))


@given(line=LINE)
def test_the_same_line_has_no_marks(line: str) -> None:
    assert all(not found.old_spans and not found.new_spans for found in compare([line], [line]))


def test_words_are_marked_as_a_whole() -> None:
    (found,) = compare(["int counter_a = 0;"], ["int counter_b = 0;"])
    assert (found.old_spans, found.new_spans) == ([(4, 13)], [(4, 13)])


def test_several_changes_in_a_line() -> None:
    (found,) = compare(["f(one, b, two) + c"], ["f(1, b, 2) + c"])
    assert (found.old_spans, found.new_spans) == ([(2, 5), (10, 13)], [(2, 3), (8, 9)])


def test_a_line_that_moved_down_finds_its_replacement() -> None:
    (found,) = compare(["return compute(first, second)"], ["log('called')", "return compute(first, third)"])
    assert found.new == 1


def test_long_lines_are_marked_as_a_whole() -> None:
    old, new = ("x " + word * 3000 for word in ("a b ", "b a "))
    assert all(len(found.old_spans) <= 1 for found in compare([old], [new]))


def test_comparing_ends_with_the_budget() -> None:
    lines = ["some words here"] * 10
    assert len(list(WordComparer(budget=70).compare(lines, lines))) == 2

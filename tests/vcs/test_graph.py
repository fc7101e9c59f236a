"""Where commits and lines lie beside a history."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kallithea.vcs import graph
from kallithea.vcs.graph import GraphRow, GraphState, lay_out, open_above

History = list[tuple[str, list[str]]]


@st.composite
def _histories(draw: st.DrawFn) -> History:
    """Commits, children before parents; some parents are not among them."""
    size = draw(st.integers(0, 25))
    names = [f"c{number}" for number in range(size + 3)]
    return [
        (names[row], draw(st.lists(st.sampled_from(names[row + 1 :]), max_size=4, unique=True))) for row in range(size)
    ]


def _rows(commits: History) -> tuple[GraphRow, ...]:
    return lay_out(commits, GraphState())[0]


def _columns(row: GraphRow) -> list[int]:
    return [line.column for line in row.passing]


def _shape(row: GraphRow) -> tuple[int, list[int], list[int]]:
    return row.node.column, _columns(row), [line.column for line in row.leaving]


def test_a_linear_history_is_one_line() -> None:
    rows = _rows([("c", ["b"]), ("b", ["a"]), ("a", [])])

    assert [_shape(row) for row in rows] == [(0, [], [0]), (0, [], [0]), (0, [], [])]
    assert [row.entered for row in rows] == [False, True, True]
    assert len({row.node.colour for row in rows}) == 1


def test_a_merged_branch_has_a_column_of_its_own() -> None:
    rows = _rows([("merge", ["main", "side"]), ("side", ["base"]), ("main", ["base"]), ("base", [])])

    assert [_shape(row) for row in rows] == [(0, [], [0, 1]), (1, [0], [1]), (0, [1], [1]), (1, [], [])]
    assert rows[1].node.colour != rows[2].node.colour


def test_an_octopus_has_a_line_to_each_parent() -> None:
    rows = _rows([("octopus", ["a", "b", "c", "d"])])

    assert _shape(rows[0]) == (0, [], [0, 1, 2, 3])
    assert rows[0].columns == 4


def test_roots_end_their_lines_and_columns_are_used_again() -> None:
    rows = _rows([("m", ["a", "root"]), ("root", []), ("n", ["o"]), ("a", [])])

    assert [_shape(row) for row in rows] == [(0, [], [0, 1]), (1, [0], []), (1, [0], [1]), (0, [1], [])]
    assert rows[1].node.colour != rows[2].node.colour


def test_no_line_leads_to_a_parent_above() -> None:
    rows = _rows([("parent", ["root"]), ("child", ["parent"]), ("root", [])])

    assert [_shape(row) for row in rows] == [(0, [], [0]), (1, [0], []), (0, [], [])]


def test_a_parent_named_twice_has_one_line() -> None:
    assert _shape(_rows([("a", ["b", "b"])])[0]) == (0, [], [0])


def _check_lines(commits: History, rows: Sequence[GraphRow]) -> None:
    """Each parent's line goes down one column in one colour until it comes to the parent, or to the end."""
    place = {commit_id: number for number, (commit_id, _) in enumerate(commits)}
    for number, (_, parents) in enumerate(commits):
        for parent, line in zip(parents, rows[number].leaving, strict=True):
            end = place.get(parent, len(rows))
            between = [
                [other for other in row.passing if other.column == line.column] for row in rows[number + 1 : end]
            ]
            assert all(len(lines) == 1 for lines in between)
            assert len({lines[0].colour for lines in between}) <= 1
            if parent in place:
                assert rows[end].entered
                assert rows[end].node.column == line.column


@given(_histories())
def test_every_line_leads_to_its_parent(commits: History) -> None:
    _check_lines(commits, _rows(commits))


@given(_histories(), st.randoms())
def test_lines_of_a_row_have_columns_of_their_own_even_in_no_order(commits: History, random: object) -> None:
    assert hasattr(random, "shuffle")
    random.shuffle(commits)
    for row in _rows(commits):
        columns = [row.node.column, *_columns(row)]
        assert len(columns) == len(set(columns))
        assert row.columns > max(columns)


@given(_histories(), st.integers(0, 25))
def test_page_by_page_is_the_same_as_all_at_once(commits: History, first: int) -> None:
    above, state = lay_out(commits[:first], GraphState())
    below, end = lay_out(commits[first:], GraphState.decode(state.encode()))

    assert (above + below, end) == lay_out(commits, GraphState())


@given(_histories(), st.integers(1, 25))
def test_a_page_without_the_one_before_has_lines_from_above(commits: History, first: int) -> None:
    shown = commits[first:]
    rows, _ = lay_out(shown, open_above(shown))

    assert all(row.entered for row in rows)
    _check_lines(shown, rows)


def test_only_so_many_lines_are_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "_MOST_LANES", 3)

    rows, state = lay_out([("octopus", ["a", "b", "c", "d", "e"]), ("a", ["f", "g"])], GraphState())

    assert [_shape(row) for row in rows] == [(0, [], [0, 1, 2]), (0, [1, 2], [0])]
    assert [lane.commit_id for lane in state.lanes] == ["f", "b", "c"]


def test_heads_without_number_do_not_open_lines_without_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "_MOST_LANES", 3)

    heads = [(f"head {number}", [f"parent {number}"]) for number in range(5)]
    rows, state = lay_out([*heads, ("parent 1", ["root"]), ("parent 4", ["root"])], GraphState())

    assert [lane.commit_id for lane in state.lanes] == ["parent 0", "root", "parent 2"]
    assert [row.entered for row in rows] == [False] * 5 + [True, False]
    assert [_shape(row)[2] for row in rows] == [[0], [1], [2], [], [], [1], [1]]


def test_a_state_stays_small() -> None:
    commits = [(f"{number:040d}", [f"{number + 1:040d}"]) for number in range(1_000)]

    state = lay_out(commits, GraphState())[1]

    assert len(state.encode()) < 5_000

"""The lines beside a history as SVG."""

from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup, Tag

from kallithea.render.graph_svg import MOST_COLUMNS, NodeShape, render_row, width_of


@dataclass(frozen=True)
class Line:
    column: int
    colour: int = 0


@dataclass(frozen=True)
class Row:
    node: Line
    entered: bool = False
    passing: tuple[Line, ...] = ()
    leaving: tuple[Line, ...] = ()

    @property
    def columns(self) -> int:
        return 1 + max(line.column for line in (self.node, *self.passing, *self.leaving))


def _paths(row: Row, columns: int, shape: NodeShape = NodeShape.ORDINARY, *, merge: bool = False) -> list[Tag]:
    svg = BeautifulSoup(render_row(row, columns, shape, merge=merge), "html.parser").svg
    assert svg is not None
    return svg.find_all("path")


def _drawn(paths: list[Tag]) -> list[tuple[str, str]]:
    return [(" ".join(path["class"]), str(path["d"])) for path in paths]


def test_a_commit_on_its_line() -> None:
    row = Row(Line(0), entered=True, leaving=(Line(0),))

    assert _drawn(_paths(row, 2)) == [
        ("ln c0", "M12 0V50"),
        ("ln c0", "M12 50V100"),
        ("nd c0 public", "M12 50h.01"),
    ]


def test_lines_that_pass_and_lines_that_bend() -> None:
    row = Row(Line(1, 7), passing=(Line(0, 2),), leaving=(Line(1, 7), Line(2, 3)))

    assert _drawn(_paths(row, 3)) == [
        ("ln c2", "M12 0V100"),
        ("ln c1", "M26 50V100"),
        ("ln c3", "M26 50C26 80 40 70 40 100"),
        ("nd c1 public", "M26 50h.01"),
    ]


@pytest.mark.parametrize(
    ("shape", "merge", "expected"),
    [
        (NodeShape.ORDINARY, False, [("nd c0 public", "M12 50h.01")]),
        (NodeShape.ORDINARY, True, [("nd c0 merge public", "M12 50h.01"), ("hole", "M12 50h.01")]),
        (NodeShape.DRAFT, False, [("nd c0 draft", "M12 50h.01"), ("hole", "M12 50h.01")]),
        (NodeShape.OBSOLETE, True, [("nd c0 merge obsolete", "M12 50h.01"), ("hole", "M12 50h.01")]),
    ],
)
def test_shapes(shape: NodeShape, merge: bool, expected: list[tuple[str, str]]) -> None:
    assert _drawn(_paths(Row(Line(0)), 2, shape, merge=merge)) == expected


def test_lines_beyond_the_last_column_share_it_dashed() -> None:
    row = Row(Line(11), passing=tuple(Line(column) for column in range(11)), leaving=(Line(12),))
    paths = _paths(row, MOST_COLUMNS)

    last = 12 + 14 * (MOST_COLUMNS - 1)
    dashed = [str(path["d"]) for path in paths if path.get("stroke-dasharray")]
    assert dashed == [f"M{last} 0V100", f"M{last} 50V100"]
    assert len(paths) == MOST_COLUMNS + 3
    assert str(paths[-1]["d"]) == f"M{last} 50h.01"


def test_the_width_is_that_of_the_widest_row_within_what_the_style_sheet_knows() -> None:
    assert width_of([]) == 2
    assert width_of([Row(Line(0))]) == 2
    assert width_of([Row(Line(0)), Row(Line(4))]) == 5
    assert width_of([Row(Line(40))]) == MOST_COLUMNS
    assert 'width="38" viewBox="0 0 38 100"' in render_row(Row(Line(0)), 2, NodeShape.ORDINARY, merge=False)

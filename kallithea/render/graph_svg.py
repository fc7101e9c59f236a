"""The lines beside a history as SVG, one picture for each row.

A picture is stretched to the height of its row, and the lines of neighbours meet. Colours, widths and shapes are the
style sheet's; what stands here are places.
"""

import enum
from collections.abc import Iterable, Sequence
from typing import Protocol

from markupsafe import Markup

#: The style sheet knows the widths of so many columns; further lines share the last one, dashed.
MOST_COLUMNS = 8

_FEWEST_COLUMNS = 2
_COLOURS = 6
_MARGIN = 12
_DISTANCE = 14


class NodeShape(enum.StrEnum):
    """What a commit looks like: a filled circle, a ring, a square."""

    ORDINARY = "public"
    DRAFT = "draft"
    OBSOLETE = "obsolete"


class Line(Protocol):
    """A line in one row: its column, counted from 0, and a number that stands for its colour."""

    @property
    def column(self) -> int: ...  # noqa: D102
    @property
    def colour(self) -> int: ...  # noqa: D102


class Row(Protocol):
    """A commit's place and the lines that come to it, leave it, and pass by."""

    @property
    def node(self) -> Line: ...  # noqa: D102
    @property
    def entered(self) -> bool: ...  # noqa: D102
    @property
    def passing(self) -> Sequence[Line]: ...  # noqa: D102
    @property
    def leaving(self) -> Sequence[Line]: ...  # noqa: D102
    @property
    def columns(self) -> int: ...  # noqa: D102


def width_of(rows: Iterable[Row]) -> int:
    """How many columns the pictures of these rows have."""
    needed = max((row.columns for row in rows), default=0)
    return min(max(needed, _FEWEST_COLUMNS), MOST_COLUMNS)


def render_row(row: Row, columns: int, shape: NodeShape, *, merge: bool) -> Markup:
    """The picture of one row, as wide as so many columns."""
    width = 2 * _MARGIN + _DISTANCE * (columns - 1)
    node = row.node
    x = _X[min(node.column, columns - 1)]
    lines = [_THROUGH[line.column][line.colour % _COLOURS] for line in row.passing if line.column < columns]
    if len(lines) < len(row.passing):
        lines.append(_stroke(row.passing[-1], f"M{_X[columns - 1]} 0V100", columns))
    if row.entered:
        lines.append(_stroke(node, f"M{x} 0V50", columns))
    for line in row.leaving:
        end = _X[min(line.column, columns - 1)]
        lines.append(_stroke(line, f"M{x} 50V100" if end == x else f"M{x} 50C{x} 80 {end} 70 {end} 100", columns))
    hole = f'<path class="hole" d="M{x} 50h.01"/>' if merge or shape is not NodeShape.ORDINARY else ""
    return Markup(  # noqa: S704 - made of numbers and our own words
        f'<svg class="k-graph" width="{width}" viewBox="0 0 {width} 100" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(lines)}"
        f'<path class="nd c{node.colour % _COLOURS} {"merge " if merge else ""}{shape}" d="M{x} 50h.01"/>{hole}</svg>'
    )


def _stroke(line: Line, path: str, columns: int) -> str:
    dashes = "" if line.column < columns else ' stroke-dasharray="2 3"'
    return f'<path class="ln c{line.colour % _COLOURS}"{dashes} d="{path}"/>'


_X = tuple(_MARGIN + _DISTANCE * column for column in range(MOST_COLUMNS))
# Lines that pass by are most of all; here they are by column and colour.
_THROUGH = tuple(tuple(f'<path class="ln c{colour}" d="M{x} 0V100"/>' for colour in range(_COLOURS)) for x in _X)

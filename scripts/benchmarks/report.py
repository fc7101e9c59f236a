"""Tables of rows, for a terminal and for the documentation."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from scripts.benchmarks.measuring import Cell
from scripts.benchmarks.rows import Row, Unit

# Several figures in one cell of a table.
_IN_CELL = {Unit.CPU: "{}", Unit.DATABASE: " + {}", Unit.RATE: ", {}/s", Unit.WALL: ", {} ms"}


def line_of(row: Row) -> str:
    """A row as one line, and what failed in others below it."""
    kind = ", ".join(filter(None, (row.kind, row.column)))
    words = [f"{row.workload:12} {kind:12} {_figure(row.ours):>8} {row.unit}"]
    if row.cells:
        words.append(_walls(row.cells[0]))
    words += [f"{cell.name} {_peer(cell, row.unit)}" for cell in row.cells[1:]]
    for name, value in (("highlighter", row.highlighter), ("limit", row.limit)):
        if value is not None:
            words.append(f"{name} {_figure(value)}")
    if row.ratio is not None:
        words.append(f"ratio {row.ratio:.2f}")
    lacks = [f"{cell.name}: {cell.lack}" for cell in row.cells[1:] if cell.lack]
    lacks += [f"FAILED: {row.failure}"] if row.failure else []
    return "\n".join(["  ".join(words), *(f"    {lack}" for lack in lacks)])


def write_json(path: Path, rows: Sequence[Row]) -> None:
    """Write the rows as a list of objects."""
    found = [{**asdict(row), "ratio": row.ratio} for row in rows]
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def write_rst(path: Path, rows: Sequence[Row], about: Sequence[str]) -> None:
    """Write the rows as tables in reStructuredText, below lines about the run."""
    tables = [*_side_by_side([row for row in rows if row.column]), *_table([row for row in rows if not row.column])]
    path.write_text("\n".join([*(f"| {line}" for line in about), *tables]) + "\n", encoding="utf-8")


def _side_by_side(rows: Sequence[Row]) -> Iterator[str]:
    """A table with one line for each workload and kind, and all that was measured of a column in one cell."""
    columns = list(dict.fromkeys(row.column for row in rows))
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        cells = found.setdefault((row.workload, row.kind), dict.fromkeys(columns, ""))
        cells[row.column] += _IN_CELL[row.unit].format(_figure(row.ours)) if row.ours is not None else "failed"
    lines = [[*names, *(cell.removeprefix(", ") for cell in cells.values())] for names, cells in found.items()]
    yield from _list_table(["Workload", "Kind", *columns], lines)


def _table(rows: Sequence[Row]) -> Iterator[str]:
    """A table with one line for each row, without columns in which there is nothing."""
    peers = list(dict.fromkeys(name for row in rows for name in (*_names(row), row.peer_name) if name))
    units = {row.unit for row in rows}
    lines = []
    for row in rows:
        cells = {cell.name: cell for cell in row.cells[1:]}
        ours = row.cells[0] if row.cells else None
        lines.append(
            {
                "Workload": row.workload,
                "Kind": row.kind,
                "Unit": row.unit if len(units) > 1 else "",
                "Ours": _figure(row.ours) if row.ours is not None else "failed",
                "p50 / p95": f"{ours.p50:.0f} / {ours.p95:.0f}" if ours is not None and ours.p50 else "",
                **{peer: _in_table(row, cells.get(peer), peer) for peer in peers},
                "Limit": _figure(row.limit) if row.limit is not None else "",
                "Highlighter": _figure(row.highlighter) if row.highlighter is not None else "",
                "Ratio": f"{row.ratio:.2f}" if row.ratio is not None else "",
            }
        )
    names = [name for name in (lines[0] if lines else ()) if any(line[name] for line in lines)]
    yield from _list_table(names, [[line[name] for name in names] for line in lines])


def _names(row: Row) -> Iterator[str]:
    return (cell.name for cell in row.cells[1:])


def _list_table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> Iterator[str]:
    if lines:
        yield from ("", ".. list-table::", "   :header-rows: 1", "", *_table_row(head))
    for line in lines:
        yield from _table_row(line)


def _table_row(columns: Sequence[str]) -> Iterator[str]:
    for number, column in enumerate(columns):
        yield f"   {' ' if number else '*'} - {column}".rstrip()


def _in_table(row: Row, cell: Cell | None, peer: str) -> str:
    if cell is not None:
        return "incomplete" if cell.lack else _figure(row.unit.of(cell))
    return _figure(row.peer) if row.peer_name == peer else ""


def _walls(cell: Cell) -> str:
    return f"(p50 {cell.p50:.0f}, p95 {cell.p95:.0f}, {cell.requests} requests)"


def _peer(cell: Cell, unit: Unit) -> str:
    return "incomplete" if cell.lack else f"{_figure(unit.of(cell))} {_walls(cell)}"


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"

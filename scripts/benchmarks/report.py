"""Tables of rows, for a terminal and for the documentation."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from scripts.benchmarks.measuring import Cell
from scripts.benchmarks.rows import Row, Unit


def line_of(row: Row) -> str:
    """A row as one line, and what failed in others below it."""
    words = [f"{row.workload:12} {row.kind:12} {_figure(row.ours):>8} {row.unit}"]
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
    """Write the rows as a table in reStructuredText, below lines about the run."""
    peers = list(dict.fromkeys(cell.name for row in rows for cell in row.cells[1:]))
    path.write_text("\n".join([*(f"| {line}" for line in about), "", *_table(rows, peers)]) + "\n", encoding="utf-8")


def _table(rows: Sequence[Row], peers: Sequence[str]) -> Iterator[str]:
    yield from (".. list-table::", "   :header-rows: 1", "")
    yield from _table_row(["Workload", "Kind", "Ours", "p50 / p95", *peers, "Limit", "Highlighter", "Ratio"])
    for row in rows:
        cells = {cell.name: cell for cell in row.cells}
        ours = row.cells[0] if row.cells else None
        yield from _table_row(
            [
                row.workload,
                row.kind,
                _figure(row.ours),
                f"{ours.p50:.0f} / {ours.p95:.0f}" if ours is not None and ours.p50 else "",
                *(_in_table(cells.get(peer), row.unit) for peer in peers),
                _figure(row.limit) if row.limit is not None else "",
                _figure(row.highlighter) if row.highlighter is not None else "",
                f"{row.ratio:.2f}" if row.ratio is not None else "",
            ]
        )


def _table_row(columns: Sequence[str]) -> Iterator[str]:
    for number, column in enumerate(columns):
        yield f"   {' ' if number else '*'} - {column}".rstrip()


def _in_table(cell: Cell | None, unit: Unit) -> str:
    return "" if cell is None else "incomplete" if cell.lack else _figure(unit.of(cell))


def _walls(cell: Cell) -> str:
    return f"(p50 {cell.p50:.0f}, p95 {cell.p95:.0f}, {cell.requests} requests)"


def _peer(cell: Cell, unit: Unit) -> str:
    return "incomplete" if cell.lack else f"{_figure(unit.of(cell))} {_walls(cell)}"


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"

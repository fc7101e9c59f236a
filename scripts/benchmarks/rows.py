"""Results: one row per workload and kind of visit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from scripts.benchmarks.measuring import Cell


class Unit(StrEnum):
    """What a figure counts: CPU time of all processes of a server, waiting, memory, its growth, events, or a rate."""

    CPU = "ms CPU"
    WALL = "ms wall"
    FIRST_ANSWER = "ms first answer"
    FIRST_BYTE = "ms first byte"
    MEMORY = "MB of one process"
    COUNT = "counted"
    BYTES = "bytes sent"
    RATIO = "times"
    PERCENT = "% of the time"
    GROWTH = "% more"
    DATABASE = "ms CPU of the database server"
    RATE = "requests/s"

    def of(self, cell: Cell) -> float:
        """That figure of a cell, for CPU time, the median of the whole time, and the first answer."""
        return {Unit.CPU: cell.cpu, Unit.WALL: cell.p50}.get(self, cell.first)


@dataclass(frozen=True)
class Row:
    """``ours`` against the best complete peer, and against a bare command. All figures are in ``unit``.

    A figure that could not be measured is None, and ``failure`` says why ours could not. ``cells`` are all servers
    that were asked, ours first; ``highlighter`` is the CPU time that colouring the same contents takes alone.
    Where ``column`` says how our own server runs, figures of one workload and kind stand side by side.
    """

    workload: str
    kind: str
    unit: Unit
    ours: float | None
    peer: float | None = None
    peer_name: str = ""
    peer_command: str = ""
    limit: float | None = None
    highlighter: float | None = None
    failure: str = ""
    cells: Sequence[Cell] = field(default=())
    column: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours to the best complete peer, or to the limit where there is no peer."""
        other = self.peer if self.peer is not None else self.limit
        return self.ours / other if self.ours is not None and other else None

"""The lines beside a history: which column a commit is in, and which lines pass by it.

A *lane* is a line that goes down a column to the commit it waits for. It begins below the first child that is shown
and keeps column and colour until it is there; the commit's first parent goes on with it. A line to a commit for which a
lane waits already joins that lane.

Pages of one history are laid out one after the other: what one page leaves open is the state with which the next
begins. Children come before their parents, but where clocks were wrong: no line leads back up.
"""

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

# Where more lines are open than this, further ones are not followed.
_MOST_LANES = 500
# Wrong clocks put a parent a few rows above its child. So many rows are remembered.
_REMEMBERED = 64
_column_of = attrgetter("column")


@dataclass(frozen=True, slots=True)
class Line:
    """A line in one row: its column, counted from 0, and a number that stands for its colour."""

    column: int
    colour: int


@dataclass(frozen=True, slots=True)
class Lane(Line):
    """A line that is open, and the commit it waits for."""

    commit_id: str


@dataclass(frozen=True, slots=True)
class GraphState:
    """What is open below a row. ``colour`` is that of the next line, ``recent`` the ids of the last rows."""

    lanes: tuple[Lane, ...] = ()
    colour: int = 0
    recent: tuple[str, ...] = ()

    def encode(self) -> bytes:
        """The state as bytes, to be kept."""
        lanes = [[lane.column, lane.colour, lane.commit_id] for lane in self.lanes]
        return json.dumps([lanes, self.colour, self.recent], separators=(",", ":")).encode("ascii")

    @classmethod
    def decode(cls, data: bytes) -> "GraphState":
        """The state of bytes that ``encode`` made."""
        lanes, colour, recent = json.loads(data)
        return cls(tuple(Lane(*lane) for lane in lanes), colour, tuple(recent))


@dataclass(frozen=True, slots=True)
class GraphRow:
    """One commit and the lines beside it.

    ``node`` is where the commit is. ``entered`` tells whether a line comes down to it. ``passing`` lines go straight
    through; ``leaving`` ones go from the commit to the bottom of a column, the first parent's first.
    """

    node: Line
    entered: bool
    passing: tuple[Line, ...]
    leaving: tuple[Line, ...]

    @property
    def columns(self) -> int:
        """How many columns the row needs."""
        last: int = max(map(_column_of, (self.node, *self.passing, *self.leaving)))
        return 1 + last


def lay_out(commits: Iterable[tuple[str, Sequence[str]]], state: GraphState) -> tuple[tuple[GraphRow, ...], GraphState]:
    """Rows for commits, each an id and its parents' ids, newest first; and what is open below the last."""
    layout = _Layout(state)
    rows = tuple(layout.add(commit_id, parent_ids) for commit_id, parent_ids in commits)
    return rows, layout.state()


def open_above(commits: Sequence[tuple[str, Sequence[str]]]) -> GraphState:
    """A state to begin with in the middle of a history: a lane for each commit that has no child among these."""
    parents = {parent for _, parent_ids in commits for parent in parent_ids}
    ids = [commit_id for commit_id, _ in commits if commit_id not in parents]
    return GraphState(tuple(Lane(number, number, commit_id) for number, commit_id in enumerate(ids)), len(ids))


class _Layout:
    def __init__(self, state: GraphState) -> None:
        self._waiting = {lane.commit_id: lane for lane in state.lanes}
        self._columns: list[Lane | None] = [None] * (1 + max((lane.column for lane in state.lanes), default=-1))
        for lane in state.lanes:
            self._columns[lane.column] = lane
        self._colour = state.colour
        self._recent = deque(state.recent, maxlen=_REMEMBERED)

    def state(self) -> GraphState:
        return GraphState(tuple(filter(None, self._columns)), self._colour, tuple(self._recent))

    def add(self, commit_id: str, parent_ids: Sequence[str]) -> GraphRow:
        waiting = self._waiting.get(commit_id)
        node = waiting or self._open(commit_id)
        del self._waiting[commit_id]
        self._columns[node.column] = None
        passing = tuple(filter(None, self._columns))
        leaving = tuple(self._leave(node, parent_ids))
        self._recent.append(commit_id)
        while self._columns and self._columns[-1] is None:
            self._columns.pop()
        return GraphRow(node, waiting is not None, passing, leaving)

    def _leave(self, node: Line, parent_ids: Sequence[str]) -> Iterator[Line]:
        """Lines to the parents, for which lanes wait from now on."""
        for number, parent in enumerate(dict.fromkeys(parent_ids)):
            if parent in self._recent:
                continue
            joined = self._waiting.get(parent)
            if joined is not None:
                yield Line(joined.column, node.colour) if number == 0 else joined
            elif len(self._waiting) < _MOST_LANES:
                first = number == 0
                yield self._place(Lane(node.column, node.colour, parent)) if first else self._open(parent)

    def _open(self, commit_id: str) -> Lane:
        """A lane in the first free column, in a colour of its own."""
        column = self._columns.index(None) if None in self._columns else len(self._columns)
        self._colour += 1
        return self._place(Lane(column, self._colour - 1, commit_id))

    def _place(self, lane: Lane) -> Lane:
        if lane.column == len(self._columns):
            self._columns.append(lane)
        self._columns[lane.column] = lane
        self._waiting[lane.commit_id] = lane
        return lane

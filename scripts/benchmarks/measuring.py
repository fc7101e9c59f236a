"""A cell of a table: what requests to one server cost, and whether they were answered."""

import contextlib
import http.client
import itertools
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from scripts.benchmarks.accounting import cpu_seconds, settled_cpu_seconds
from scripts.benchmarks.sites import RunningSite

_WARM_UP = 6
# Visits to one of several servers before the next has its turn.
_TURN = 5


class LackError(Exception):
    """An answer is not what was asked for, or not all of it; the words say what it lacks."""


@dataclass(frozen=True)
class Effort:
    """When a cell has been measured enough: after ``seconds`` of CPU time, or ``most`` requests."""

    seconds: float
    most: int
    wall_seconds: float = 20.0

    def once(self) -> "Effort":
        """For what can be measured once only."""
        return Effort(0.0, 1)


@dataclass(frozen=True)
class Cell:
    """What one request costs, in milliseconds: CPU time on average, and the time from asking to the last byte.

    ``first`` is the time to the last byte of the first answer, where a page loads more. ``lack`` says what an answer
    did not contain; then the figures mean nothing.
    """

    name: str
    requests: int = 0
    cpu: float = 0.0
    p50: float = 0.0
    p95: float = 0.0
    first: float = 0.0
    lack: str = ""


@dataclass(frozen=True)
class Visit:
    """Seconds from asking for a page to its last byte, and to the last byte of all ``answers`` that belong to it."""

    first: float
    wall: float
    answers: int = 1


@dataclass(frozen=True)
class Series:
    """Visits to one server. Each raises LackError if it is answered badly."""

    name: str
    running: RunningSite
    visits: Sequence[Callable[[], Visit]]
    effort: Effort


def measure(name: str, running: RunningSite, visits: Sequence[Callable[[], Visit]], effort: Effort) -> Cell:
    """Make all visits, in whole rounds until that has been enough."""
    series = _Measured(Series(name, running, visits, effort))
    series.go_on()
    return series.cell()


def measure_in_turns(several: Sequence[Series]) -> Sequence[Cell]:
    """The same for servers that are compared, a few visits at a time: whatever slows the machine down concerns all."""
    measured = [_Measured(series) for series in several]
    while going := [one for one in measured if not one.has_ended]:
        for one in going:
            one.go_on(_TURN)
    return [one.cell() for one in measured]


class _Measured:
    """A series that is measured. Between its turns its server does nothing."""

    def __init__(self, series: Series) -> None:
        self.has_ended = False
        self._series = series
        self._following = _in_rounds(series.visits, series.effort.most)
        self._made: list[Visit] = []
        self._lack = ""
        self._cpu = 0.0
        self._wall = 0.0

    def go_on(self, most: int | None = None) -> None:
        """Make so many visits, fewer where it ends; or all that are left."""
        process_ids = self._series.running.process_ids
        cpu_before, began = settled_cpu_seconds(process_ids) - self._cpu, time.monotonic() - self._wall
        for visit in itertools.islice(self._following, most):
            try:
                self._made.append(visit())
            except (LackError, OSError, http.client.HTTPException) as problem:
                self._lack = str(problem) or type(problem).__name__
                self.has_ended = True
                break
            if len(self._made) % len(self._series.visits) == 0 and (
                time.monotonic() - began > self._series.effort.wall_seconds
                or cpu_seconds(process_ids) - cpu_before >= self._series.effort.seconds
            ):
                self.has_ended = True
                break
        self.has_ended |= len(self._made) >= self._series.effort.most
        self._wall = time.monotonic() - began
        self._cpu = settled_cpu_seconds(process_ids) - cpu_before

    def cell(self) -> Cell:
        """What has been measured."""
        return cell_of(self._series.name, self._cpu, self._made, self._lack)


def warm_up(visit: Callable[[], Visit], effort: Effort) -> None:
    """Make a visit several times, each over a connection of its own, so that each process has had its first ones."""
    make_ready([visit] * min(_WARM_UP, effort.most))


def make_ready(visits: Iterable[Callable[[], Visit]]) -> None:
    """Make visits before others are measured."""
    for visit in visits:
        # whatever is wrong shows when it is measured
        with contextlib.suppress(LackError, OSError, http.client.HTTPException):
            visit()


def _in_rounds(visits: Sequence[Callable[[], Visit]], most: int) -> Iterator[Callable[[], Visit]]:
    for number in range(max(most, 1)):
        yield visits[number % len(visits)]


def cell_of(name: str, cpu: float, made: Sequence[Visit], lack: str) -> Cell:
    """Figures of visits that took so many seconds of CPU time together."""
    if not made:
        return Cell(name, lack=lack or "nothing to ask for")
    walls = sorted(visit.wall * 1000 for visit in made)
    return Cell(
        name,
        len(made),
        cpu * 1000 / len(made),
        statistics.median(walls),
        walls[min(len(walls) * 95 // 100, len(walls) - 1)],
        statistics.median(visit.first * 1000 for visit in made),
        lack,
    )

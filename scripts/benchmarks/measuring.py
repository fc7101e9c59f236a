"""A cell of a table: what requests to one server cost, and whether they were answered."""

import contextlib
import http.client
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from scripts.benchmarks.accounting import cpu_seconds, settled_cpu_seconds
from scripts.benchmarks.sites import RunningSite

_WARM_UP = 6


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


def measure(name: str, running: RunningSite, visits: Sequence[Callable[[], Visit]], effort: Effort) -> Cell:
    """Make all visits, in whole rounds until that has been enough. Each raises LackError if it is answered badly."""
    made: list[Visit] = []
    lack = ""
    before, deadline = settled_cpu_seconds(running.process_ids), time.monotonic() + effort.wall_seconds
    for visit in _in_rounds(visits, effort.most):
        try:
            made.append(visit())
        except (LackError, OSError, http.client.HTTPException) as problem:
            lack = str(problem) or type(problem).__name__
            break
        if len(made) % len(visits) == 0 and (
            time.monotonic() > deadline or cpu_seconds(running.process_ids) - before >= effort.seconds
        ):
            break
    cpu = settled_cpu_seconds(running.process_ids) - before
    return cell_of(name, cpu, made, lack)


def warm_up(visit: Callable[[], Visit], effort: Effort) -> None:
    """Make a visit several times, each over a connection of its own, so that each process has had its first ones."""
    for _ in range(min(_WARM_UP, effort.most)):
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

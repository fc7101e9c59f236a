"""What a suite of workloads is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kallithea.vcs.types import Kind
from scripts.benchmarks.measuring import Effort
from scripts.benchmarks.repositories import Repositories
from scripts.benchmarks.rows import Row


@dataclass(frozen=True)
class Run:
    """One run of a suite. ``only`` are the workloads that were asked for; ``folder`` is empty and goes away after it.

    ``sources`` are repositories to measure on; for a kind that is not among them one is generated. ``kills`` is how
    many processes the suite of load kills, and ``settings`` are further ones of its site, as ``name=value``.
    """

    only: Sequence[str]
    sources: dict[Kind, Path]
    seed: int
    effort: Effort
    folder: Path
    repositories: Repositories
    kills: int = 0
    settings: Sequence[str] = ()


class Suite(Protocol):
    """Workloads that belong together."""

    @property
    def about(self) -> str:
        """What is measured and against whom, for --help; paragraphs."""
        ...

    @property
    def workloads(self) -> Sequence[str]:
        """Names, in the order in which they are printed."""
        ...

    def missing(self) -> Sequence[str]:
        """Peers that are not here, each with how to install it on Debian."""
        ...

    def run(self, run: Run) -> Iterator[Row]:
        """The rows of the workloads that are asked for, as they are measured. What fails is a row that says so."""
        ...

"""Everything that is needed to measure pages of one repository: what it contains, and the servers that show it."""

from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.vcs.types import Kind
from scripts.benchmarks.kallithea_site import Kallithea, RunningKallithea
from scripts.benchmarks.measuring import Cell, Effort
from scripts.benchmarks.pages.picking import Picker
from scripts.benchmarks.pages.reader import Reader
from scripts.benchmarks.pages.rest import Rest
from scripts.benchmarks.rows import Row, Unit
from scripts.benchmarks.sites import RunningSite, Site
from scripts.benchmarks.truth.commands import cost_of
from scripts.benchmarks.truth.truth import Truth

_LEAST_COMMANDS = 3


@dataclass(frozen=True)
class Peer:
    """A peer that runs."""

    site: Site
    running: RunningSite


@dataclass(frozen=True)
class Stage:
    """One repository with its servers. ``repository`` is its name at all of them."""

    kind: Kind
    repository: str
    truth: Truth
    picker: Picker
    ours: RunningKallithea
    peers: Sequence[Peer]
    effort: Effort

    def workload(self, name: str) -> str:
        """The name of a workload as it stands in rows."""
        return f"hg-{name}" if self.kind is Kind.HG else name

    def our_reader(self, *, everything: bool = False) -> Reader:
        """Somebody new who reads at ours: what the target is, or ``everything`` that the page loads besides."""
        return Reader(Kallithea(), self.ours, self.repository, Rest(everything))

    def reader(self, peer: Peer) -> Reader:
        """Somebody new who reads at a peer."""
        return Reader(peer.site, peer.running, self.repository)

    def limit(self, commands: Sequence[Sequence[str | bytes]]) -> float:
        """Milliseconds of CPU time that a bare command takes on average, in whole rounds over all of them."""
        taken: list[float] = []
        while len(taken) < min(_LEAST_COMMANDS, self.effort.most) or (
            sum(taken) < self.effort.seconds / 4 and len(taken) + len(commands) <= self.effort.most
        ):
            taken += [cost_of(command).cpu for command in commands]
        return sum(taken) * 1000 / len(taken)

    def row(
        self,
        name: str,
        kind: str,
        ours: Cell,
        peers: Sequence[tuple[Peer, Cell]] = (),
        *,
        unit: Unit = Unit.CPU,
        limit: float | None = None,
        highlighter: float | None = None,
    ) -> Row:
        """A row. Peers whose answers lack something are shown, and never compared with."""
        complete = [(unit.of(cell), peer) for peer, cell in peers if not cell.lack]
        best, peer = min(complete, key=lambda found: found[0], default=(None, None))
        return Row(
            self.workload(name),
            kind,
            unit,
            None if ours.lack else unit.of(ours),
            best,
            peer.site.name if peer is not None else "",
            peer.site.command if peer is not None else "",
            limit,
            highlighter,
            ours.lack,
            (ours, *(cell for _, cell in peers)),
        )

    def failed(self, name: str, words: str) -> Row:
        """The row of a workload that could not be measured."""
        return Row(self.workload(name), "", Unit.CPU, None, failure=words)

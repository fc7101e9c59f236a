"""What clients push, and what many fetch right after a push. Each server has a copy of the repository of its own."""

import contextlib
import http.client
import itertools
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kallithea.vcs.types import Kind
from scripts.benchmarks.accounting import settled_cpu_seconds
from scripts.benchmarks.kallithea_site import USER, Kallithea, RunningKallithea, make_token
from scripts.benchmarks.measuring import Cell, Effort, LackError, Visit, cell_of, measure
from scripts.benchmarks.pushing import Change, Client, make_client
from scripts.benchmarks.rows import Row, Unit
from scripts.benchmarks.sites import RunningSite, Site
from scripts.benchmarks.suite import Run
from scripts.benchmarks.transfer.exchange import Exchange, Server, basic, fetch
from scripts.benchmarks.truth.commands import CommandError

#: Fetches that come at once after a push.
FETCHES = 50
_ROUNDS = 3
_FILES = 50
_LINES = 20


@dataclass(frozen=True)
class Pushed:
    """A server with its copy of the repository, and a client that pushes there. ``count`` numbers the changes."""

    name: str
    running: RunningSite
    server: Server
    client: Client
    count: Iterator[int]

    def commit(self, count: int) -> None:
        """Make commits that no server has seen."""
        self.client.commit([_change(next(self.count)) for _ in range(count)])

    def push(self, count: int) -> Visit:
        """Make commits, and push them in the time that counts. Raises LackError."""
        self.commit(count)
        started = time.perf_counter()
        try:
            self.client.push()
            wall = time.perf_counter() - started
            self.client.require_pushed(count)
        except CommandError as problem:
            raise LackError(str(problem)) from problem
        return Visit(wall, wall)

    def measure_pushes(self, count: int, effort: Effort) -> Cell:
        """Pushes of so many commits each."""
        return measure(self.name, self.running, [partial(self.push, count)], effort)

    def measure_fetches(self, effort: Effort) -> Cell:
        """Many equal fetches of what was pushed just before; the pushes do not count."""
        cpu, made, lack = 0.0, list[Visit](), ""
        try:
            for _ in range(min(_ROUNDS, effort.most)):
                known = self.client.tip
                self.push(1)
                before = settled_cpu_seconds(self.running.process_ids)
                made.append(self.server.ask_at_once([_fetch(self.client.tip, known)], FETCHES))
                cpu += settled_cpu_seconds(self.running.process_ids) - before
        except (LackError, OSError, http.client.HTTPException) as problem:
            lack = str(problem) or type(problem).__name__
        return cell_of(self.name, cpu, made, lack)


@dataclass(frozen=True)
class PushWorkload:
    """What is measured of each server, and in which units it is told."""

    kind: Kind
    measure: Callable[[Pushed, Effort], Cell]
    units: Sequence[Unit] = (Unit.CPU, Unit.WALL)


def _pushes(kind: Kind, count: int) -> PushWorkload:
    return PushWorkload(kind, lambda pushed, effort: pushed.measure_pushes(count, effort))


WORKLOADS: Mapping[str, PushWorkload] = {
    "push-1": _pushes(Kind.GIT, 1),
    "push-1000": _pushes(Kind.GIT, 1000),
    "fetch-after-push": PushWorkload(Kind.GIT, Pushed.measure_fetches, (Unit.CPU,)),
    "hg-push-1": _pushes(Kind.HG, 1),
    "hg-push-1000": _pushes(Kind.HG, 1000),
}


def run_pushes(run: Run, kind: Kind, peer: Site, names: Sequence[str]) -> Iterator[Row]:
    """The rows of these workloads of one kind."""
    folder = run.folder / f"pushes-{kind}"
    with contextlib.ExitStack() as servers:
        # What follows a push in the background is measured with the pages, by "root-push".
        ours = servers.enter_context(_serve(run, kind, Kallithea(settings=("worker=separate",)), folder))
        others = [] if peer.find_missing() else [servers.enter_context(_serve(run, kind, peer, folder))]
        for name in names:
            cells = [WORKLOADS[name].measure(pushed, run.effort) for pushed in (ours, *others)]
            for unit in WORKLOADS[name].units:
                yield _row(name, unit, peer, cells)


@contextlib.contextmanager
def _serve(run: Run, kind: Kind, site: Site, folder: Path) -> Iterator[Pushed]:
    place = folder / site.name
    repository = run.repositories.copy(kind, run.sources.get(kind), place / "repositories")
    (place / "server").mkdir()
    with site.serve(place / "server", [repository]) as running:
        token = make_token(running, "read", "write") if isinstance(running, RunningKallithea) else ""
        signed_in = f"{USER}:{token}@" if token else ""
        url = f"http://{signed_in}127.0.0.1:{running.port}/{repository.name}"
        client = make_client(kind, repository, place / "client", url)
        server = Server(running.port, repository.name, basic(USER, token) if token else "")
        pushed = Pushed(site.name, running, server, client, itertools.count())
        # Whatever is wrong shows when it is measured.
        with contextlib.suppress(LackError):
            pushed.push(1)
        yield pushed


def _change(number: int) -> Change:
    """Another content of one of some files, which nobody can guess from the others."""
    lines = [b"%d %s\n" % (number, os.urandom(20).hex().encode()) for _ in range(_LINES)]
    return {b"pushed/file%02d.txt" % (number % _FILES): b"".join(lines)}


def _fetch(wanted: str, known: str) -> Exchange:
    return fetch([wanted], haves=[known])


def _row(name: str, unit: Unit, peer: Site, cells: Sequence[Cell]) -> Row:
    ours, *others = cells
    best = next((cell for cell in others if not cell.lack), None)
    return Row(
        name,
        "pushed",
        unit,
        None if ours.lack else unit.of(ours),
        unit.of(best) if best is not None else None,
        best.name if best is not None else "",
        peer.command if best is not None else "",
        failure=ours.lack,
        cells=tuple(cells),
    )

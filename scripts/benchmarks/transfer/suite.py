"""The suite of what git and hg clients read and push over HTTP."""

import contextlib
import http.client
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from kallithea.vcs.types import Kind
from scripts.benchmarks.kallithea_site import USER, Kallithea, RunningKallithea, make_token
from scripts.benchmarks.measuring import Cell, LackError, Visit, measure
from scripts.benchmarks.peers.hgweb import Hgweb
from scripts.benchmarks.peers.http_backend import HttpBackend
from scripts.benchmarks.rows import Row, Unit
from scripts.benchmarks.serving import free_port, running, wait_until_served
from scripts.benchmarks.sites import RunningSite, Site
from scripts.benchmarks.suite import Run
from scripts.benchmarks.transfer import pushes, sendfile_loop
from scripts.benchmarks.transfer.exchange import POLL, Exchange, Server, basic, fetch, hg_clone, hg_poll
from scripts.benchmarks.truth.commands import hg_program, output_of

_PEERS: Mapping[Kind, Site] = {Kind.GIT: HttpBackend(), Kind.HG: Hgweb()}
_CLIENTS = 8
_CLONES = 4


@dataclass(frozen=True)
class Ends:
    """Where the histories of a repository end, oldest ids and newest ones; ``size`` is about that of all packs."""

    wants: Sequence[str]
    head: str
    earlier: str
    size: int


@dataclass(frozen=True)
class Workload:
    """``visit`` is what is measured of a server. One that is ``known`` was made once before, on every server.

    Where ``limit`` says what is asked for, the limit is a bare loop that sends the bytes of our answer.
    """

    kind: Kind
    visit: Callable[[Server, Ends], Visit]
    known: bool = True
    limit: Callable[[Ends], Exchange] | None = None
    units: Sequence[Unit] = (Unit.CPU,)


def _one(make: Callable[[Ends], Exchange]) -> Callable[[Server, Ends], Visit]:
    return lambda server, ends: server.ask([make(ends)])


def _clone(ends: Ends) -> Exchange:
    return fetch(ends.wants, least=ends.size // 2)


def _blobless(ends: Ends) -> Exchange:
    return fetch(ends.wants, "filter blob:none")


def _hg_clone(ends: Ends) -> Exchange:
    return hg_clone(ends.wants, least=ends.size // 20)


WORKLOADS: Mapping[str, Workload] = {
    "clone-first": Workload(Kind.GIT, _one(_clone), known=False),
    "clone4-warm": Workload(Kind.GIT, lambda server, ends: server.ask_at_once([_clone(ends)], _CLONES), limit=_clone),
    "clone-depth1-warm": Workload(Kind.GIT, _one(lambda ends: fetch([ends.head], "deepen 1"))),
    "fetch-sha-depth1-warm": Workload(Kind.GIT, _one(lambda ends: fetch([ends.earlier], "deepen 1"))),
    "clone-blobless-warm": Workload(Kind.GIT, _one(_blobless), limit=_blobless),
    "ls-remote": Workload(
        Kind.GIT, lambda server, _ends: server.ask_at_once(POLL, _CLIENTS), units=(Unit.CPU, Unit.WALL)
    ),
    "hg-poll": Workload(Kind.HG, lambda server, ends: server.ask_at_once(hg_poll(ends.wants), _CLIENTS)),
    "hg-clone4-warm": Workload(
        Kind.HG, lambda server, ends: server.ask_at_once([_hg_clone(ends)], _CLONES), limit=_hg_clone
    ),
}


class Transfer:
    """See ``suite.Suite``."""

    about = (
        "What clients of git and hg read and push: our server with 2 processes and SQLite, asked by somebody with a "
        "token, against git-http-backend and hgweb. Clients that read only count what comes back; those that push are "
        "the real ones. A figure is the CPU time of all clients of a workload together: "
        f"{_CLONES} for clone4, {_CLIENTS} for polls, {pushes.FETCHES} for fetch-after-push."
    )
    workloads = (*WORKLOADS, *pushes.WORKLOADS)

    def missing(self) -> Sequence[str]:
        """See ``suite.Suite``."""
        return [f"{peer.name}: {words}" for peer in _PEERS.values() if (words := peer.find_missing())]

    def run(self, run: Run) -> Iterator[Row]:
        """See ``suite.Suite``."""
        for kind, peer in _PEERS.items():
            names = [name for name, workload in WORKLOADS.items() if name in run.only and workload.kind is kind]
            if names:
                yield from _run_kind(run, kind, peer, names)
            names = [name for name, workload in pushes.WORKLOADS.items() if name in run.only and workload.kind is kind]
            if names:
                yield from pushes.run_pushes(run, kind, peer, names)


def _run_kind(run: Run, kind: Kind, peer: Site, names: Sequence[str]) -> Iterator[Row]:
    repository = run.repositories.ensure(kind, run.sources.get(kind))
    ends = _find_git_ends(repository) if kind is Kind.GIT else _find_hg_ends(repository)
    folder = run.folder / f"transfer-{kind}"
    with contextlib.ExitStack() as servers:
        ours = servers.enter_context(Kallithea().serve(_made(folder / "kallithea"), [repository]))
        server = _server(ours, repository)
        others = []
        if not peer.find_missing():
            running = servers.enter_context(peer.serve(_made(folder / peer.name), [repository]))
            others.append((peer, running))
        for name in names:
            cells = [_cell(run, "kallithea", ours, server, WORKLOADS[name], ends)]
            for site, running in others:
                there = Server(running.port, repository.name)
                cells.append(_cell(run, site.name, running, there, WORKLOADS[name], ends))
            limit = _find_limit(run, server, WORKLOADS[name], ends)
            for unit in WORKLOADS[name].units:
                yield replace(_row(name, unit, peer, cells), limit=limit)


def _find_limit(run: Run, server: Server, workload: Workload, ends: Ends) -> float | None:
    if workload.limit is None:
        return None
    with tempfile.TemporaryDirectory(dir=run.folder) as folder:
        port, file = free_port(), Path(folder) / "answer"
        # whatever is wrong has shown when ours was measured
        with contextlib.suppress(LackError, OSError, http.client.HTTPException):
            server.save(workload.limit(ends), file)
        with running(
            [sys.executable, "-m", sendfile_loop.__name__, str(port), file], file.parent, os.environ
        ) as number:
            wait_until_served(port, "/", file.parent)
            bare = Server(port, server.repository)
            cell = measure("sendfile", RunningSite(port, (number,)), [partial(workload.visit, bare, ends)], run.effort)
    return None if cell.lack else cell.cpu


def _row(name: str, unit: Unit, peer: Site, cells: Sequence[Cell]) -> Row:
    best = next((cell for cell in cells[1:] if not cell.lack), None)
    return Row(
        name,
        "known" if WORKLOADS[name].known else "cold",
        unit,
        None if cells[0].lack else unit.of(cells[0]),
        unit.of(best) if best is not None else None,
        best.name if best is not None else "",
        peer.command if best is not None else "",
        failure=cells[0].lack,
        cells=tuple(cells),
    )


def _cell(run: Run, name: str, running: RunningSite, server: Server, workload: Workload, ends: Ends) -> Cell:
    visit = partial(workload.visit, server, ends)
    if workload.known:
        # whatever is wrong shows when it is measured
        with contextlib.suppress(LackError, OSError, http.client.HTTPException):
            visit()
    elif isinstance(running, RunningKallithea):
        running.forget()
    effort = run.effort if workload.known else run.effort.once()
    return measure(name, running, [visit], effort)


def _server(ours: RunningKallithea, repository: Path) -> Server:
    return Server(ours.port, repository.name, basic(USER, make_token(ours, "read")))


def _find_git_ends(repository: Path) -> Ends:
    git = ["git", f"--git-dir={repository}"]
    wants = output_of([*git, "for-each-ref", "--format=%(objectname)", "refs/heads", "refs/tags"]).decode().split()
    head, *_rest, earlier = output_of([*git, "rev-list", "--first-parent", "-20", "HEAD"]).decode().split()
    size = sum(path.stat().st_size for path in (repository / "objects/pack").glob("*.pack"))
    return Ends(tuple(dict.fromkeys(wants)), head, earlier, size)


def _find_hg_ends(repository: Path) -> Ends:
    heads = output_of([hg_program(), "-R", str(repository), "log", "-r", "head()", "-T", "{node} "]).decode().split()
    size = sum(path.stat().st_size for path in (repository / ".hg/store").rglob("*") if path.is_file())
    return Ends(heads, heads[0], heads[-1], size)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder

"""The suite of all pages that read a repository."""

import contextlib
import http.client
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kallithea.vcs.types import Kind
from scripts.benchmarks.kallithea_site import Kallithea, RunningKallithea
from scripts.benchmarks.pages.big import BIG_PAGES, measure_big
from scripts.benchmarks.pages.columns import measure_again, measure_page
from scripts.benchmarks.pages.home import HOME, measure_home
from scripts.benchmarks.pages.last_changes import measure_after_push, measure_cold
from scripts.benchmarks.pages.picking import Picker
from scripts.benchmarks.pages.rights import RIGHTS, measure_rights
from scripts.benchmarks.pages.stage import Peer, Stage
from scripts.benchmarks.pages.workloads import PAGES
from scripts.benchmarks.peers.cgit import Cgit
from scripts.benchmarks.peers.gitweb import Gitweb
from scripts.benchmarks.peers.hgweb import Hgweb
from scripts.benchmarks.rows import Row
from scripts.benchmarks.sites import Site
from scripts.benchmarks.suite import Run
from scripts.benchmarks.truth.commands import CommandError
from scripts.benchmarks.truth.git import GitTruth
from scripts.benchmarks.truth.hg import HgTruth

_PEERS: Sequence[Site] = (Cgit(keeps_pages=False), Cgit(keeps_pages=True), Gitweb(), Hgweb())
#: Pages that a visitor comes back to, for the workload "again".
_REVISITED = ("summary", "root", "deep", "blob1k", "log1", "diff")
#: After a push the head is another one, so it is the last.
_NAMES = ("summary", "root", "root-cold", *list(PAGES)[2:], "again", "root-push")
#: Everything about Mercurial costs more, and nothing of it less than some milliseconds.
_MOST_OF_HG = 10


class Pages:
    """See ``suite.Suite``."""

    about = (
        "Pages that read a repository: our server with 2 processes and SQLite, visitors may read, against cgit (its "
        "page cache off and on), gitweb and hgweb, each as its documentation says that it runs best, and against the "
        "bare git or hg command. git-http-backend shows no pages: what it sends are whole objects and packs."
    )
    workloads = (HOME, RIGHTS, *_NAMES, *BIG_PAGES, *(f"hg-{name}" for name in (*_NAMES, *BIG_PAGES)))

    def missing(self) -> Sequence[str]:
        """See ``suite.Suite``."""
        return [f"{peer.name}: {words}" for peer in _PEERS if (words := peer.find_missing())]

    def run(self, run: Run) -> Iterator[Row]:
        """See ``suite.Suite``."""
        if HOME in run.only:
            yield from measure_home(run)
        if RIGHTS in run.only:
            yield from measure_rights(run)
        parts = [part for part in _parts(run) if part.names]
        if not parts:
            return
        with contextlib.ExitStack() as servers:
            repositories = [part.repository for part in parts]
            ours = servers.enter_context(Kallithea().serve(_folder(run, "kallithea"), repositories))
            for part in parts:
                with _stage(run, part, ours) as stage:
                    for name in part.names:
                        yield from _measure_or_fail(stage, name, part.repository)


@dataclass(frozen=True)
class _Part:
    """Workloads that one repository is for."""

    kind: Kind
    repository: Path
    names: Sequence[str]
    peers: Sequence[Site]


def _parts(run: Run) -> Iterator[_Part]:
    for kind, prefix in ((Kind.GIT, ""), (Kind.HG, "hg-")):
        usual = [name for name in _NAMES if prefix + name in run.only]
        if usual:
            peers = [peer for peer in _PEERS if peer.kind is kind and not peer.find_missing()]
            yield _Part(kind, run.repositories.ensure(kind, run.sources.get(kind)), usual, peers)
        big = [name for name in BIG_PAGES if prefix + name in run.only]
        if big:
            yield _Part(kind, run.repositories.ensure_big(kind), big, ())


def _measure_or_fail(stage: Stage, name: str, repository: Path) -> Iterator[Row]:
    try:
        yield from _measure(stage, name, repository)
    except (CommandError, OSError, http.client.HTTPException) as problem:
        yield stage.failed(name, str(problem))


def _measure(stage: Stage, name: str, repository: Path) -> Iterator[Row]:
    match name:
        case "root-cold":
            yield from measure_cold(stage)
        case "root-push":
            yield from measure_after_push(stage, repository)
        case _ if name in BIG_PAGES:
            yield from measure_big(stage, name)
        case "again":
            few = replace(stage.picker, most=1)
            revisited = [target for page in _REVISITED for target in PAGES[page](few)]
            yield measure_again(stage, name, revisited, revisited)
        case _:
            targets = PAGES[name](stage.picker)
            if targets:
                yield from measure_page(stage, name, targets)
            else:
                yield stage.failed(name, "The repository has nothing of this shape.")


@contextlib.contextmanager
def _stage(run: Run, part: _Part, ours: RunningKallithea) -> Iterator[Stage]:
    """Start the peers. Raises ServerError if one does not start."""
    truth = GitTruth(part.repository) if part.kind is Kind.GIT else HgTruth(part.repository)
    most = min(run.effort.most, _MOST_OF_HG) if part.kind is Kind.HG else run.effort.most
    with contextlib.ExitStack() as servers:
        servers.callback(truth.close)
        peers = [
            Peer(site, servers.enter_context(site.serve(_folder(run, site.name), [part.repository])))
            for site in part.peers
        ]
        yield Stage(part.kind, part.repository.name, truth, Picker(truth, run.seed, most), ours, peers, run.effort)


def _folder(run: Run, name: str) -> Path:
    path = run.folder / name
    path.mkdir(parents=True)
    return path

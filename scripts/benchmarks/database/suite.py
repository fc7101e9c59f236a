"""The suite of databases, processes and caches: the same requests by several clients at once, on each of them."""

import contextlib
import http
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kallithea.vcs.types import Kind
from scripts.benchmarks.accounting import settled_cpu_seconds
from scripts.benchmarks.browser import Browser, read_forms
from scripts.benchmarks.database.servers import SERVERS, Database
from scripts.benchmarks.kallithea_site import PASSWORD, USER, Kallithea, RunningKallithea, make_token
from scripts.benchmarks.measuring import LackError, Visit, cell_of
from scripts.benchmarks.rows import Row, Unit
from scripts.benchmarks.suite import Run
from scripts.benchmarks.transfer.exchange import POLL, Server, basic

CACHE = "cache"

_CLIENTS = 8
_PROCESSES = (1, 2, 4)
_ROUND = 4
_REDIS = "redis://127.0.0.1:6379/15"
# Generated repositories below this scale are there to try the bench: one number of processes is enough.
_WHOLE = 0.1


@dataclass(frozen=True)
class _Site:
    """A running site, the member who asks, and the processes of its database server."""

    running: RunningKallithea
    repository: str
    server: Server
    database: Database

    def member(self) -> Browser:
        browser = Browser()
        browser.fill_in(self.running.port, "/_admin/login", {"username": USER, "password": PASSWORD})
        return browser


def _pages(site: _Site) -> Callable[[], Visit]:
    return _looks(site, f"/{site.repository}")


def _lists(site: _Site) -> Callable[[], Visit]:
    return _looks(site, "/")


def _looks(site: _Site, address: str) -> Callable[[], Visit]:
    member, port = site.member(), site.running.port

    def look() -> Visit:
        started = time.perf_counter()
        page = member.get(port, address)
        wall = time.perf_counter() - started
        if site.repository not in page.text:
            raise LackError(f"{address}: {site.repository} is missing")
        return Visit(wall, wall)

    return look


def _polls(site: _Site) -> Callable[[], Visit]:
    return partial(site.server.ask, POLL)


def _writes(site: _Site) -> Callable[[], Visit]:
    """Follow and no longer follow a repository, in turn: a row, and an entry of the journal."""
    member, port = site.member(), site.running.port
    targets = [f"/{site.repository}/{name}" for name in ("follow", "unfollow")]
    forms = read_forms(member.get(port, f"/{site.repository}").text)
    token = next(forms[target] for target in targets if target in forms)

    def write() -> Visit:
        started = time.perf_counter()
        page = member.ask(port, targets[0], token)
        wall = time.perf_counter() - started
        if page.status != http.HTTPStatus.SEE_OTHER:
            raise LackError(f"{targets[0]}: status {page.status}")
        targets.reverse()
        return Visit(wall, wall)

    return write


_WORKLOADS: dict[str, Callable[[_Site], Callable[[], Visit]]] = {
    "summary": _pages,
    "list": _lists,
    "poll": _polls,
    "follow": _writes,
}


class Databases:
    """See ``suite.Suite``."""

    about = (
        "The same requests by 8 clients at once, with SQLite, PostgreSQL and MariaDB and with 1, 2 and 4 processes: "
        "the first page of a repository and the list of repositories for a member, and a poll of git with a token; and "
        "a form that writes a row, by one client. The CPU time of a database server is a row of its own. Then the "
        "first page with small values cached in files and in Redis."
    )
    workloads = (*_WORKLOADS, CACHE)

    def missing(self) -> Sequence[str]:
        """See ``suite.Suite``."""
        return [words for server in SERVERS if (words := server.find_missing())]

    def run(self, run: Run) -> Iterator[Row]:
        """See ``suite.Suite``."""
        repository = run.repositories.ensure(Kind.GIT, run.sources.get(Kind.GIT))
        names = [name for name in _WORKLOADS if name in run.only]
        numbers = _PROCESSES if run.repositories.scale >= _WHOLE else _PROCESSES[:1]
        with contextlib.ExitStack() as stack:
            for name, processes in [(name, number) for name in _databases() for number in numbers] if names else []:
                database = stack.enter_context(_open(name))
                settings = (*database.settings, f"workers={processes}")
                with _serve(run, repository, f"{name}-{processes}", settings, database) as site:
                    for workload in names:
                        yield from _measure(run, site, workload, f"{name}, {processes}")
        if CACHE in run.only:
            for name, cache in _CACHES.items():
                with _serve(run, repository, f"cache-{name}", cache, Database()) as site:
                    yield from _measure(run, site, "summary", name, CACHE)


#: What is said of the cache of small values in the .ini.
_CACHES: dict[str, tuple[str, ...]] = {
    "files": (),
    "redis": ("beaker.cache.type=ext:redis", f"beaker.cache.url={_REDIS}"),
}


def _databases() -> list[str]:
    return ["sqlite", *(server.name for server in SERVERS if not server.find_missing())]


@contextlib.contextmanager
def _open(name: str) -> Iterator[Database]:
    found = next((server for server in SERVERS if server.name == name), None)
    if found is None:
        yield Database()
        return
    with found.fresh() as database:
        yield database


@contextlib.contextmanager
def _serve(run: Run, repository: Path, name: str, settings: Sequence[str], database: Database) -> Iterator[_Site]:
    folder = run.folder / name
    folder.mkdir(parents=True)
    # What a worker does of its own accord is not what is measured.
    with Kallithea(settings=("worker=separate", *settings)).serve(folder, [repository]) as running:
        server = Server(running.port, repository.name, basic(USER, make_token(running, "read")))
        yield _Site(running, repository.name, server, database)


def _measure(run: Run, site: _Site, workload: str, kind: str, name: str = "") -> Iterator[Row]:
    """Two rows: the CPU time of our processes, and that of the database server's where there is one."""
    # nobody sends the same form of the same account from several places at once
    visits = [_WORKLOADS[workload](site) for _client in range(1 if workload == "follow" else _CLIENTS)]
    roots = (site.running.process_ids, site.database.process_ids)
    _repeat(visits, 1)
    before, started = [settled_cpu_seconds(ids) for ids in roots], time.monotonic()
    made, lack, deadline = list[Visit](), "", started + run.effort.seconds * len(visits)
    while not lack and (not made or (time.monotonic() < deadline and len(made) < run.effort.most)):
        more, lack = _repeat(visits, _ROUND)
        made += more
    wall = time.monotonic() - started
    ours, theirs = (settled_cpu_seconds(ids) - since for ids, since in zip(roots, before, strict=True))
    cell = cell_of("kallithea", ours, made, lack)
    yield Row(name or workload, kind, Unit.CPU, None if lack else cell.cpu, failure=lack, cells=(cell,))
    if lack:
        return
    yield Row(name or workload, kind, Unit.RATE, len(made) / wall)
    if site.database.process_ids:
        yield Row(name or workload, kind, Unit.DATABASE, theirs * 1000 / len(made))


def _repeat(visits: Sequence[Callable[[], Visit]], times: int) -> tuple[list[Visit], str]:
    """Each client makes its visit so many times; what was made, and what went wrong first."""

    def one(visit: Callable[[], Visit]) -> list[Visit]:
        return [visit() for _number in range(times)]

    with ThreadPoolExecutor(len(visits)) as threads:
        futures = [threads.submit(one, visit) for visit in visits]
        made: list[Visit] = []
        for future in futures:
            try:
                made += future.result()
            except (LackError, OSError) as problem:
                return made, str(problem) or type(problem).__name__
    return made, ""

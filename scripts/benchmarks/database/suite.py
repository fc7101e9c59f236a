"""The suite of databases, processes and caches: the same requests by several clients at once, on each of them."""

import contextlib
import http
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from kallithea.vcs.types import Kind
from scripts.benchmarks.accounting import settled_cpu_seconds
from scripts.benchmarks.browser import read_forms
from scripts.benchmarks.database import caches
from scripts.benchmarks.database.caches import CACHE, measure_caches
from scripts.benchmarks.database.servers import SERVERS, Database
from scripts.benchmarks.database.sites import DatabaseSite, serve
from scripts.benchmarks.kallithea_site import USER
from scripts.benchmarks.measuring import LackError, Visit, cell_of
from scripts.benchmarks.rows import Row, Unit
from scripts.benchmarks.suite import Run
from scripts.benchmarks.transfer.exchange import POLL
from scripts.benchmarks.truth.commands import output_of

_DISK = "disk"
_CLIENTS = 8
_WRITERS = 4
_PROCESSES = (1, 2, 4)
_ROUND = 4
_SYNCED_BYTES = 4096
_MOST_SYNCED = 200
# Generated repositories below this scale are there to try the bench: one number of processes is enough.
_WHOLE = 0.1


def _pages(site: DatabaseSite, _number: int) -> Callable[[], Visit]:
    return _looks(site, f"/{site.repository}")


def _lists(site: DatabaseSite, _number: int) -> Callable[[], Visit]:
    return _looks(site, "/")


def _looks(site: DatabaseSite, address: str) -> Callable[[], Visit]:
    member, port = site.member(), site.running.port

    def look() -> Visit:
        started = time.perf_counter()
        page = member.get(port, address)
        wall = time.perf_counter() - started
        if site.repository not in page.text:
            raise LackError(f"{address}: {site.repository} is missing")
        return Visit(wall, wall)

    return look


def _polls(site: DatabaseSite, _number: int) -> Callable[[], Visit]:
    return partial(site.server.ask, POLL)


def _writes(site: DatabaseSite, number: int) -> Callable[[], Visit]:
    """Follow and no longer follow a repository, in turn: a row, and an entry of the journal."""
    # nobody sends the same form of the same account from several places at once
    name = f"{USER}{number}" if number else USER
    if number:
        site.make_account(name)
    member, port = site.member(name), site.running.port
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


@dataclass(frozen=True)
class _Workload:
    """So many clients at once; ``prepare`` makes what the client of a number does again and again."""

    clients: int
    prepare: Callable[[DatabaseSite, int], Callable[[], Visit]]


_WORKLOADS: dict[str, _Workload] = {
    "summary": _Workload(_CLIENTS, _pages),
    "list": _Workload(_CLIENTS, _lists),
    "poll": _Workload(_CLIENTS, _polls),
    "follow": _Workload(1, _writes),
    f"follow{_WRITERS}": _Workload(_WRITERS, _writes),
}


class Databases:
    """See ``suite.Suite``."""

    about = (
        "The same requests by 8 clients at once, with SQLite, PostgreSQL and MariaDB and with 1, 2 and 4 processes: "
        "the first page of a repository and the list of repositories for a member, and a poll of git with a token; and "
        "a form that writes a row, by one client and by four. The CPU time of a database server is a row of its own. "
        "disk is how long 4 KiB take that are written and synced where the databases of SQLite lie. cache is what "
        "pages and requests of git cost with all caches off, in files, and with small values in Redis, and pages that "
        "a browser has; of these the CPU time of Redis is not counted."
    )
    workloads = (_DISK, *_WORKLOADS, CACHE)

    def missing(self) -> Sequence[str]:
        """See ``suite.Suite``."""
        found = (*(server.find_missing() for server in SERVERS), caches.find_missing())
        return [words for words in found if words]

    def run(self, run: Run) -> Iterator[Row]:
        """See ``suite.Suite``."""
        if _DISK in run.only:
            yield _measure_disk(run)
        repository = run.repositories.ensure(Kind.GIT, run.sources.get(Kind.GIT))
        names = [name for name in _WORKLOADS if name in run.only]
        numbers = _PROCESSES if run.repositories.scale >= _WHOLE else _PROCESSES[:1]
        with contextlib.ExitStack() as stack:
            for name, processes in [(name, number) for name in _databases() for number in numbers] if names else []:
                database = stack.enter_context(_open(name))
                settings = (*database.settings, f"workers={processes}")
                with serve(run, repository, f"{name}-{processes}", settings, database) as site:
                    for workload in names:
                        yield from _measure(run, site, workload, _in_words(processes), name)
        if CACHE in run.only:
            yield from measure_caches(run, repository)


def _in_words(processes: int) -> str:
    return f"{processes} {'process' if processes == 1 else 'processes'}"


def _measure_disk(run: Run) -> Row:
    """How long the disk takes to have a little more of a file, as at the end of each transaction of SQLite."""
    run.folder.mkdir(parents=True, exist_ok=True)
    made = []
    with (run.folder / "synced").open("wb", buffering=0) as file:
        for _number in range(min(run.effort.most, _MOST_SYNCED)):
            started = time.perf_counter()
            file.write(os.urandom(_SYNCED_BYTES))
            os.fdatasync(file.fileno())
            wall = time.perf_counter() - started
            made.append(Visit(wall, wall))
    kind = output_of(["stat", "--file-system", "--format", "%T", str(run.folder)]).decode().strip()
    cell = cell_of("disk", 0.0, made, "")
    return Row(_DISK, f"4 KiB, {kind}", Unit.WALL, cell.p50, cells=(cell,))


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


def _measure(run: Run, site: DatabaseSite, name: str, kind: str, column: str) -> Iterator[Row]:
    """The CPU time of our processes, that of the database server's where there is one, and the rate."""
    workload = _WORKLOADS[name]
    visits = [workload.prepare(site, number) for number in range(workload.clients)]
    roots = (site.running.process_ids, site.database.process_ids)
    # each process has had its first requests
    _repeat(visits, _ROUND)
    before, started = [settled_cpu_seconds(ids) for ids in roots], time.monotonic()
    made, lack, deadline = list[Visit](), "", started + run.effort.seconds * len(visits)
    while not lack and (not made or (time.monotonic() < deadline and len(made) < run.effort.most)):
        more, lack = _repeat(visits, _ROUND)
        made += more
    wall = time.monotonic() - started
    ours, theirs = (settled_cpu_seconds(ids) - since for ids, since in zip(roots, before, strict=True))
    cell = cell_of("kallithea", ours, made, lack)
    ours_each = None if lack else cell.cpu
    yield Row(name, kind, Unit.CPU, ours_each, failure=lack, column=column, cells=(cell,))
    if lack:
        return
    if site.database.process_ids:
        yield Row(name, kind, Unit.DATABASE, theirs * 1000 / len(made), column=column)
    yield Row(name, kind, Unit.RATE, len(made) / wall, column=column)


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

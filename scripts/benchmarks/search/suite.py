"""The suite of the search index: queries among what a thousand repositories have, one changed file, all of it."""

import contextlib
import dataclasses
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kallithea.search.documents import Document, DocumentKind, Update
from kallithea.search.engine import Index, SearchEngine
from kallithea.search.finding import Narrowing, find
from kallithea.search.parser import parse_query
from kallithea.search.postgresql_engine import PostgresqlEngine
from kallithea.search.sqlite_engine import SqliteEngine
from kallithea.search.whoosh_engine import WhooshEngine
from kallithea.vcs.types import Kind
from scripts.benchmarks.accounting import settled_cpu_seconds
from scripts.benchmarks.postgresql import find_missing, fresh_database
from scripts.benchmarks.rows import Row, Unit
from scripts.benchmarks.search.documents import REPOSITORIES, choose_queries, read_documents
from scripts.benchmarks.search.following import PUSH, measure_pushes
from scripts.benchmarks.suite import Run

QUERIES = ("term", "phrase", "prefix", "identifier", "substring", "path-filter")

_ROUNDS = 3
_UPDATES = 20
_STEP = 500
_READABLE = dict.fromkeys(range(1, REPOSITORIES // 2 + 1), "git")


@dataclass(frozen=True)
class Bars:
    """What an engine may take, in milliseconds: a query (19 of 20), an update, and the CPU time of a whole build."""

    query: float | None = None
    update: float | None = None
    build: float | None = None


@dataclass(frozen=True)
class Subject:
    """An engine, what it is held to, and the server in which it works, if there is one."""

    name: str
    engine: SearchEngine
    bars: Bars = Bars()
    server: Sequence[int] = ()


class Search:
    """See ``suite.Suite``."""

    about = (
        "The search index: files and the 30,000 newest messages of a history, spread over 2,000 repositories, half of "
        "which may be read. Of queries and updates the figure is what 19 of 20 take at most; of the build CPU time, "
        "that of a database server included. The limits are what the engine is held to. ``push`` is the time from the "
        "end of a push by git and hg to `kallithea serve` until a search finds its file, the longest of some."
    )
    workloads = (*QUERIES, "update", "build", PUSH)

    def missing(self) -> Sequence[str]:
        """See ``suite.Suite``."""
        missing = find_missing()
        return (missing,) if missing else ()

    def run(self, run: Run) -> Iterator[Row]:
        """See ``suite.Suite``."""
        if PUSH in run.only:
            yield from measure_pushes(run)
        if set(run.only) == {PUSH}:
            return
        documents = read_documents(run.repositories.ensure(Kind.GIT, run.sources.get(Kind.GIT)), run.seed)
        queries = choose_queries(documents, run.seed)
        with contextlib.ExitStack() as stack:
            for subject in _subjects(run.folder, stack):
                name, engine, bars = subject.name, subject.engine, subject.bars
                built = _build(subject, documents)
                with engine.open() as index:
                    for workload in QUERIES:
                        if workload in run.only:
                            figure = _ask(index, queries.by_workload[workload])
                            yield Row(workload, name, Unit.WALL, figure, limit=bars.query)
                    if "update" in run.only:
                        yield Row("update", name, Unit.WALL, _update(index, documents), limit=bars.update)
                if "build" in run.only:
                    yield Row("build", name, Unit.CPU, built, limit=bars.build)


def _subjects(folder: Path, stack: contextlib.ExitStack) -> Iterator[Subject]:
    yield Subject("sqlite", SqliteEngine(folder / "index"), Bars(50, 100, 15_000))
    yield Subject("whoosh", WhooshEngine(folder / "whoosh", _always))
    if not find_missing():
        database = stack.enter_context(fresh_database())
        yield Subject("postgresql", PostgresqlEngine(database.address), Bars(150, 150, 30_000), (database.process_id,))


def _always() -> contextlib.AbstractContextManager[Callable[[], None]]:
    """Nobody else writes here."""
    return contextlib.nullcontext(lambda: None)


def _build(subject: Subject, documents: Sequence[Document]) -> float:
    """The CPU time of making a whole index, as ``kallithea index-create --full`` does."""
    before = settled_cpu_seconds(subject.server)
    started = time.process_time()
    engine = subject.engine
    name = engine.begin()
    with engine.open_generation(name) as index:
        for start in range(0, len(documents), _STEP):
            index.apply(Update(0, documents=documents[start : start + _STEP]))
    engine.switch(name)
    ours = time.process_time() - started
    return (ours + settled_cpu_seconds(subject.server) - before) * 1000


def _ask(index: Index, queries: Sequence[str]) -> float:
    times = []
    for _round in range(_ROUNDS):
        for text in queries:
            started = time.perf_counter()
            find(index, parse_query(text), _READABLE, Narrowing())
            times.append((time.perf_counter() - started) * 1000)
    return _nineteen_of_twenty(times)


def _update(index: Index, documents: Sequence[Document]) -> float:
    times = []
    code = [document for document in documents if document.facts.kind is DocumentKind.CODE][:_UPDATES]
    for number, document in enumerate(code):
        facts = document.facts
        changed = dataclasses.replace(document, text=f"{document.text}\nchanged {number}\n")
        name = Document(dataclasses.replace(facts, kind=DocumentKind.FILE), facts.path)
        started = time.perf_counter()
        gone = [facts.address]
        index.apply(Update(facts.repository_id, branch="main", gone_files=gone, documents=[changed, name]))
        times.append((time.perf_counter() - started) * 1000)
    return _nineteen_of_twenty(times)


def _nineteen_of_twenty(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]

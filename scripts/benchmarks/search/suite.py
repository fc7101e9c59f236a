"""The suite of the search index: queries among what a thousand repositories have, one changed file, all of it."""

import dataclasses
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kallithea.search.documents import Document, DocumentKind, Update
from kallithea.search.engine import Index, SearchEngine
from kallithea.search.finding import Narrowing, find
from kallithea.search.parser import parse_query
from kallithea.search.sqlite_engine import SqliteEngine
from kallithea.vcs.types import Kind
from scripts.benchmarks.rows import Row, Unit
from scripts.benchmarks.search.documents import REPOSITORIES, choose_queries, read_documents
from scripts.benchmarks.suite import Run

QUERIES = ("term", "phrase", "prefix", "identifier", "substring", "path-filter")

_ROUNDS = 3
_UPDATES = 20
_STEP = 500
_READABLE = range(1, REPOSITORIES // 2 + 1)


@dataclass(frozen=True)
class Bars:
    """What an engine may take, in milliseconds: a query (19 of 20), an update, and the CPU time of a whole build."""

    query: float
    update: float
    build: float


_BARS = {"sqlite": Bars(50, 100, 15_000)}


class Search:
    """See ``suite.Suite``."""

    about = (
        "The search index: files and the 30,000 newest messages of a history, spread over 2,000 repositories, half of "
        "which may be read. Of queries and updates the figure is what 19 of 20 take at most; of the build CPU time. "
        "The limits are what the engine is held to."
    )
    workloads = (*QUERIES, "update", "build")

    def missing(self) -> Sequence[str]:
        """See ``suite.Suite``."""
        return ()

    def run(self, run: Run) -> Iterator[Row]:
        """See ``suite.Suite``."""
        documents = read_documents(run.repositories.ensure(Kind.GIT, run.sources.get(Kind.GIT)), run.seed)
        queries = choose_queries(documents, run.seed)
        for name, engine in _engines(run.folder).items():
            bars = _BARS[name]
            with engine.open() as index:
                built = _build(index, documents)
                for workload in QUERIES:
                    if workload in run.only:
                        figure = _ask(index, queries.by_workload[workload])
                        yield Row(workload, name, Unit.WALL, figure, limit=bars.query)
                if "update" in run.only:
                    yield Row("update", name, Unit.WALL, _update(index, documents), limit=bars.update)
            if "build" in run.only:
                yield Row("build", name, Unit.CPU, built, limit=bars.build)


def _engines(folder: Path) -> dict[str, SearchEngine]:
    return {"sqlite": SqliteEngine(folder / "index")}


def _build(index: Index, documents: Sequence[Document]) -> float:
    started = time.process_time()
    for start in range(0, len(documents), _STEP):
        index.apply(Update(0, documents=documents[start : start + _STEP]))
    return (time.process_time() - started) * 1000


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

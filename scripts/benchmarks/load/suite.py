"""The suite of load: two instances of two processes each, and everybody at once."""

import time
from collections.abc import Iterator, Sequence

from kallithea.vcs.types import Kind
from scripts.benchmarks.load import haproxy
from scripts.benchmarks.load.actors import Scene, Ways, add_large_file, find_pages, publish
from scripts.benchmarks.load.cluster import Cluster, serve
from scripts.benchmarks.load.crowd import gather
from scripts.benchmarks.load.kills import kill_at_random, roll
from scripts.benchmarks.load.memory import watch_memory
from scripts.benchmarks.load.processes import PROCESSES, measure_processes
from scripts.benchmarks.load.tally import Tally, without_excuse
from scripts.benchmarks.load.truth import find_truth
from scripts.benchmarks.load.waits import watch
from scripts.benchmarks.postgresql import find_missing
from scripts.benchmarks.rows import Row, Unit
from scripts.benchmarks.suite import Run

_MIXED = ("errors", "locks", "memory")
_TRUTH = ("stale", "lost", "doubled", "damaged", "journal")
_LOCKS_PERCENT = 2.0
_MEMORY_MB = 150.0
# Flat, with what a look varies by.
_GROWN_PERCENT = 3
_SHOWN = 5


class Load:
    """See ``suite.Suite``."""

    about = (
        "Mixed load on a site of two instances with two processes each, which share repositories and a database "
        "(PostgreSQL, else SQLite) and nothing else: pages, searches, clones and pushes with the real git and hg, "
        "sign-ins, rights and settings that change, a slow download; half of it through HAProxy. --seconds is how long "
        "it lasts. What was pushed, granted or saved by one instance must be shown by the very next answer of another. "
        "Each count but that of the journal's entries must be 0. Repositories come from --git and --hg, or from "
        "--scale; --set gives the instances further settings. Then, through HAProxy alone: restarts of one instance "
        "after the other, and --kills kills of any process, which may fail what was on its way at that moment, and "
        "nothing else. At the end every accepted push must be there and in the journal, once."
    )
    workloads = (PROCESSES, *_MIXED, "rolling", "kills", *_TRUTH)

    def missing(self) -> Sequence[str]:
        """See ``suite.Suite``."""
        missing = [find_missing()]
        if not haproxy.PROGRAM.exists():
            missing.append(f"{haproxy.PROGRAM} (apt install haproxy)")
        return [words for words in missing if words]

    def run(self, run: Run) -> Iterator[Row]:
        """See ``suite.Suite``."""
        repositories = run.folder / "repositories"
        for kind in Kind:
            run.repositories.copy(kind, run.sources.get(kind), repositories)
        publish(repositories)
        pages, large = find_pages(repositories), add_large_file(repositories)
        with serve(run.folder, repositories, run.settings) as cluster:
            if PROCESSES in run.only:
                yield from measure_processes(run, cluster, pages)
            if not _wanted(run, *_MIXED, "rolling", "kills", *_TRUTH):
                return
            tally = Tally()
            yield from _phases(run, cluster, tally, pages, large)
            truth = find_truth(tally, repositories, cluster.database)
        yield _counted("stale", tally.stale)
        yield _counted("lost", truth.lost)
        yield _counted("doubled", truth.doubled)
        yield _counted("damaged", truth.damaged)
        yield Row("journal", f"{truth.still_open} unsettled", Unit.COUNT, truth.journal)


def _phases(run: Run, cluster: Cluster, tally: Tally, pages: Sequence[str], large: str) -> Iterator[Row]:
    clones, front = run.folder / "clones", cluster.front
    clones.mkdir()
    if _wanted(run, *_MIXED, *_TRUTH):
        ports = cluster.ports if front is None else [front.port, *cluster.ports]
        yield from _mix(run, cluster, Scene(cluster, Ways(ports), tally, clones, pages, large))
    if front is None:
        without = (name for name in ("rolling", "kills") if name in run.only)
        yield from (Row(name, "", Unit.COUNT, None, failure="HAProxy is not here.") for name in without)
        return
    scene = Scene(cluster, Ways([front.port]), tally, clones, pages, large)
    if "rolling" in run.only:
        yield _roll(scene, front)
    if "kills" in run.only:
        yield _kill(run, scene)


def _wanted(run: Run, *names: str) -> bool:
    return not set(names).isdisjoint(run.only)


def _mix(run: Run, cluster: Cluster, scene: Scene) -> Iterator[Row]:
    """Everybody at once for some time; the rows are of what was asked meanwhile."""
    tally, seconds = scene.tally, run.effort.seconds
    crowd = gather(scene, "load")
    roots = [instance.process_id for instance in cluster.instances]
    with (
        watch(lambda: roots, cluster.database, tally) as waits,
        watch_memory(lambda: _workers(cluster)) as memory,
        crowd.at_work(),
    ):
        time.sleep(seconds / 2)
        middle = memory.held
        time.sleep(seconds / 2)
        end = memory.held
    yield _counted("errors", [failure.words for failure in tally.failures], f"of {tally.asked.total()}")
    for what, count in sorted(tally.asked.items()):
        yield Row("errors", what, Unit.COUNT, count)
    yield Row("locks", "waiting", Unit.PERCENT, waits.share, limit=_LOCKS_PERCENT)
    for kind, figure in (("half time", middle), ("end", end)):
        yield Row("memory", kind, Unit.MEMORY, figure, limit=_MEMORY_MB)
    yield Row("memory", "at a moment", Unit.MEMORY, memory.most)
    grown = max(end / middle - 1, 0) * 100 if middle else 0
    yield Row("memory", "grown in the second half", Unit.GROWTH, grown, limit=_GROWN_PERCENT)


def _workers(cluster: Cluster) -> list[int]:
    return [worker for instance in cluster.instances for worker in instance.workers()]


def _roll(scene: Scene, front: haproxy.Front) -> Row:
    before = len(scene.tally.failures)
    with gather(scene, "rolling").at_work():
        roll(scene.cluster, front)
    return _counted("rolling", [failure.words for failure in scene.tally.failures[before:]], "failed")


def _kill(run: Run, scene: Scene) -> Row:
    """What failed and was not on its way when something was killed, or beside others when a child was."""
    before = len(scene.tally.failures)
    with gather(scene, "kills").at_work():
        deaths = kill_at_random(scene.cluster, run.kills, run.seed)
    failures = scene.tally.failures[before:]
    others = [failure.tell_after(deaths) for failure in without_excuse(failures, deaths)]
    return _counted("kills", others, f"{run.kills} kills, {len(failures) - len(others)} in flight")


def _counted(workload: str, found: Sequence[str], kind: str = "") -> Row:
    """A row of what must not be."""
    shown = "; ".join(found[:_SHOWN])
    return Row(workload, kind, Unit.COUNT, len(found), limit=0, failure=f"{len(found)}: {shown}" if found else "")

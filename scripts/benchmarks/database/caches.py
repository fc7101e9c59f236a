"""The same pages and clients with caches off, in files, and with small values in Redis."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from redis import Redis, RedisError

from kallithea.vcs.types import Kind
from scripts.benchmarks.database.servers import Database
from scripts.benchmarks.database.sites import DatabaseSite, serve
from scripts.benchmarks.measuring import Cell, Visit, warm_up
from scripts.benchmarks.pages.columns import measure_again, measure_known, with_last_changes
from scripts.benchmarks.pages.picking import THOUSAND_LINES, Picker
from scripts.benchmarks.pages.stage import Stage
from scripts.benchmarks.pages.targets import Folder, Target
from scripts.benchmarks.rows import Row, Unit
from scripts.benchmarks.suite import Run
from scripts.benchmarks.transfer.exchange import POLL, fetch
from scripts.benchmarks.truth.git import GitTruth

CACHE = "cache"

_REDIS = os.environ.get("KALLITHEA_BENCH_REDIS", "redis://127.0.0.1:6379/15")
_SECONDS = 5
_OFF, _FILES, _IN_REDIS, _BROWSER = "off", "files", "Redis", "browser"
#: What the .ini says of caches.
_SETTINGS: Mapping[str, tuple[str, ...]] = {
    _OFF: ("beaker.cache.enabled=false", "pack_cache_dir="),
    _FILES: (),
    _IN_REDIS: ("beaker.cache.type=ext:redis", f"beaker.cache.url={_REDIS.replace('%', '%%')}"),
}
# So few, because without caches some take seconds.
_PAGES: Mapping[str, Callable[[Picker], Sequence[Target]]] = {
    "summary": lambda picker: picker.summary(),
    "root": lambda picker: picker.folders("root", b"", 2),
    "blob1k": lambda picker: picker.files("blob1k", THOUSAND_LINES, 4),
    "blame1k": lambda picker: picker.blames("blame1k", THOUSAND_LINES, 4),
    "log1": lambda picker: picker.newest_logs(4),
    "diff": lambda picker: picker.small_changes("diff", 4),
}


def find_missing() -> str:
    """Why caches in Redis cannot be measured; empty if they can."""
    try:
        with Redis.from_url(_REDIS, socket_connect_timeout=_SECONDS) as server:
            server.ping()
    except RedisError:
        return "Redis on this machine (apt install redis-server), or its address in KALLITHEA_BENCH_REDIS"
    return ""


def measure_caches(run: Run, repository: Path) -> Iterator[Row]:
    """Two rows for each cache and page, or request of a client: CPU time, and the time until all of it is there.

    A page counts with all that it loads, asked for by somebody new; where it is said that the browser knows it, by
    somebody who has it. Raises ServerError.
    """
    with contextlib.closing(GitTruth(repository)) as truth:
        picker = Picker(truth, run.seed, run.effort.most)
        pages = {name: _with_last_changes(picker, pick(picker)) for name, pick in _PAGES.items()}
        head = truth.head
        for column, settings in _SETTINGS.items():
            if column == _IN_REDIS and find_missing():
                continue
            with serve(run, repository, f"cache-{column}", settings, Database()) as site:
                stage = Stage(Kind.GIT, repository.name, truth, picker, site.running, (), run.effort)
                for name, targets in pages.items():
                    yield from _rows(name, column, _measure_page(stage, targets, warm=column != _OFF))
                    if column == _FILES and targets:
                        yield replace(measure_again(stage, CACHE, targets, targets), kind=name, column=_BROWSER)
                for name, visit in _requests(site, head).items():
                    yield from _rows(name, column, measure_known("kallithea", site.running, [visit], run.effort))


def _with_last_changes(picker: Picker, targets: Sequence[Target]) -> Sequence[Target]:
    return [with_last_changes(picker, target) if isinstance(target, Folder) else target for target in targets]


def _measure_page(stage: Stage, targets: Sequence[Target], *, warm: bool) -> Cell:
    if not targets:
        return Cell("kallithea", lack="The repository has nothing of this shape.")
    reader = stage.our_reader(everything=True)
    visits = [partial(reader.read, target) for target in targets]
    if warm:
        # where everything is made anew, the first visits of a process cost little beside that
        warm_up(visits[0], stage.effort)
    return measure_known("kallithea", stage.ours, visits, stage.effort)


def _requests(site: DatabaseSite, head: str) -> Mapping[str, Callable[[], Visit]]:
    """What clients of git ask, by the names that the suite of transfers has for it."""
    return {
        "ls-remote": partial(site.server.ask, POLL),
        "clone-depth1": partial(site.server.ask, [fetch([head], "deepen 1")]),
    }


def _rows(kind: str, column: str, cell: Cell) -> Iterator[Row]:
    for unit in (Unit.CPU, Unit.WALL):
        ours = None if cell.lack else unit.of(cell)
        yield Row(CACHE, kind, unit, ours, failure=cell.lack, column=column, cells=(cell,))

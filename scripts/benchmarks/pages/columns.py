"""A kind of page in three states: nothing known of it, known to our stores, known to the visitor."""

import http.client
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from scripts.benchmarks.measuring import (
    Cell,
    Effort,
    LackError,
    Series,
    Visit,
    make_ready,
    measure,
    measure_in_turns,
    warm_up,
)
from scripts.benchmarks.pages.highlighter import Highlighter
from scripts.benchmarks.pages.picking import Picker
from scripts.benchmarks.pages.reader import Reader
from scripts.benchmarks.pages.stage import Peer, Stage
from scripts.benchmarks.pages.targets import Folder, Target
from scripts.benchmarks.rows import Row
from scripts.benchmarks.sites import RunningSite

COLD, KNOWN, PARTS, AGAIN = "cold", "known", "with parts", "again"

#: A page of which there is only one is asked for so often, with the stores emptied each time.
_ONE_PAGE = 20
#: Folders whose last changes are found before the known ones are measured; the first one may take seconds.
_KNOWN_FOLDERS = 3
_ONE_ROUND = Effort(0, 1_000_000)


def measure_page(stage: Stage, name: str, targets: Sequence[Target]) -> Iterator[Row]:
    """The rows of a workload. The last target is for warming up, and counts only where there is no other."""
    spare, counted = targets[-1], targets[:-1] or targets
    makers = [peer for peer in stage.peers if peer.site.makes_pages]
    rounds = min(_ONE_PAGE, stage.effort.most) if len(counted) == 1 else 1
    highlighter = Highlighter(counted)
    ours, _colouring, *others = measure_in_turns(
        [
            _cold_series(stage, spare, counted, rounds),
            highlighter.series(rounds),
            *(_peer_series(stage, peer, spare, counted) for peer in makers),
        ]
    )
    peers = list(zip(makers, others, strict=True))
    limit = stage.limit([stage.truth.command(target) for target in counted])
    yield stage.row(name, COLD, ours, peers, limit=limit, highlighter=highlighter.milliseconds)
    folders = [
        with_last_changes(stage.picker, target) for target in counted[:_KNOWN_FOLDERS] if isinstance(target, Folder)
    ]
    known = folders or counted
    for kind, everything in ((KNOWN, False), (PARTS, True)):
        reader = stage.our_reader(everything=everything)
        visits = [partial(reader.read, target) for target in known]
        if not everything or _loads_more(stage, known[0]):
            cell = measure_known("kallithea", stage.ours, visits, stage.effort)
            yield stage.row(name, kind, cell, peers, limit=limit)
    yield measure_again(stage, name, counted[: len(known)], known)


def measure_again(stage: Stage, name: str, targets: Sequence[Target], ours: Sequence[Target]) -> Row:
    """The row of visitors who come again, against peers that keep pages too. Ours may have to show more."""
    keepers = [peer for peer in stage.peers if peer.site.keeps_pages]
    cell, *cells = measure_in_turns(
        [
            _again_series("kallithea", stage.ours, stage.our_reader(everything=True), ours, stage.effort),
            *(
                _again_series(peer.site.name, peer.running, stage.reader(peer), targets, stage.effort)
                for peer in keepers
            ),
        ]
    )
    return stage.row(name, AGAIN, cell, list(zip(keepers, cells, strict=True)))


def _peer_series(stage: Stage, peer: Peer, spare: Target, counted: Sequence[Target]) -> Series:
    reader = stage.reader(peer)
    warm_up(partial(reader.read, spare), stage.effort)
    return Series(peer.site.name, peer.running, [partial(reader.read, target) for target in counted], stage.effort)


def _cold_series(stage: Stage, spare: Target, counted: Sequence[Target], rounds: int) -> Series:
    reader = stage.our_reader()

    def visit(target: Target) -> Visit:
        stage.ours.forget()
        return reader.read(target)

    warm_up(partial(visit, spare), stage.effort)
    return Series("kallithea", stage.ours, [partial(visit, target) for target in counted] * rounds, _ONE_ROUND)


def _loads_more(stage: Stage, target: Target) -> bool:
    """Whether our page has parts that do not belong to the target."""
    page, everything = stage.our_reader(), stage.our_reader(everything=True)
    try:
        return everything.read(target).answers > page.read(target).answers
    except (LackError, OSError, http.client.HTTPException):
        return False


def _again_series(name: str, running: RunningSite, reader: Reader, targets: Sequence[Target], effort: Effort) -> Series:
    """Those who have read everything, and come again."""
    again = [partial(reader.read_again, target) for target in targets]
    # twice: what the first visit makes belongs to the page of the second
    make_ready([*[partial(reader.read, target) for target in targets] * 2, *again])
    return Series(name, running, again, effort)


def measure_known(name: str, running: RunningSite, visits: Sequence[Callable[[], Visit]], effort: Effort) -> Cell:
    """Make all visits once, then measure them: what can be known of them is known."""
    before = measure(name, running, visits, _ONE_ROUND)
    return before if before.lack else measure(name, running, visits, effort)


def with_last_changes(picker: Picker, folder: Folder) -> Folder:
    """A folder that must show by which commits its entries were changed last; some of them are looked for."""
    start = folder.path + b"/" if folder.path else b""
    changed = [
        picker.truth.find_last_change(folder.commit_id, start + name)
        for name in picker.sample("last changes", folder.names)
    ]
    return replace(folder, changed=frozenset(changed))

"""The history of some lines of a Mercurial file, as the revset ``followlines`` tells it.

Mercurial's own function (``blockancestors`` of ``dag_util``) makes the content of each version from the last whole one
again, whatever its size is, and cannot be stopped. This one asks the same of the same pairs of versions, within bounds.
"""

import itertools
from collections.abc import Iterator
from typing import Any

from kallithea.core.words import _
from kallithea.vcs.blame import LineRange
from kallithea.vcs.deadline import Deadline
from kallithea.vcs.hg.file_graph import FileGraph, Version
from kallithea.vcs.hg.handle import naming
from kallithea.vcs.hg.mercurial_setup import mdiff
from kallithea.vcs.hg.same_lines import Block, same_lines


def following_lines(repository: Any, start: int, path: bytes, wanted: LineRange, seconds: float) -> Iterator[int]:
    """Changesets that changed lines of a file as it is in ``start``, or that brought the lines, newest first.

    The file must be there and have the lines. Raises CorruptObjectError, and LimitExceededError where it takes longer.
    """
    words = _("Following lines took longer than %(seconds)s seconds.", seconds=f"{seconds:g}")
    deadline = Deadline(seconds, words)
    with naming(repository[start].hex().decode("ascii")):
        graph = FileGraph(repository, start, path)
    # Mercurial counts lines from 0 and leaves the end out.
    waiting: dict[Version, tuple[int, int]] = {graph.newest: (wanted[0] - 1, wanted[1])}
    told = -1
    for version in graph.order:
        if not waiting:
            return
        if version in waiting:
            deadline.check()
            changed = _hand_on(graph, version, waiting)
            # a copy and what was copied may be of one changeset
            if changed and graph.revision(version) != told:
                told = graph.revision(version)
                yield told
        graph.forget(version)


def _hand_on(graph: FileGraph, version: Version, waiting: dict[Version, tuple[int, int]]) -> bool:
    """Take the lines back to the parents. Whether they differ from one of them, or there is none."""
    here = waiting.pop(version)
    parents = graph.parents(version)
    changed = not parents
    for parent in parents:
        same = same_lines(graph.text(parent), graph.text(version))
        blocks, there = mdiff.blocksinrange(list(_all_blocks(same)), here)
        changed = changed or any(kind == b"!" for _block, kind in blocks)
        if there[0] < there[1]:
            # Where several versions lead to one, the last counts, as in Mercurial.
            waiting[parent] = there
    return changed


def _all_blocks(same: list[Block]) -> Iterator[tuple[Block, bytes]]:
    """The blocks that are the same and between them those that differ, marked as Mercurial marks them."""
    for before, after in itertools.pairwise([(0, 0, 0, 0), *same]):
        between = (before[1], after[0], before[3], after[2])
        if between[0] != between[1] or between[2] != between[3]:
            yield between, b"!"
        yield after, b"="

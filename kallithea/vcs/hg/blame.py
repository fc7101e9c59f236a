"""Who wrote each line of a file, as ``hg annotate`` tells it at the changeset that made the version.

At a later one, hg may name a changeset that stored the same content first, but from which the version does not come.

Mercurial's own function goes from the oldest version to the newest and knows nothing before its end. This one asks the
same of each pair of versions, but goes back from the newest, and takes along the lines that were asked for and are not
yet explained: it can end early, be asked for a few lines, and be stopped.

A line of a version comes from the second parent if that has it in the same place, else from the first, else it was
written there. An ignored changeset writes nothing: what changed in it is given, line by line, to the lines that it
replaced, of which the last one may be repeated.
"""

import contextlib
import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeAlias

from kallithea.core.words import _
from kallithea.vcs.blame import (
    LARGEST_FILE,
    PLAIN_BLAME,
    Blame,
    BlameCommit,
    BlameGroup,
    BlameOptions,
    FileVersion,
    LineRange,
    count_lines,
    join_groups,
    pass_over,
)
from kallithea.vcs.hg.changesets import parse_entry
from kallithea.vcs.hg.file_graph import FileGraph, Version
from kallithea.vcs.hg.handle import naming
from kallithea.vcs.hg.same_lines import Block, same_lines
from kallithea.vcs.hg.trees import HgTree
from kallithea.vcs.types import BusyError, EntryKind, LimitExceededError, PathNotFoundError, RevisionNotFoundError

# For each line of a version the numbers of the lines of the shown file that come from it, None where none does.
_Wanted: TypeAlias = list[tuple[int, ...] | None]

# How many lines are looked at together.
_STRIDE = 256
# How long it may take to find who changed a file last, as for git's.
_SECONDS = 20.0


class HgBlame(HgTree):
    """Implements ``backend.Blaming``."""

    def changed_in(self, commit_id: str, path: bytes) -> str:
        """See ``backend.Blaming``."""
        self._require_file(commit_id, path)
        with naming(commit_id), self._working(_SECONDS):
            return self._hex(self._repository[self._node(commit_id)][path].introrev())

    def blame(
        self,
        commit_id: str,
        path: bytes,
        *,
        first: int = 1,
        last: int | None = None,
        ignored: Sequence[str] = (),
        options: BlameOptions = PLAIN_BLAME,
        seconds: float = 60.0,
    ) -> Blame:
        """See ``backend.Blaming``."""
        self._require_file(commit_id, path)
        with self._working(seconds) as check:
            return self._blame_within(commit_id, path, (first, last), ignored, options, check)

    def _blame_within(
        self,
        commit_id: str,
        path: bytes,
        wanted: tuple[int, int | None],
        ignored: Sequence[str],
        options: BlameOptions,
        check: Callable[[], None],
    ) -> Blame:
        first, last = wanted
        with naming(commit_id):
            graph = FileGraph(self._repository, self._revision(commit_id), path)
        total = count_lines(graph.text(graph.newest))
        last = total if last is None else min(last, total)
        if last < first:
            return Blame(total, first, last)

        def ask(ranges: list[LineRange], ignored: Sequence[str]) -> Iterator[BlameGroup]:
            walk = _Walk(graph, total, ranges, self._known_revisions(ignored), options)
            for version, lines in walk.run(check):
                yield from self._groups(graph, version, lines)

        groups = join_groups(ask([(first, last)], ()))
        groups = pass_over(groups, frozenset(ignored), lambda ranges: ask(ranges, ignored))
        used = dict.fromkeys(group.commit_id for group in groups)
        return Blame(total, first, last, groups, tuple(map(self._read_commit, used)))

    def _require_file(self, commit_id: str, path: bytes) -> None:
        entry = self.entry(commit_id, path)
        if entry.kind in (EntryKind.FOLDER, EntryKind.SUBREPOSITORY):
            raise PathNotFoundError(_("This is not a file."))
        if (entry.size or 0) > LARGEST_FILE:
            raise LimitExceededError(
                _("Files of more than %(number)s MiB are not annotated.", number=LARGEST_FILE >> 20)
            )

    def _known_revisions(self, commit_ids: Sequence[str]) -> frozenset[int]:
        """Local numbers of those that are visible changesets."""
        known = set()
        for commit_id in commit_ids:
            with contextlib.suppress(RevisionNotFoundError):
                known.add(self._revision(commit_id))
        return frozenset(known)

    def _groups(self, graph: FileGraph, version: Version, lines: list[tuple[int, int]]) -> Iterator[BlameGroup]:
        """Lines that a version wrote, each with its number in the shown file and in the version."""
        commit_id, before = self._hex(graph.revision(version)), self._before(graph, version)
        start = 0
        for end in range(1, len(lines) + 1):
            (first, line), count = lines[start], end - start
            if end == len(lines) or lines[end] != (first + count, line + count):
                yield BlameGroup(first, count, commit_id, version[0], line, before)
                start = end

    def _before(self, graph: FileGraph, version: Version) -> FileVersion | None:
        """The file in the first parent of the changeset that made the version, or in the second if only that has it."""
        changeset = self._repository[graph.revision(version)]
        parents = [parent for parent in changeset.parents() if parent.rev() >= 0]
        paths = [path for path, _renamed in graph.parents(version)]
        for parent in parents:
            for path in paths:
                if len(parents) == 1 or path in parent:
                    return FileVersion(parent.hex().decode(), path)
        return None

    def _read_commit(self, commit_id: str) -> BlameCommit:
        entry = parse_entry(self._text(self._revision(commit_id)))
        return BlameCommit(commit_id, entry.author, entry.message.strip().split(b"\n", 1)[0].strip())

    def _hex(self, revision: int) -> str:
        return str(self._repository.changelog.node(revision).hex())


class _Walk:
    """Takes lines of a file back through its versions, until each is at the one that wrote it."""

    def __init__(
        self,
        graph: FileGraph,
        total: int,
        ranges: list[LineRange],
        ignored: Collection[int],
        options: BlameOptions,
    ) -> None:
        self._graph = graph
        self._ignored = ignored
        self._skips_spaces = options.skip_spaces
        wanted: _Wanted = [None] * total
        for first, last in ranges:
            wanted[first - 1 : last] = [(number,) for number in range(first, last + 1)]
        self._waiting: dict[Version, _Wanted] = {graph.newest: wanted}

    def run(self, check: Callable[[], None]) -> Iterator[tuple[Version, list[tuple[int, int]]]]:
        """For each version that wrote some, the lines: their numbers in the shown file, and in the version.

        It ends early where ``check``, which is called between two versions, raises LimitExceededError or BusyError.
        """
        for version in self._graph.order:
            if not self._waiting or not _may_go_on(check):
                return
            wanted = self._waiting.pop(version, None)
            if wanted is not None:
                self._hand_on(version, wanted)
                if not _is_empty(wanted):
                    yield version, list(_remaining(wanted))
            self._graph.forget(version)

    def _hand_on(self, version: Version, wanted: _Wanted) -> None:
        """Give lines to the parents; what remains wanted was written by the version itself."""
        changes: list[tuple[Version, list[Block]]] = []
        for parent in reversed(self._graph.parents(version)):
            if _is_empty(wanted):
                return
            old, new = self._graph.text(parent), self._graph.text(version)
            same = same_lines(old, new, skip_spaces=self._skips_spaces)
            target = self._wanted_of(parent, same[-1][1])
            for block in same:
                _give(wanted, block, target)
            changes.append((parent, _between(same)))
        if self._graph.revision(version) in self._ignored:
            self._pass_over(wanted, changes)

    def _wanted_of(self, version: Version, total: int) -> _Wanted:
        return self._waiting.setdefault(version, [None] * total)

    def _pass_over(self, wanted: _Wanted, changes: list[tuple[Version, list[Block]]]) -> None:
        """Give changed lines to those that they replaced: first where there are enough, then also where too few."""
        for enough in (True, False):
            for parent, blocks in changes:
                target = self._waiting[parent]
                for start, end, child_start, child_end in blocks if target else ():
                    if (end - start >= child_end - child_start) is enough:
                        for number in range(child_start, child_end):
                            # Lines put before the first one of all go to the last one, as hg annotate has it.
                            line = min(start + number - child_start, end - 1) % len(target)
                            _give(wanted, (line, line + 1, number, number + 1), target)


def _may_go_on(check: Callable[[], None]) -> bool:
    try:
        check()
    except (LimitExceededError, BusyError):
        return False
    return True


def _is_empty(wanted: _Wanted) -> bool:
    return wanted.count(None) == len(wanted)


def _remaining(wanted: _Wanted) -> Iterator[tuple[int, int]]:
    """Numbers in the shown file and in the version of the lines that are still wanted, usually few of many."""
    for start in range(0, len(wanted), _STRIDE):
        some = wanted[start : start + _STRIDE]
        if not _is_empty(some):
            for there, numbers in enumerate(some, start + 1):
                yield from ((here, there) for here in numbers or ())


def _give(wanted: _Wanted, block: Block, target: _Wanted) -> None:
    """Move the lines of a block from a version to its parent."""
    start, end, child_start, child_end = block
    lines = wanted[child_start:child_end]
    if _is_empty(lines):
        return
    there = target[start:end]
    if not _is_empty(there):
        lines = [(here or ()) + (more or ()) or None for here, more in zip(there, lines, strict=True)]
    target[start:end] = lines
    wanted[child_start:child_end] = [None] * len(lines)


def _between(same: list[Block]) -> list[Block]:
    """What differs, from the blocks of lines that are the same."""
    ends = [(0, 0, 0, 0), *same]
    return [(before[1], after[0], before[3], after[2]) for before, after in itertools.pairwise(ends)]

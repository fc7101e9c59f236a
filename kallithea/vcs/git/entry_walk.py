"""Following the entries of a folder back to the commits that changed them.

Mostly an entry is the same as in the first parent. So a walk goes along first parents in great strides: one
``git rev-list`` names the commits (of a folder only those that changed it, which the filters of the commit-graph tell),
and one ``git diff-tree`` says which names differ. What a merge took from another parent is followed from there commit
by commit, all branches in one question. The last few entries, which nobody has touched for long, are asked for by
``git rev-list -1 -- ENTRY``, which reads hardly a tree where the commit-graph has filters.
"""

import contextlib
import itertools
import pathlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property

from kallithea.vcs.git.environment import git_folder
from kallithea.vcs.git.folder_diffs import ROUND, FolderDiff, FolderDiffs
from kallithea.vcs.git.path_filters import has_path_filters
from kallithea.vcs.git.process import TREE_MEMORY, GitLimits, GitProcess, run_git
from kallithea.vcs.last_change import search_deadline
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.path_rules import is_plain
from kallithea.vcs.slots import Weight

#: Ids of commits, and of each one's first parent, or None.
Line = Sequence[tuple[str, str | None]]

_FIRST_ROUND = 32
# Asking for one entry costs about as much as comparing so many commits. Where a stretch of the history settles fewer
# entries than were worth it, those that are left are asked for, if they are not too many.
_WORTH = 150
_STRETCH = 1024
_MOST_ASKED = 64
# A longer branch is walked in strides.
_LONGEST_BRANCH = 128


@dataclass(frozen=True, slots=True)
class _Step:
    """Names to be compared between a commit and its parent ``number``; they differ from those before.

    ``parent_ids`` are None where the parents are not known yet, and it is the first that counts.
    """

    commit_id: str
    names: Set[bytes]
    parent_ids: tuple[str, ...] | None = None
    number: int = 0

    @property
    def question(self) -> tuple[str, ...]:
        """What to ask ``FolderDiffs``."""
        return (self.commit_id,) if self.parent_ids is None else (self.commit_id, self.parent_ids[self.number])


class EntryWalk:
    """A walk of ``names`` in a folder, ``b""`` for the root; ``trees`` are those that are folders. Close it.

    ``changes`` are the answers found so far. Everything raises LimitExceededError after so many seconds, and
    CorruptObjectError.
    """

    def __init__(
        self,
        options: VcsOptions,
        path: pathlib.Path,
        folder: bytes,
        names: Set[bytes],
        trees: Set[bytes],
        *,
        seconds: float,
    ) -> None:
        self._options = options
        self._path = path
        self._folder = folder
        self._names = names
        self._doubtful = frozenset() if folder else trees
        self._deadline = search_deadline(seconds)
        self._known: dict[str, Mapping[bytes, str]] = {}
        self._merges: dict[str, tuple[str, ...]] = {}
        self._resources = contextlib.ExitStack()
        self.changes: dict[bytes, str] = {}

    def close(self) -> None:
        """End the processes."""
        self._resources.close()

    def know(self, commit_id: str, changes: Mapping[bytes, str]) -> None:
        """Take these answers for entries that are followed to this commit."""
        self._known[commit_id] = changes

    def line(self, start: str, until: str, most: int) -> Line | None:
        """The commits from ``start`` along first parents that are no ancestors of ``until``; None if too many."""
        command = ["rev-list", "--first-parent", "--parents", f"--max-count={most + 1}"]
        command += ["--end-of-options", start, f"^{until}", "--"]
        output = run_git(self._options, self._path, *command, limits=self._limits()).decode("ascii")
        rows = [row.split(" ", 2) for row in output.splitlines()]
        line = [(row[0], row[1] if len(row) > 1 else None) for row in rows]
        unbroken = all(parent == below for (_, parent), (below, _) in itertools.pairwise(line))
        return line if unbroken and len(line) <= most else None

    def unchanged(self, line: Line, names: Set[bytes]) -> Set[bytes]:
        """Those of the names that are the same at the beginning of the line as below its end."""
        left = set(names)
        for commit_ids in _rounds(commit_id for commit_id, _ in line):
            self._deadline.check()
            for diff in self._diffs.compare([(commit_id,) for commit_id in commit_ids]):
                left -= self._changed(left, diff, (diff.commit_id,))
        return left

    def follow(self, start: str, line: Line | None = None) -> None:
        """Find the answers at ``start``; ``line`` is its beginning, where that is known."""
        waiting: dict[str, set[bytes]] = defaultdict(set)
        if line:
            names = set(self._names)
            steps = self._stride(names, _rounds(commit_id for commit_id, _ in line))
            waiting[line[-1][1] or start] = names
            self._follow_branches(steps, waiting)
        else:
            waiting[start] = set(self._names)
        while waiting:
            commit_id, names = waiting.popitem()
            self._take_known(commit_id, names)
            if names:
                self._follow_branches(self._follow_line(commit_id, names), waiting)

    def _follow_line(self, start: str, names: set[bytes]) -> list[_Step]:
        """Settle or part from the line along first parents all the names; the answer is where they part."""
        command: list[str | bytes] = ["rev-list", "--first-parent", "--end-of-options", start, "--"]
        command += [self._folder] if self._folder else []
        # one of the processes of a walk takes the slot for all
        limits = replace(self._limits(), weight=Weight.HEAVY)
        with GitProcess(self._options, self._path, *command, limits=limits) as process:
            return self._stride(names, _rounds(_lines(process)), ask=has_path_filters(git_folder(self._path)))

    def _stride(self, names: set[bytes], rounds: Iterable[Sequence[str]], *, ask: bool = False) -> list[_Step]:
        parted: list[_Step] = []
        passed, before = 0, len(names)
        for commit_ids in rounds:
            self._deadline.check()
            for diff in self._diffs.compare([(commit_id,) for commit_id in commit_ids]):
                self._take_known(diff.commit_id, names)
                changed = self._changed(names, diff, (diff.commit_id,)) if diff.parent_ids else set(names)
                if changed:
                    names -= changed
                    step = _Step(diff.commit_id, changed, diff.parent_ids, 1)
                    if len(diff.parent_ids) > 1:
                        parted.append(step)
                    else:
                        self._settle(step)
            passed += len(commit_ids)
            if not names:
                break
            if passed >= min(_STRETCH, _WORTH * len(names)):
                if ask and len(names) <= _MOST_ASKED and passed > _WORTH * (before - len(names)):
                    self._ask_each(commit_ids[-1], names)
                    break
                passed, before = 0, len(names)
        return parted

    def _follow_branches(self, steps: list[_Step], waiting: dict[str, set[bytes]]) -> None:
        """Follow what parted from a line; what goes on for too long is added to ``waiting``."""
        for _ in range(_LONGEST_BRANCH):
            if not steps:
                return
            steps = self._next_steps(steps)
        while steps:
            for step in steps:
                if step.parent_ids is None:
                    waiting[step.commit_id] |= step.names
            steps = self._next_steps([step for step in steps if step.parent_ids is not None])

    def _next_steps(self, steps: Sequence[_Step]) -> list[_Step]:
        self._deadline.check()
        reached: dict[str, set[bytes]] = defaultdict(set)
        forks: list[_Step] = []
        self._merges.update({step.commit_id: step.parent_ids for step in steps if step.parent_ids is not None})
        for step, diff in zip(steps, self._diffs.compare([step.question for step in steps]), strict=True):
            parents = diff.parent_ids if step.parent_ids is None else step.parent_ids
            changed = self._changed(step.names, diff, step.question) if parents else step.names
            if step.names - changed:
                reached[parents[step.number]] |= step.names - changed
            if changed:
                fork = _Step(step.commit_id, changed, parents, step.number + 1)
                if fork.number < len(parents):
                    forks.append(fork)
                else:
                    self._settle(fork)
        for commit_id, names in reached.items():
            self._take_known(commit_id, names)
        return forks + [_Step(commit_id, names) for commit_id, names in reached.items() if names]

    def _ask_each(self, start: str, names: set[bytes]) -> None:
        prefix = self._folder + b"/" if self._folder else b""
        for name in filter(is_plain, names):
            command = ("rev-list", "--max-count=1", "--end-of-options", start, "--", prefix + name)
            found = run_git(self._options, self._path, *command, limits=self._limits()).decode("ascii").strip()
            if found:
                self.changes[name] = found
        names.clear()

    def _settle(self, step: _Step) -> None:
        self.changes.update(dict.fromkeys(step.names, step.commit_id))

    def _take_known(self, commit_id: str, names: set[bytes]) -> None:
        known = self._known.get(commit_id)
        if known:
            found = {name: known[name] for name in names if name in known}
            self.changes.update(found)
            names.difference_update(found)

    def _changed(self, names: Set[bytes], diff: FolderDiff, question: tuple[str, ...]) -> Set[bytes]:
        """Those of the names that differ in what ``diff`` compared."""
        changed = names & diff.names
        doubtful = changed & self._doubtful
        if doubtful:
            (deep,) = self._deep_diffs.compare([question])
            changed -= doubtful - deep.names
        return changed

    @cached_property
    def _diffs(self) -> FolderDiffs:
        # From what is known it is never far.
        return self._open_diffs(Weight.LIGHT if self._known else Weight.HEAVY)

    @cached_property
    def _deep_diffs(self) -> FolderDiffs:
        # Never waits for a slot while the other one holds one.
        return self._open_diffs(Weight.LIGHT, deep=True)

    def _open_diffs(self, weight: Weight, *, deep: bool = False) -> FolderDiffs:
        limits = replace(self._limits(), weight=weight, total_memory=TREE_MEMORY)
        diffs = FolderDiffs(self._options, self._path, self._folder, self._names, limits, self._merges, deep=deep)
        return self._resources.enter_context(contextlib.closing(diffs))

    def _limits(self) -> GitLimits:
        return GitLimits(seconds=self._deadline.left())


def _lines(process: GitProcess) -> Iterator[str]:
    held = b""
    while data := process.read():
        lines = (held + data).split(b"\n")
        held = lines.pop()
        yield from (line.decode("ascii") for line in lines)
    process.finish()


def _rounds(commit_ids: Iterable[str]) -> Iterator[list[str]]:
    """Small ones first, because much changed lately."""
    size, some = _FIRST_ROUND, list[str]()
    for commit_id in commit_ids:
        some.append(commit_id)
        if len(some) == size:
            yield some
            size, some = min(2 * size, ROUND), []
    if some:
        yield some

"""The history of one file of a Git repository under all the names that it had.

git's own ``--follow`` compares the whole trees of all commits, and once it has found a rename it goes on with that name
on all sides of a merge. Here each walk is limited to one name, so that the commit-graph's filters help, and git is
asked where the file came from only for the commits that added it, and for merges of which one side has it under another
name: there another walk begins, beside the first. On a linear history the answer is that of ``git log --follow``. Where
branches were merged, sides that changed nothing in the end are left out, as ``git log`` does for paths.
"""

import contextlib
import heapq
import itertools
import math
import pathlib
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from kallithea.vcs.blame import FileVersion, LineRange
from kallithea.vcs.deadline import Deadline
from kallithea.vcs.git.lines import lines
from kallithea.vcs.git.process import GitLimits, run_git, stream_git
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.slots import Weight

# A file that was renamed more often has an attacker's history.
_MOST_NAMES = 50
# Each is a process. Further ones wait until one has ended, and what they find comes late.
_MOST_AT_ONCE = 8
# A search for an origin that takes longer needs a slot of its own: the walk's may be given back already.
_LIGHT_SECONDS = 2.0
_RAW = ("-z", "--raw", "--no-abbrev", "--no-color")
_FIRST_PARENT = "--first-parent"


@dataclass(frozen=True, slots=True)
class _Change:
    """A commit that changed a path, at a ``moment`` in seconds since 1970; ``without`` are parents that lack it."""

    commit_id: str
    moment: int
    parent_ids: Sequence[str]
    without: Sequence[str]


@dataclass(slots=True)
class _Walk:
    """Changes of a path, newest first. ``merges`` tells whether several sides were walked."""

    path: bytes
    changes: Generator[_Change]
    merges: bool = False


def follow(
    options: VcsOptions,
    repository_path: pathlib.Path,
    start: str,
    path: bytes,
    limits: GitLimits,
    along: Sequence[str] = (),
) -> Iterator[str]:
    """Ids of the ancestors of ``start`` that changed the file, newest first; ``along`` are further options of the walk.

    ``limits`` are those of each process, and their seconds those of the whole walk with all that is done between its
    steps. Raises LimitExceededError, BusyError.
    """
    with contextlib.ExitStack() as walks:
        yield from _Following(options, repository_path, limits, along, walks).ids(start, path)


class _Following:
    """Walks, each by a name, that go on by turns: next is always the newest commit."""

    def __init__(
        self,
        options: VcsOptions,
        repository_path: pathlib.Path,
        limits: GitLimits,
        along: Sequence[str],
        walks: contextlib.ExitStack,
    ) -> None:
        self._options, self._repository_path, self._limits, self._along = options, repository_path, limits, along
        self._walks = walks
        self._deadline = Deadline(limits.seconds)
        self._begun = set[tuple[str, bytes]]()
        self._known = set[tuple[str, bytes]]()
        self._waiting = deque[tuple[str, bytes]]()
        # The next change of each walk.
        self._heads: list[tuple[int, int, _Change, _Walk]] = []
        self._number = itertools.count()

    def ids(self, start: str, path: bytes) -> Iterator[str]:
        """See ``follow``."""
        seen = set[str]()
        self._begin(start, path)
        while self._heads:
            _, _, change, walk = heapq.heappop(self._heads)
            if change.commit_id not in seen:
                seen.add(change.commit_id)
                yield change.commit_id
            origins = [
                (parent, origin) for parent in change.without if (origin := self._find_origin(change, parent, walk))
            ]
            if origins and not walk.merges:
                # before it, the name was another file's
                walk.changes.close()
            else:
                self._go_on(walk)
            self._waiting += origins
            while self._waiting and len(self._heads) < _MOST_AT_ONCE:
                self._begin(*self._waiting.popleft())

    def _begin(self, start: str, path: bytes) -> None:
        if (start, path) in self._begun or len(self._begun) >= _MOST_NAMES:
            return
        self._begun.add((start, path))
        # One that begins while another runs shares its slot.
        limits = replace(self._left(), weight=Weight.LIGHT) if self._heads else self._left()
        changes = _changes(self._options, self._repository_path, start, path, limits, self._along)
        self._walks.callback(changes.close)
        self._go_on(_Walk(path, changes))

    def _go_on(self, walk: _Walk) -> None:
        for change in walk.changes:
            is_known = (change.commit_id, walk.path) in self._known
            if is_known and not walk.merges:
                # so is all that is behind it
                break
            walk.merges |= len(change.parent_ids) > 1
            if not is_known:
                self._known.add((change.commit_id, walk.path))
                heapq.heappush(self._heads, (-change.moment, next(self._number), change, walk))
                return
        walk.changes.close()

    def _left(self) -> GitLimits:
        # a message may name the seconds
        return replace(self._limits, seconds=math.ceil(10 * self._deadline.left()) / 10)

    def _find_origin(self, change: _Change, parent_id: str, walk: _Walk) -> bytes | None:
        """The path in a parent from which the commit made the file, or None.

        Of a merge, the other side has the file already: what is only alike there, and stays, is another one.
        """
        limits = replace(self._left(), weight=Weight.LIGHT, light_seconds=_LIGHT_SECONDS)
        command: list[str | bytes] = ["diff-tree", "-r", *_RAW, "--follow", "--end-of-options"]
        command += [parent_id, change.commit_id, "--", walk.path]
        fields = run_git(self._options, self._repository_path, *command, limits=limits).split(b"\0")
        kinds = (b"R",) if len(change.parent_ids) > len(change.without) else (b"R", b"C")
        if len(fields) > 2 and fields[2] == walk.path and fields[0].rpartition(b" ")[2].startswith(kinds):
            return fields[1]
        return None


def follow_lines(
    options: VcsOptions,
    repository_path: pathlib.Path,
    file: FileVersion,
    wanted: LineRange,
    limits: GitLimits,
    along: Sequence[str] = (),
) -> Iterator[str]:
    """Ids of the ancestors of a file's commit that changed these lines of it, newest first, as ``git log -L`` has them.

    ``along`` are further options of the walk. The file must have the lines. Each id comes as soon as git has found it.
    Raises LimitExceededError, BusyError.
    """
    # all that follows the first colon is the path
    option = b"-L%d,%d:%s" % (*wanted, file.path)
    command: list[str | bytes] = ["log", option, *along, "--no-patch", "--format=%H"]
    command += ["--end-of-options", file.commit_id]
    for line in lines(stream_git(options, repository_path, *command, limits=limits)):
        yield line.decode("ascii")


def _changes(
    options: VcsOptions,
    repository_path: pathlib.Path,
    start: str,
    path: bytes,
    limits: GitLimits,
    along: Sequence[str],
) -> Generator[_Change]:
    """Commits that changed the path, by its present name."""
    # Along first parents, the others are not walked. Elsewhere nothing is said by default of what a merge changed.
    merges, parents = ((), slice(2, 3)) if _FIRST_PARENT in along else (("-c",), slice(2, None))
    how = [*_RAW, *merges, *along, "--no-renames", "--format=%H %ct %P"]
    command: list[str | bytes] = ["log", *how, "--end-of-options", start, "--", path]
    tokens = lines(stream_git(options, repository_path, *command, limits=limits), b"\0")
    fields: list[str] = []
    without: list[str] = []
    for token in tokens:
        # A commit's line is followed by pairs: modes, ids and a status of a path for each parent, and the path itself.
        if token.startswith((b":", b"\n:")):
            if next(tokens) == path:
                status = token.rpartition(b" ")[2].decode("ascii")
                without += [parent for parent, letter in zip(fields[parents], status, strict=False) if letter == "A"]
            continue
        if not token:
            # what git writes between the line and the pairs of a merge
            continue
        if fields:
            yield _Change(fields[0], int(fields[1]), fields[parents], without)
        fields, without = token.decode("ascii").split(), []
    if fields:
        yield _Change(fields[0], int(fields[1]), fields[parents], without)

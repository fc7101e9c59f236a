"""Lines of the files of a commit, by ``git grep``.

With ``-z`` and ``-n`` its output is, for each line, ``TREE:PATH``, NUL, the line's number, NUL, the line, LF.
"""

import pathlib
from collections.abc import Iterable, Iterator, Sequence

from kallithea.vcs.git.lines import lines
from kallithea.vcs.git.objects_alone import objects_alone
from kallithea.vcs.git.process import TREE_MEMORY, GitLimits, GitProcess, stream_git
from kallithea.vcs.git.trees import GitTree
from kallithea.vcs.line_search import (
    MOST_BYTES,
    FoundLines,
    LineCollector,
    LineMatcher,
    LineQuery,
    Stopped,
)
from kallithea.vcs.slots import Weight
from kallithea.vcs.types import LimitExceededError, TooLargeError

# The exit status where nothing was found.
_NOTHING = 1
# Each thread holds a file, and what the C library remembers of a pattern.
_CONFIG = {"grep.threads": "2"}
#: Git grep gives up where it meets a file of so many bytes; then it is told to leave such ones out, if they are few.
LARGEST = 128 << 20
_MOST_LARGE = 100


class GitLineSearch(GitTree):
    """Implements ``backend.LineSearch``."""

    def search_lines(self, commit_id: str, query: LineQuery, *, limit: int, seconds: float) -> FoundLines:
        """See ``backend.LineSearch``."""
        matcher = LineMatcher(query)
        self._find(commit_id, query.path)
        tree = self._root(commit_id)
        command: list[str | bytes] = ["--no-literal-pathspecs", "grep"]
        command += ["-I", "-n", "-z", "--full-name", "--no-color", "--no-textconv"]
        command += ["-E" if query.regular else "-F", *["-i"] * query.ignore_case, *["-w"] * query.whole_words]
        # git grep knows no --end-of-options before Git 2.43; the tree is an id that was looked up
        command += ["-e", matcher.pattern.encode(), tree, "--", *[b":(literal)" + query.path] * bool(query.path)]
        collector = LineCollector(matcher, limit=limit, seconds=seconds)
        # neither attributes nor the configuration of the repository say what is text, and how it is read
        with objects_alone(self._folder, self._objects.format_name) as alone:
            try:
                self._grep(alone, command, collector, len(tree) + 1)
            except TooLargeError:
                large = self._list_unsearchable(tree, query.path, collector.seconds_left)
                if not 0 < len(large) <= _MOST_LARGE:
                    raise
                command += [b":(exclude,literal)" + path for path in large]
                collector = LineCollector(matcher, limit=limit, seconds=collector.seconds_left)
                collector.left_out = len(large)
                self._grep(alone, command, collector, len(tree) + 1)
        return collector.found()

    def _grep(
        self, alone: pathlib.Path, command: Sequence[str | bytes], collector: LineCollector, before_path: int
    ) -> None:
        """Raises BusyError, TooLargeError, CorruptObjectError."""
        seconds = max(collector.seconds_left, 0.0)
        limits = GitLimits(seconds, 4 * MOST_BYTES, LARGEST, TREE_MEMORY, weight=Weight.HEAVY)
        with GitProcess(self._options, alone, *command, limits=limits, extra_config=_CONFIG) as process:
            try:
                rows = _rows(iter(process.read, b""), before_path)
                if all(collector.take(path, number, line) for path, number, line in rows):
                    process.finish(accept=(0, _NOTHING))
            except TooLargeError:
                raise
            except LimitExceededError:
                collector.stopped = Stopped.TIME if collector.seconds_left <= 0 else Stopped.BYTES

    def _list_unsearchable(self, tree: str, path: bytes, seconds: float) -> list[bytes]:
        """Files that git grep does not hold in memory. Raises BusyError, LimitExceededError."""
        command: list[str | bytes] = ["ls-tree", "-r", "-l", "-z", tree, "--", *[path] * bool(path)]
        limits = GitLimits(max(seconds, 0.0), total_memory=TREE_MEMORY, weight=Weight.HEAVY)
        rows = lines(stream_git(self._options, self.path, *command, limits=limits), b"\0")
        return [path for path, size in map(_sized, rows) if size >= LARGEST]


def _sized(row: bytes) -> tuple[bytes, int]:
    """Path and size of a row of ``git ls-tree -l``: mode, type, id, size, a tab, the path. What is no file has none."""
    meta, _tab, path = row.partition(b"\t")
    size = meta.split()[-1]
    return path, int(size) if size.isdigit() else 0


def _rows(chunks: Iterable[bytes], before_path: int) -> Iterator[tuple[bytes, int, bytes]]:
    """Path, number and line of each row."""
    pending = list[bytes]()
    for chunk in chunks:
        pending.append(chunk)
        if b"\n" not in chunk:
            # a long line is joined once, not with each of its chunks
            continue
        rest, at = b"".join(pending), 0
        while (row := _row(rest, at)) is not None:
            path, number, start, end = row
            yield path[before_path:], number, rest[start:end]
            at = end + 1
        pending = [rest[at:]]


def _row(data: bytes, at: int) -> tuple[bytes, int, int, int] | None:
    """The name, the number, and where the line begins and ends, of a row that is whole."""
    name_end = data.find(b"\0", at)
    number_end = data.find(b"\0", name_end + 1) if name_end >= 0 else -1
    end = data.find(b"\n", number_end + 1) if number_end >= 0 else -1
    if end < 0:
        return None
    return data[at:name_end], int(data[name_end + 1 : number_end]), number_end + 1, end

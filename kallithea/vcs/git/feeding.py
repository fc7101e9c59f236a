"""What an index is made from: all files of a commit, and the commits that it does not know yet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kallithea.core.words import _
from kallithea.vcs import feeding
from kallithea.vcs.feeding import bounded
from kallithea.vcs.git.lines import lines
from kallithea.vcs.git.objects import TreeItem
from kallithea.vcs.git.process import TREE_MEMORY, GitLimits, GitProcess
from kallithea.vcs.git.trees import GitTree
from kallithea.vcs.slots import Weight
from kallithea.vcs.types import RevisionNotFoundError, TreeEntry

_LIMITS = GitLimits(seconds=300, weight=Weight.JOB, patience=60.0)
# Few objects can make a tree of any size.
_TREES = replace(_LIMITS, output=128 << 20, total_memory=TREE_MEMORY)
# So many ids fit into a pipe.
_BLOCK = 500
# How ``git ls-tree`` begins the line of a folder.
_FOLDER = b"040000 "


class GitFeeding(GitTree):
    """Implements ``backend.Feeding``."""

    def listing(self, commit_id: str) -> tuple[TreeEntry, ...]:
        """See ``backend.Feeding``."""
        # With folders, or a tree that has nothing else would be walked in silence.
        command = ("ls-tree", "-r", "-t", "-z", "--full-tree", "--end-of-options", self._root(commit_id))
        rows = bounded(lines(self._stream(command, _TREES), b"\0"), 2 * feeding.MOST_FILES)
        files = (row for row in rows if not row.startswith(_FOLDER))
        return tuple(map(_entry, bounded(files, feeding.MOST_FILES)))

    def commits_without(self, tips: Sequence[str], known: Iterable[str], *, limit: int) -> list[str]:
        """See ``backend.Feeding``."""
        if not all(map(self._is_commit, tips)):
            raise RevisionNotFoundError(_("There is no such commit."))
        without = [f"^{commit_id}" for commit_id in known if self._is_commit(commit_id)]
        given = "\n".join([*tips, *without]).encode("ascii") + b"\n"
        output = self._stream(("rev-list", f"--max-count={limit}", "--stdin"), _LIMITS, given)
        return b"".join(output).decode("ascii").split()

    def changed_paths(self, commit_ids: Sequence[str]) -> Mapping[str, Sequence[bytes]]:
        """See ``backend.Feeding``."""
        found: dict[str, Sequence[bytes]] = {}
        for start in range(0, len(commit_ids), _BLOCK):
            block = commit_ids[start : start + _BLOCK]
            given = "\n".join(block).encode("ascii") + b"\n"
            command = ("diff-tree", "--stdin", "--root", "--no-renames", "-r", "-z", "--name-only")
            fields = bounded(lines(self._stream(command, _TREES, given), b"\0"), feeding.MOST_CHANGES)
            found |= _by_commit(fields, block)
        return found

    def _is_commit(self, commit_id: str) -> bool:
        if not self._objects.is_id(commit_id):
            return False
        found = self._objects.find(commit_id)
        return found is not None and found[0] == "commit"

    def _stream(self, command: Sequence[str], limits: GitLimits, given: bytes = b"") -> Iterator[bytes]:
        with GitProcess(self._options, self.path, *command, limits=limits, with_input=True) as process:
            process.write(given)
            process.end_input()
            yield from iter(process.read, b"")
            process.finish()


def _entry(line: bytes) -> TreeEntry:
    """A line of ``git ls-tree``: mode, type and id, a tab, the path."""
    mode, _kind, object_id, path = [*line.partition(b"\t")[0].split(b" "), line.partition(b"\t")[2]]
    return TreeEntry(path, TreeItem(b"", int(mode, 8), "").kind, None, object_id.decode("ascii"))


def _by_commit(fields: Iterable[bytes], commit_ids: Sequence[str]) -> dict[str, list[bytes]]:
    """The paths behind each commit; of commits of which nothing is told, none."""
    found: dict[str, list[bytes]] = {commit_id: [] for commit_id in commit_ids}
    names = {commit_id.encode("ascii"): paths for commit_id, paths in found.items()}
    current: list[bytes] = []
    for field in fields:
        if field in names:
            current = names.pop(field)
        else:
            current.append(field)
    return found

"""``git merge-tree --write-tree -z``, of git 2.38 and later: the merge that ``git merge`` makes, in memory.

It merges criss-cross histories by merging their common ancestors first, and follows renames. The answer is the id of
the tree, then lines ``MODE ID STAGE<tab>PATH`` of what is in conflict, an empty one, then messages: a number of paths,
the paths, the kind of message, and its words.
"""

import collections
import pathlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.vcs.git.objects import TreeItem
from kallithea.vcs.git.process import TREE_MEMORY, GitLimits, GitProcess
from kallithea.vcs.merging import Conflict, ConflictKind, Version
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.slots import Weight
from kallithea.vcs.types import VcsError
from kallithea.vcs.writing import RefusedWriteError

_CLEAN, _CONFLICTS = 0, 1
_LIMITS = GitLimits(seconds=300, output=64 << 20, total_memory=TREE_MEMORY, weight=Weight.HEAVY)
_UNRELATED = "unrelated histories"
_BASE, _OURS, _THEIRS = 1, 2, 3
#: Which words of a message mean what, the first that fit.
_KINDS = (
    (b"file/directory", ConflictKind.FILE_AND_FOLDER),
    (b"distinct modes", ConflictKind.MODE),
    (b"submodule", ConflictKind.SUBREPOSITORY),
    (b"binary", ConflictKind.BINARY),
    (b"rename/rename", ConflictKind.RENAMED_TWICE),
    (b"rename involved in collision", ConflictKind.RENAMED_TWICE),
    (b"rename/delete", ConflictKind.RENAMED_DELETED),
    (b"modify/delete", ConflictKind.CHANGED_DELETED),
    (b"directory rename", ConflictKind.FOLDER_RENAMED),
    (b"contents", ConflictKind.CONTENT),
)


@dataclass(frozen=True, slots=True)
class MergedTree:
    """The tree of a merge, and the conflicts that it holds markers of."""

    tree_id: str
    conflicts: tuple[Conflict, ...]


def merge_trees(
    options: VcsOptions, path: pathlib.Path, ours: str, theirs: str, extra_config: Mapping[str, str] = {}
) -> MergedTree:
    """Merge two commits, given by full ids; new objects go into the repository in the folder ``path``.

    Raises RefusedWriteError where they have no common history, VcsError.
    """
    command = ("merge-tree", "--write-tree", "-z", "--messages", "--end-of-options", ours, theirs)
    try:
        with GitProcess(options, path, *command, limits=_LIMITS, extra_config=extra_config) as process:
            output = b"".join(iter(process.read, b""))
            status = process.finish(accept=(_CLEAN, _CONFLICTS))
    except VcsError as problem:
        if any(_UNRELATED in note for note in getattr(problem, "__notes__", ())):
            raise RefusedWriteError(
                _("The two sides have no history in common, so they cannot be merged.")
            ) from problem
        raise
    return _parse(output, (ours, theirs), clean=status == _CLEAN)


def _parse(output: bytes, sides: tuple[str, str], *, clean: bool) -> MergedTree:
    fields = iter(output.split(b"\0"))
    tree_id = next(fields).decode("ascii")
    if clean:
        return MergedTree(tree_id, ())
    versions: dict[bytes, dict[int, Version]] = collections.defaultdict(dict)
    while entry := next(fields, b""):
        about, _tab, path = entry.partition(b"\t")
        mode, object_id, stage = about.split(b" ")
        kind = TreeItem(b"", int(mode, 8), "").kind
        versions[_plain(path, sides)][int(stage)] = Version(kind, object_id.decode("ascii"))
    said: dict[bytes, list[bytes]] = collections.defaultdict(list)
    for path, words in _messages(fields, sides):
        said[path].append(words)
    # some conflicts, about folders that were renamed, leave no file in conflict
    paths = list(versions) or list(said)
    return MergedTree(tree_id, tuple(_conflict(path, versions[path], said[path]) for path in paths))


def _messages(fields: Iterator[bytes], sides: tuple[str, str]) -> Iterator[tuple[bytes, bytes]]:
    """Each path that a message is about, with the kind of the message, as far as these are conflicts."""
    # after the messages, git may print advice
    while (count := next(fields, b"")).isdigit():
        paths = [next(fields) for _number in range(int(count))]
        kind, _words = next(fields), next(fields)
        if kind.startswith(b"CONFLICT"):
            yield from ((_plain(path, sides), kind) for path in paths)


def _conflict(path: bytes, versions: Mapping[int, Version], said: list[bytes]) -> Conflict:
    found = (meaning for words, meaning in _KINDS if any(words in kind for kind in said))
    kind = next(found, ConflictKind.CONTENT)
    if kind is ConflictKind.CONTENT and _BASE not in versions and versions.keys() >= {_OURS, _THEIRS}:
        kind = ConflictKind.BOTH_ADDED
    return Conflict(path, kind, versions.get(_BASE), versions.get(_OURS), versions.get(_THEIRS))


def _plain(path: bytes, sides: tuple[str, str]) -> bytes:
    """The path without what git adds where a file has to make room: ``~`` and the commit it comes from."""
    for side in sides:
        path = path.removesuffix(b"~" + side.encode())
    return path

"""The files of a merge of two changesets, worked out in memory.

Mercurial decides what is to be done with each file, as for ``hg merge``: it follows renames, and where there are
several common ancestors it takes for each file the best of what they suggest. What it would then do in a working copy
is done here on values, because in memory it gives up at the first conflict.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kallithea.core.words import _
from kallithea.vcs.file_changes import folders_above
from kallithea.vcs.hg import same_lines  # noqa: F401 - Mercurial asks it what two versions share
from kallithea.vcs.hg.memory_commit import MemoryFile
from kallithea.vcs.hg.mercurial_setup import context
from kallithea.vcs.hg.pinned import PINNED, merge_pinned
from kallithea.vcs.merging import Conflict, ConflictKind, Version
from kallithea.vcs.types import EntryKind
from kallithea.vcs.writing import RefusedWriteError

# isort: split
# Only after the module above has prepared Mercurial.
from mercurial import merge, merge_utils, simplemerge
from mercurial.utils import stringutil

# Files of more bytes are not merged line by line: it takes several times as much memory.
_LARGEST = 16 << 20
# For each of them, it is remembered what would be done with each file.
_MOST_BASES = 50
_KINDS = {b"": EntryKind.FILE, b"x": EntryKind.EXECUTABLE, b"l": EntryKind.SYMLINK}


@dataclass(slots=True)
class MergedFiles:
    """What differs from ``ours`` by path, as ``commit_in_memory`` takes it, and what is in conflict."""

    files: dict[bytes, Any] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)


def merge_files(repository: Any, ours: Any, theirs: Any, check: Callable[[], None]) -> MergedFiles:
    """Merge two changesets of the repository. Raises RefusedWriteError where they have no common history.

    ``check`` is called before each file and each common ancestor, and may raise.
    """
    heads = repository.changelog.commonancestorsheads(ours.node(), theirs.node())
    if not heads:
        raise RefusedWriteError(_("The two sides have no history in common, so they cannot be merged."))
    if len(heads) > _MOST_BASES:
        raise RefusedWriteError(
            _("The two sides have %(count)s common ancestors, too many to be merged here.", count=len(heads))
        )
    beginning = _Beginning(ours, check)
    actions = merge.calculateupdates(
        repository,
        beginning,
        theirs,
        [repository[head] for head in sorted(heads)],
        branchmerge=True,
        force=False,
        acceptremote=False,
        followcopies=True,
    )
    work = _Work(repository, ours, theirs)
    for path, (action, arguments, _reason) in actions.filemap(sort=True):
        check()
        work.do(path, action, arguments)
    work.find_folders_in_the_place_of_files(check)
    return work.merged


class _Beginning(context.overlayworkingctx):  # type: ignore[misc]  # untyped
    """The side that is merged into, in the place of a working copy without changes or repositories inside."""

    substate: dict[bytes, Any] = {}

    def __init__(self, changeset: Any, check: Callable[[], None]) -> None:
        super().__init__(changeset.repo())
        self.setbase(changeset)
        self._check = check

    def manifest(self) -> Any:
        """Its files, which are asked for with each common ancestor."""
        self._check()
        return super().manifest()


class _Work:
    """Does to values what Mercurial decided."""

    def __init__(self, repository: Any, ours: Any, theirs: Any) -> None:
        self._repository = repository
        self._ours = ours
        self._theirs = theirs
        self.merged = MergedFiles()
        self._handlers: dict[Any, Callable[[bytes, Any], None]] = {
            merge_utils.ACTION_GET: self._take,
            merge_utils.ACTION_REMOVE: self._remove,
            merge_utils.ACTION_EXEC: self._set_flags,
            merge_utils.ACTION_DIR_RENAME_MOVE_LOCAL: self._move_ours,
            merge_utils.ACTION_LOCAL_DIR_RENAME_GET: self._move_theirs,
            merge_utils.ACTION_MERGE: self._merge,
            merge_utils.ACTION_CHANGED_DELETED: self._refuse_deleted,
            merge_utils.ACTION_DELETED_CHANGED: self._refuse_deleted,
        }

    def do(self, path: bytes, action: Any, arguments: Any) -> None:
        """One decision. Raises RefusedWriteError for one that cannot occur without a working copy."""
        if action in merge_utils.MergeAction.NO_OP_ACTIONS:
            return
        handler = self._handlers.get(action)
        if handler is None:
            raise RefusedWriteError(_("This merge needs a working copy."))
        handler(path, arguments)

    def find_folders_in_the_place_of_files(self, check: Callable[[], None]) -> None:
        """Mercurial looks for them in a working copy only. ``check`` is called meanwhile, and may raise."""
        new = [path for path, file in self.merged.files.items() if file is not None and path not in self._ours]
        found = {folder for path in new for folder in folders_above(path) if self._is_file(folder)}
        folders = [path for path in new if self._ours.manifest().hasdir(path)]
        for path in folders:
            check()
            below = (other for other in self._ours.manifest() if other.startswith(path + b"/"))
            found.update([path] if any(map(self._is_file, below)) else [])
        for path in sorted(found):
            versions = (_version(side[path]) if path in side else None for side in (self._ours, self._theirs))
            self.merged.conflicts.append(Conflict(path, ConflictKind.FILE_AND_FOLDER, None, *versions))

    def _is_file(self, path: bytes) -> bool:
        """Whether the merge has a file here."""
        files = self.merged.files
        return files[path] is not None if path in files else path in self._ours

    def _take(self, path: bytes, arguments: Any) -> None:
        flags, _backup = arguments
        file = self._theirs[path]
        self.merged.files[path] = file if file.flags() == flags else MemoryFile(file.data(), flags)

    def _remove(self, path: bytes, arguments: Any) -> None:
        self.merged.files[path] = None

    def _set_flags(self, path: bytes, arguments: Any) -> None:
        self.merged.files[path] = MemoryFile(self._ours[path].data(), arguments[0])

    def _move_ours(self, path: bytes, arguments: Any) -> None:
        source, flags = arguments
        self.merged.files[path] = MemoryFile(self._ours[source].data(), flags, source)
        self.merged.files[source] = None

    def _move_theirs(self, path: bytes, arguments: Any) -> None:
        source, flags = arguments
        self.merged.files[path] = MemoryFile(self._theirs[source].data(), flags, source)

    def _merge(self, path: bytes, arguments: Any) -> None:
        our_path, their_path, _base_path, moves, _ancestor = arguments
        ours, theirs, base = self._ours[our_path], self._theirs[their_path], self._base(arguments)
        if path == PINNED:
            self._merge_pinned(base, ours, theirs)
            return
        conflict = _find_conflict(base, ours, theirs)
        data = None if conflict is not None else _merge_text(base, ours, theirs)
        if data is None:
            kind = conflict or (ConflictKind.CONTENT if base else ConflictKind.BOTH_ADDED)
            self.merged.conflicts.append(Conflict(path, kind, _version(base), _version(ours), _version(theirs)))
            return
        flags = _merge_flags(base, ours, theirs)
        source = None if our_path == their_path else our_path if our_path != path else their_path
        if our_path != path or (data, flags) != (ours.data(), ours.flags()):
            self.merged.files[path] = MemoryFile(data, flags, source)
        if moves and our_path != path:
            self.merged.files[our_path] = None

    def _merge_pinned(self, base: Any, ours: Any, theirs: Any) -> None:
        data, conflicts = merge_pinned(base.data() if base else b"", ours.data(), theirs.data())
        self.merged.conflicts.extend(conflicts)
        self.merged.files[PINNED] = MemoryFile(data, b"")

    def _refuse_deleted(self, path: bytes, arguments: Any) -> None:
        our_path, their_path, *_others = arguments
        ours = self._ours[our_path] if our_path is not None else None
        theirs = self._theirs[their_path] if their_path is not None else None
        base = self._base(arguments)
        kind = ConflictKind.CHANGED_DELETED
        self.merged.conflicts.append(Conflict(path, kind, _version(base), _version(ours), _version(theirs)))

    def _base(self, arguments: Any) -> Any:
        """The file that both sides come from, or None."""
        _our_path, _their_path, path, _moves, ancestor = arguments
        context = self._repository[ancestor]
        return context[path] if path is not None and path in context else None


def _find_conflict(base: Any, ours: Any, theirs: Any) -> ConflictKind | None:
    """Why the two are not merged line by line, if they differ in content at all."""
    all_flags = [side.flags() for side in (base, ours, theirs) if side is not None]
    links = [b"l" in flags for flags in all_flags]
    if any(links) and not all(links):
        return ConflictKind.MODE
    if ours.data() == theirs.data():
        return None
    if all(links):
        return ConflictKind.CONTENT if base else ConflictKind.BOTH_ADDED
    texts = [side.data() for side in (base, ours, theirs) if side is not None]
    is_text = not any(stringutil.binary(text) or len(text) > _LARGEST for text in texts)
    return None if is_text else ConflictKind.BINARY


def _merge_text(base: Any, ours: Any, theirs: Any) -> bytes | None:
    """The content that holds the changes of both, or None where they contradict each other."""
    if ours.data() == theirs.data():
        return bytes(ours.data())
    groups = simplemerge.Merge3Text(base.data() if base else b"", ours.data(), theirs.data()).merge_groups()
    lines: list[bytes] = []
    for what, group in groups:
        if what == b"conflict":
            return None
        lines.extend(group)
    return b"".join(lines)


def _merge_flags(base: Any, ours: Any, theirs: Any) -> bytes:
    """Whether the file may be run; without a common ancestor ours decides, as in Mercurial."""
    if base is not None and ours.flags() == base.flags():
        return bytes(theirs.flags())
    return bytes(ours.flags())


def _version(file: Any) -> Version | None:
    return None if file is None else Version(_KINDS.get(file.flags(), EntryKind.FILE), file.filenode().hex())

"""From wished changes to what a commit writes and removes, checked against the files of its parent."""

import os
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from kallithea.core.words import Text, _, _n
from kallithea.vcs.backend import Tree
from kallithea.vcs.path_rules import find_path_problem, fold_path
from kallithea.vcs.types import EntryKind, PathNotFoundError, TreeEntry
from kallithea.vcs.writing import (
    AddFile,
    Content,
    DeleteFile,
    EditFile,
    FileChange,
    FileMode,
    MoveFile,
    RefusedPathError,
)

_MODES = {
    EntryKind.FILE: FileMode.REGULAR,
    EntryKind.EXECUTABLE: FileMode.EXECUTABLE,
    EntryKind.SYMLINK: FileMode.SYMLINK,
}
_NO_FILE = {
    EntryKind.FOLDER: _("this is a folder, not a file"),
    EntryKind.SUBREPOSITORY: _("this is another repository, not a file"),
}
_TAKEN = {
    EntryKind.FILE: _("there is a file of this name already"),
    EntryKind.EXECUTABLE: _("there is a file of this name already"),
    EntryKind.SYMLINK: _("there is a symbolic link of this name already"),
    EntryKind.FOLDER: _("there is a folder of this name already"),
    EntryKind.SUBREPOSITORY: _("there is another repository of this name already"),
}
_LONGEST_TARGET = 4095


@dataclass(frozen=True, slots=True)
class Written:
    """A file as the commit shall hold it.

    ``source`` is the file of the parent that it continues, at the same path or, when it is moved, at another one; None
    for a new file. ``content`` None means the source's.
    """

    path: bytes
    mode: FileMode
    content: Content | None
    source: TreeEntry | None

    @property
    def moved(self) -> bool:
        """Whether the source lies at another path."""
        return self.source is not None and self.source.path != self.path


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """What a commit does to its parent's files; no path is in both."""

    written: tuple[Written, ...]
    removed: tuple[bytes, ...]


def plan_changes(tree: Tree, base: str | None, changes: Sequence[FileChange]) -> ChangePlan:
    """Check the changes against the commit ``base``, None for nothing. Raises RefusedPathError."""
    taken: list[bytes] = []
    written: dict[bytes, Written] = {}
    parent = _Parent(tree, base)
    for change in changes:
        if isinstance(change, DeleteFile | MoveFile):
            path = change.path if isinstance(change, DeleteFile) else change.old_path
            if path in taken:
                raise RefusedPathError(path, _("it can be moved or deleted only once"))
            taken.append(path)
        one = _written(parent, change)
        if one is not None:
            if one.path in written:
                raise RefusedPathError(one.path, _("it can be written only once"))
            written[one.path] = one
    _check_places(parent, written, frozenset(taken))
    _check_folded(parent, written, frozenset(taken))
    return ChangePlan(tuple(written.values()), tuple(path for path in taken if path not in written))


def content_size(content: Content) -> int:
    """Bytes of a content, of a stream from where it stands."""
    if isinstance(content, bytes):
        return len(content)
    position = content.tell()
    size = content.seek(0, os.SEEK_END) - position
    content.seek(position)
    return size


def read_chunks(content: Content, size: int) -> Iterator[bytes]:
    """The bytes of a content in pieces of at most ``size``."""
    if isinstance(content, bytes):
        for start in range(0, len(content), size):
            yield content[start : start + size]
        return
    while chunk := content.read(size):
        yield chunk


class _Parent:
    """The files of the commit that is built on."""

    def __init__(self, tree: Tree, commit_id: str | None) -> None:
        self._tree = tree
        self._commit_id = commit_id
        self._folded: dict[bytes, Mapping[bytes, Sequence[TreeEntry]]] = {}

    def find(self, path: bytes) -> TreeEntry | None:
        """What lies at the path."""
        if self._commit_id is None:
            return None
        try:
            return self._tree.entry(self._commit_id, path)
        except PathNotFoundError:
            return None

    def find_alike(self, path: bytes, but: Container[bytes]) -> TreeEntry | None:
        """What a file system that folds names would take for the path, or for a folder above it that is none.

        Entries whose paths are in ``but`` are left out.
        """
        *above, last = fold_path(path)
        folders = [b""]
        for name in above:
            found = [entry for folder in folders for entry in self._alike(folder, name) if entry.path not in but]
            folders = [entry.path for entry in found if entry.kind is EntryKind.FOLDER]
            if len(folders) < len(found):
                return next(entry for entry in found if entry.kind is not EntryKind.FOLDER)
        return next((one for folder in folders for one in self._alike(folder, last) if one.path not in but), None)

    def _alike(self, folder: bytes, name: bytes) -> Sequence[TreeEntry]:
        """Entries of a folder that have the name, folded."""
        if self._commit_id is None:
            return ()
        if folder not in self._folded:
            folded = defaultdict[bytes, list[TreeEntry]](list)
            for entry in self._tree.folder(self._commit_id, folder):
                folded[fold_path(entry.path.rpartition(b"/")[2])[-1]].append(entry)
            self._folded[folder] = folded
        return self._folded[folder].get(name, ())

    def file(self, path: bytes) -> TreeEntry:
        """The file at the path. Raises RefusedPathError."""
        found = self.find(path) if path else None
        if found is None:
            raise RefusedPathError(path, _("there is no such file"))
        if found.kind not in _MODES:
            raise RefusedPathError(path, _NO_FILE[found.kind])
        return found


def _written(parent: _Parent, change: FileChange) -> Written | None:
    """The file that a change leads to, None if it only takes one away."""
    match change:
        case AddFile(path, content, mode):
            return _checked(Written(path, mode, content, None))
        case EditFile(path, content, mode):
            source = parent.file(path)
            return _checked(Written(path, mode or _MODES[source.kind], content, source))
        case MoveFile(old_path, path, content, mode):
            source = parent.file(old_path)
            return _checked(Written(path, mode or _MODES[source.kind], content, source))
        case DeleteFile(path):
            parent.file(path)
            return None


def _checked(written: Written) -> Written:
    words = find_path_problem(written.path)
    if words is None and written.mode is FileMode.SYMLINK:
        words = _find_target_problem(written)
    if words is not None:
        raise RefusedPathError(written.path, words)
    return written


def _find_target_problem(written: Written) -> str | None:
    if written.content is None:
        is_link = written.source is not None and written.source.kind is EntryKind.SYMLINK
        return None if is_link else _("a file becomes a symbolic link only together with the path that it points to")
    if not 1 <= content_size(written.content) <= _LONGEST_TARGET:
        return _n(
            "the target of a symbolic link has 1 to %(count)s byte",
            "the target of a symbolic link has 1 to %(count)s bytes",
            _LONGEST_TARGET,
        )
    return _("the target of a symbolic link must not contain NUL") if _has_nul(written.content) else None


def _has_nul(content: bytes | BinaryIO) -> bool:
    if isinstance(content, bytes):
        return b"\0" in content
    position = content.tell()
    found = b"\0" in content.read()
    content.seek(position)
    return found


def _check_places(parent: _Parent, written: dict[bytes, Written], taken: frozenset[bytes]) -> None:
    for path, one in written.items():
        folders = list(folders_above(path))
        if not written.keys().isdisjoint(folders):
            raise RefusedPathError(path, _("a folder that it lies in would be a file as well"))
        blocking = _find_blocking(parent, folders)
        if blocking is not None and blocking.path not in taken:
            raise RefusedPathError(path, _no_folder(blocking))
        found = None if blocking else parent.find(path)
        is_itself = one.source is not None and one.source.path == path
        if found is not None and not is_itself and path not in taken:
            raise RefusedPathError(path, _TAKEN[found.kind])


def _check_folded(parent: _Parent, written: dict[bytes, Written], taken: frozenset[bytes]) -> None:
    """Refuse new paths that some file systems take for others: a link among those leads a clone to write elsewhere."""
    folded = {fold_path(path): path for path in written}
    for path, one in written.items():
        if one.source is not None and one.source.path == path:
            continue
        names = fold_path(path)
        others = (folded.get(names[:count]) for count in range(1, len(names) + 1))
        other = next((found for found in others if found not in (None, path)), None)
        if other is None:
            alike = parent.find_alike(path, taken | {path})
            other = alike.path if alike is not None else None
        if other is not None:
            shown = other.decode("utf-8", "backslashreplace")
            raise RefusedPathError(
                path, _("on Windows and macOS it would be the same as %(path)s, which is there as well", path=shown)
            )


def _no_folder(blocking: TreeEntry) -> Text:
    shown = blocking.path.decode("utf-8", "backslashreplace")
    match blocking.kind:
        case EntryKind.SYMLINK:
            return _("%(path)s is a symbolic link, not a folder", path=shown)
        case EntryKind.SUBREPOSITORY:
            return _("%(path)s is another repository, not a folder", path=shown)
        case _:
            return _("%(path)s is a file, not a folder", path=shown)


def _find_blocking(parent: _Parent, folders: Sequence[bytes]) -> TreeEntry | None:
    """What lies in the place of one of the folders and is none."""
    for folder in folders:
        found = parent.find(folder)
        if found is None:
            break
        if found.kind is not EntryKind.FOLDER:
            return found
    return None


def folders_above(path: bytes) -> Iterator[bytes]:
    """Whole paths of the folders that a path lies in, outermost first."""
    position = path.find(b"/")
    while position >= 0:
        yield path[:position]
        position = path.find(b"/", position + 1)

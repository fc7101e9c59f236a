"""Folders and files of Git commits."""

import contextlib
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from kallithea.core.words import _
from kallithea.vcs.git.batch import damaged
from kallithea.vcs.git.commits import tree_of_commit
from kallithea.vcs.git.handle import GitHandle
from kallithea.vcs.git.objects import TreeItem
from kallithea.vcs.git.process import TREE_MEMORY, GitLimits, GitProcess
from kallithea.vcs.path_rules import is_plain
from kallithea.vcs.types import Blob, EntryKind, PathNotFoundError, RevisionNotFoundError, TreeEntry

_SIZED = (EntryKind.FILE, EntryKind.EXECUTABLE, EntryKind.SYMLINK)
# Blobs of more bytes, or made from such ones, come from the git program piece by piece.
_SMALL = 1 << 20
# Few objects can make a tree of any size, also one without a single file.
_WHOLE = GitLimits(seconds=20, total_memory=TREE_MEMORY, light_seconds=2, patience=2)


class GitTree(GitHandle):
    """Implements ``backend.Tree``."""

    _last_found: tuple[str, bytes, TreeItem] | None = None

    def entry(self, commit_id: str, path: bytes) -> TreeEntry:
        """See ``backend.Tree``."""
        item = self._find(commit_id, path)
        if item.kind not in _SIZED:
            return TreeEntry(path, item.kind, None, item.object_id)
        known = self._objects.find_stored(item.object_id)
        size = known.size if known is not None else self._sizes([item.object_id]).get(item.object_id)
        return TreeEntry(path, item.kind, size, item.object_id)

    def folder(self, commit_id: str, path: bytes) -> tuple[TreeEntry, ...]:
        """See ``backend.Tree``."""
        parent = self._find(commit_id, path)
        if parent.kind is not EntryKind.FOLDER:
            raise PathNotFoundError(_("This is not a folder."))
        prefix = path + b"/" if path else b""
        items = self._objects.tree(parent.object_id)
        entries = [TreeEntry(prefix + item.name, item.kind, None, item.object_id) for item in items]
        return tuple(sorted(entries, key=_listing_order))

    def paths(self, commit_id: str, *, limit: int) -> tuple[bytes, ...]:
        """See ``backend.Tree``. The order of trees is that of whole paths."""
        command = ("ls-tree", "-r", "-z", "--name-only", "--full-tree", "--end-of-options", self._root(commit_id))
        found, rest = list[bytes](), b""
        with GitProcess(self._options, self.path, *command, limits=_WHOLE) as process:
            while len(found) < limit and (chunk := process.read()):
                *whole, rest = (rest + chunk).split(b"\0")
                found += whole
            if len(found) < limit:
                process.finish()
        return tuple(found[:limit])

    def with_sizes(self, commit_id: str, entries: Sequence[TreeEntry]) -> tuple[TreeEntry, ...]:
        """See ``backend.Tree``."""
        wanted = [entry.object_id for entry in entries if entry.kind in _SIZED and entry.object_id is not None]
        sizes = self._sizes(wanted)
        return tuple(TreeEntry(path, kind, sizes.get(i or ""), i) for path, kind, _mode, i in entries)

    def blob(self, commit_id: str, path: bytes, *, limit: int) -> Blob:
        """See ``backend.Tree``."""
        item = self._file(commit_id, path)
        with self._open(item.object_id) as (size, stream):
            data = stream.read(limit)
        return Blob(path, item.kind, size, data, item.object_id, truncated=len(data) < size)

    @contextlib.contextmanager
    def open_blob(self, commit_id: str, path: bytes) -> Iterator[tuple[int, BinaryIO]]:
        """See ``backend.Tree``."""
        item = self._file(commit_id, path)
        with self._open(item.object_id) as opened:
            yield opened

    @contextlib.contextmanager
    def _open(self, object_id: str) -> Iterator[tuple[int, BinaryIO]]:
        """Size and content: of a small blob from this process, which is sooner done than starting another."""
        stored = self._objects.find_stored(object_id)
        if stored is not None and stored.largest <= _SMALL:
            data = self._objects.get(object_id, "blob")
            yield len(data), io.BytesIO(data)
        else:
            with self._batch.open(object_id) as opened:
                yield opened

    def _file(self, commit_id: str, path: bytes) -> TreeItem:
        item = self._find(commit_id, path)
        if item.kind not in _SIZED:
            raise PathNotFoundError(_("This is not a file."))
        return item

    def _find(self, commit_id: str, path: bytes) -> TreeItem:
        """What lies at the path; the last answer is remembered, because a page asks several times."""
        if self._last_found is None or self._last_found[:2] != (commit_id, path):
            self._last_found = (commit_id, path, self._walk_to(commit_id, path))
        return self._last_found[2]

    def _walk_to(self, commit_id: str, path: bytes) -> TreeItem:
        if path and not is_plain(path):
            # A malformed tree may hold such a name, but other commands of git would mean something else by it.
            raise PathNotFoundError(_("There is nothing at this path."))
        item = TreeItem(b"", 0o040000, self._root(commit_id))
        for name in path.split(b"/") if path else ():
            if item.kind is not EntryKind.FOLDER:
                raise PathNotFoundError(_("There is nothing at this path."))
            found = self._objects.find_item(item.object_id, name)
            if found is None:
                raise PathNotFoundError(_("There is nothing at this path."))
            item = found
        return item

    def _root(self, commit_id: str) -> str:
        found = self._objects.find(commit_id)
        if found is None or found[0] != "commit":
            raise RevisionNotFoundError(_("There is no such commit."))
        tree_id = tree_of_commit(found[1])
        if tree_id is None:
            raise damaged(commit_id)
        return tree_id

    def _sizes(self, object_ids: Iterable[str]) -> dict[str, int]:
        """Size of each blob; those that are not there are left out."""
        wanted = list(dict.fromkeys(object_ids))
        sizes = self._objects.find_sizes(wanted)
        others = [object_id for object_id in wanted if object_id not in sizes]
        headers = zip(others, self._batch.headers(others), strict=True)
        return sizes | {object_id: header.size for object_id, header in headers if header is not None}


def _listing_order(entry: TreeEntry) -> tuple[bool, bytes]:
    return entry.kind is not EntryKind.FOLDER, entry.path

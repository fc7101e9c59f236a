"""Folders and files of Mercurial changesets."""

import bisect
import contextlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO

from kallithea.core.words import _
from kallithea.vcs.hg.handle import DAMAGE, HgHandle, naming
from kallithea.vcs.hg.large_files import LARGE, open_large_file
from kallithea.vcs.hg.mercurial_setup import manifest
from kallithea.vcs.hg.patches import count_chunks, stored_size
from kallithea.vcs.hg.stored_sizes import find_size
from kallithea.vcs.hg.subrepositories import read_subrepositories
from kallithea.vcs.slots import Weight, take_slot
from kallithea.vcs.types import Blob, EntryKind, PathNotFoundError, TreeEntry

# Up to this size in bytes a file is read to know its size exactly.
_EXACT = 1 << 20
# A file of so many chunks, and of no more bytes, is kept for those who ask for it next: to read it takes up to 2 ms.
_MANY_CHUNKS, _MOST_KEPT = 20, 1 << 20
# Seconds to wait until other heavy work is done.
_PATIENCE = 5.0
_KINDS = {b"": EntryKind.FILE, b"x": EntryKind.EXECUTABLE, b"l": EntryKind.SYMLINK}


@dataclass(frozen=True)
class _Listing:
    """What a changeset holds: its manifest, and the pinned commits of sub-repositories by path."""

    commit_id: str
    manifest: Any
    subrepositories: dict[bytes, str]

    @cached_property
    def paths(self) -> list[bytes]:
        """All paths sorted, those of sub-repositories included."""
        paths: list[bytes] = self.manifest.keys()
        return sorted(set(paths).union(self.subrepositories)) if self.subrepositories else paths


class HgTree(HgHandle):
    """Implements ``backend.Tree``. Mercurial stores no folders: they are what the paths of files imply."""

    _listed: _Listing | None = None

    def entry(self, commit_id: str, path: bytes) -> TreeEntry:
        """See ``backend.Tree``."""
        listing = self._listing(commit_id)
        if path in listing.subrepositories:
            return TreeEntry(path, EntryKind.SUBREPOSITORY, None, listing.subrepositories[path])
        if path in listing.manifest:
            return self._file_entry(listing, path)
        if not path or _has_folder(listing.paths, path):
            return TreeEntry(path, EntryKind.FOLDER, None, None)
        raise PathNotFoundError(_("There is nothing at this path."))

    def folder(self, commit_id: str, path: bytes) -> tuple[TreeEntry, ...]:
        """See ``backend.Tree``."""
        listing = self._listing(commit_id)
        if path and not _has_folder(listing.paths, path):
            raise PathNotFoundError(_("There is no folder at this path."))
        folders, others = [], []
        for child, is_folder in _children(listing.paths, path + b"/" if path else b""):
            if is_folder:
                folders.append(TreeEntry(child, EntryKind.FOLDER, None, None))
            else:
                others.append(_entry_of(listing, child))
        return tuple(sorted(folders, key=_path_of) + sorted(others, key=_path_of))

    def paths(self, commit_id: str, *, limit: int) -> tuple[bytes, ...]:
        """See ``backend.Tree``."""
        return tuple(self._listing(commit_id).paths[:limit])

    def with_sizes(self, commit_id: str, entries: Sequence[TreeEntry]) -> tuple[TreeEntry, ...]:
        """See ``backend.Tree``."""
        listing = self._listing(commit_id)
        return tuple(
            self._file_entry(listing, entry.path) if entry.path in listing.manifest else entry for entry in entries
        )

    def blob(self, commit_id: str, path: bytes, *, limit: int) -> Blob:
        """See ``backend.Tree``."""
        listing = self._listing(commit_id)
        with self._open_blob(commit_id, path, self._take_slot) as (size, stream):
            data = stream.read(limit)
        object_id = listing.manifest[path].hex()
        return Blob(path, _kind(listing, path), size, data, object_id, truncated=size > limit)

    def open_blob(self, commit_id: str, path: bytes) -> contextlib.AbstractContextManager[tuple[int, BinaryIO]]:
        """See ``backend.Tree``. Who reads all of a file that may be large has a heavy slot."""
        return self._open_blob(commit_id, path, contextlib.nullcontext)

    def _take_slot(self) -> contextlib.AbstractContextManager[object]:
        return take_slot(self.options, Weight.HEAVY, _PATIENCE) or contextlib.nullcontext()

    @contextlib.contextmanager
    def _open_blob(
        self, commit_id: str, path: bytes, wait: Callable[[], contextlib.AbstractContextManager[object]]
    ) -> Iterator[tuple[int, BinaryIO]]:
        """The same; a large file is read once its turn has come, for which ``wait`` waits."""
        listing = self._listing(commit_id)
        if path not in listing.manifest:
            raise PathNotFoundError(_("There is no file at this path."))
        at = listing.manifest[path]
        data = self._read_version(path, at)
        if data is None:
            with wait(), open_large_file(self.path, path, at) as opened:
                yield opened
        else:
            yield len(data), io.BytesIO(data)

    def _read_version(self, path: bytes, at: bytes) -> bytes | None:
        """A version of a file; None for a large one."""
        key, recent = f"{self.path}:{at.hex()}", self.options.recent.texts
        kept = recent.get(key)
        with naming(at.hex()):
            storage = self._repository.file(path)
            # what was censored since is kept still
            if kept is not None and not storage.iscensored(storage.rev(at)):
                return kept
            if stored_size(storage, at) > LARGE:
                return None
            data = bytes(storage.read(at))
        if len(data) <= _MOST_KEPT and count_chunks(storage, at) >= _MANY_CHUNKS:
            recent.put(key, data, len(data))
        return data

    def _listing(self, commit_id: str) -> _Listing:
        """What a changeset holds; the last one asked for is remembered."""
        if self._listed is None or self._listed.commit_id != commit_id:
            context = self._repository[self._node(commit_id)]
            with naming(commit_id):
                files = self._read_manifest(context)
            self._listed = _Listing(commit_id, files, read_subrepositories(context))
        return self._listed

    def _read_manifest(self, context: Any) -> Any:
        """The manifest of a changeset. Where nobody has read it lately, its text is put together from many pieces."""
        read, node = context.manifestctx(), context.manifestnode()
        # Where each folder has a manifest of its own, Mercurial puts them together.
        if isinstance(read, manifest.manifestctx) and read._data is None:  # noqa: SLF001 - it would copy the text
            key, recent = f"{self.path}:{node.hex()}", self.options.recent.texts
            text = recent.get(key)
            if text is None:
                text = self._repository.manifestlog.getstorage(b"").revision(node)
                recent.put(key, text, len(text))
            read._data = manifest.manifestdict(len(node), text)  # noqa: SLF001
        return context.manifest()

    def _kind_at(self, commit_id: str, path: bytes) -> EntryKind:
        """What a path of a file or sub-repository is."""
        return _kind(self._listing(commit_id), path)

    def _file_entry(self, listing: _Listing, path: bytes) -> TreeEntry:
        at = listing.manifest[path]
        size: int | None
        try:
            size = self._size(path, at)
        except DAMAGE:
            # As in Git, a damaged file has no size, and its folder can be read all the same.
            size = None
        return TreeEntry(path, _kind(listing, path), size, at.hex())

    def _size(self, path: bytes, at: bytes) -> int:
        """Bytes of a file. Of a large one that was copied, what is stored about the copy counts too."""
        found = find_size(self._repository, path, at)
        if found is not None:
            return found
        storage = self._repository.file(path)
        size = stored_size(storage, at)
        # The exact size of a file's first version can only be had by reading it.
        return size if size > _EXACT else int(storage.size(storage.rev(at)))


def _entry_of(listing: _Listing, path: bytes) -> TreeEntry:
    """A file or sub-repository, without its size."""
    if path in listing.subrepositories:
        return TreeEntry(path, EntryKind.SUBREPOSITORY, None, listing.subrepositories[path])
    return TreeEntry(path, _kind(listing, path), None, listing.manifest[path].hex())


def _kind(listing: _Listing, path: bytes) -> EntryKind:
    """What a path of a file or sub-repository is; flags that Mercurial never writes count as none."""
    if path in listing.subrepositories:
        return EntryKind.SUBREPOSITORY
    return _KINDS.get(listing.manifest.flags(path), EntryKind.FILE)


def _has_folder(paths: list[bytes], path: bytes) -> bool:
    position = bisect.bisect_left(paths, path + b"/")
    return position < len(paths) and paths[position].startswith(path + b"/")


def _children(paths: list[bytes], prefix: bytes) -> Iterator[tuple[bytes, bool]]:
    """Direct children below ``prefix`` (empty, or ending in a slash), and whether each is a folder.

    Jumps over what lies deeper, so that the root of a large repository costs its own entries only.
    """
    position = bisect.bisect_left(paths, prefix)
    while position < len(paths) and paths[position].startswith(prefix):
        path = paths[position]
        slash = path.find(b"/", len(prefix))
        if slash < 0:
            yield path, False
            position += 1
        else:
            yield path[:slash], True
            # "0" is the character after the slash.
            position = bisect.bisect_left(paths, path[:slash] + b"0", position)


def _path_of(entry: TreeEntry) -> bytes:
    return entry.path

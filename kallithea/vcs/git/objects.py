"""Single Git objects, read in this process by dulwich; many objects and large ones come from ``batch``.

What dulwich cannot read or finds malformed, the git program is asked for: it alone decides what is damaged.
"""

import contextlib
import hashlib
import io
import pathlib
import re
import struct
import time
import zlib
from collections.abc import Collection, Iterator
from typing import NamedTuple

from dulwich.config import ConfigFile
from dulwich.errors import ApplyDeltaError, ChecksumMismatch, FileFormatException
from dulwich.object_format import SHA1, SHA256
from dulwich.object_store import BaseObjectStore, DiskObjectStore
from dulwich.objects import ObjectID, parse_tree
from dulwich.pack import PackFileDisappeared, UnresolvedDeltas

from kallithea.core.words import _
from kallithea.vcs.git.batch import LARGEST, ObjectBatch, damaged, too_large
from kallithea.vcs.git.environment import git_folder
from kallithea.vcs.git.stored import TYPES, InflateError, Stored, find_packed_sizes, find_stored
from kallithea.vcs.kept import KeptRepositories
from kallithea.vcs.recent import RecentObjects
from kallithea.vcs.types import EntryKind, RepositoryMissingError, VcsError

_REFUSED = (
    ApplyDeltaError,
    AssertionError,
    ChecksumMismatch,
    EOFError,
    FileFormatException,
    IndexError,
    InflateError,
    OSError,
    OverflowError,
    PackFileDisappeared,
    UnresolvedDeltas,
    ValueError,
    struct.error,
    zlib.error,
)
_HEX = re.compile("[0-9a-f]+")
# Any number of items of a tree, by the number of bytes of an object id: mode, space, name, NUL, id.
_ITEMS = {length: re.compile(rb"(?s:[0-7]+ [^\0]+\0.{%d})*+" % length) for length in (20, 32)}
_MODE = re.compile(rb"[0-7]+")
# Modes that Git writes have so many digits.
_MODE_DIGITS = (6, 5)
# So many times looking for an object in a pack takes as long as the git program takes in all.
_MOST_LOOKS = 1000
# In bytes, for each pack that is open: contents that others are made from.
_DELTA_BASES = 524_288
# Packs that stay open between two pages: how many of one repository, and how long in seconds, because what is deleted
# takes its room until then. Each is counted as so many changesets.
_MOST_KEPT = 8
_KEPT_FOR = 5
_WEIGHT = 4_000


class TreeItem(NamedTuple):
    """A name in a tree object: ``mode`` as stored, ``object_id`` of the blob, tree or pinned commit."""

    name: bytes
    mode: int
    object_id: str

    @property
    def kind(self) -> EntryKind:
        """What lies there; modes that Git never writes count as files."""
        match self.mode & 0o170000:
            case 0o040000:
                return EntryKind.FOLDER
            case 0o120000:
                return EntryKind.SYMLINK
            case 0o160000:
                return EntryKind.SUBREPOSITORY
            case _:
                return EntryKind.EXECUTABLE if self.mode & 0o111 else EntryKind.FILE


class _OwnObjects(DiskObjectStore):
    """Without those that it borrows, of which dulwich tells no size before it has read them."""

    @property
    def alternates(self) -> list[BaseObjectStore]:
        return []


class ObjectStore:
    """The objects of one repository. Close it or let it rest: it holds pack files open."""

    # What a page asks for more than once.
    _last_stored: tuple[str, Stored | None] | None = None

    def __init__(
        self,
        repository_path: pathlib.Path,
        batch: ObjectBatch,
        recent: RecentObjects,
        kept: KeptRepositories | None = None,
    ) -> None:
        folder = git_folder(repository_path)
        if not ((folder / "objects").is_dir() and (folder / "HEAD").is_file()):
            raise RepositoryMissingError(_("The repository is not there."))
        self._batch = batch
        self._recent = recent
        self._home = str(folder)
        # Ids of objects that are kept and were found in the repository.
        self._seen: set[str] = set()
        self._kept = kept
        self._place = folder / "objects"
        self._state = _state_of(self._place) if kept is not None else None
        self._store = self._open(folder)
        self._format = self._store.object_format
        self._rests = False

    @property
    def id_length(self) -> int:
        """Number of hexadecimal digits of an object id."""
        return self._format.hex_length

    @property
    def format_name(self) -> str:
        """``sha1`` or ``sha256``."""
        return self._format.name

    def is_id(self, text: str) -> bool:
        """Whether this is written like the full id of an object."""
        return len(text) == self.id_length and _HEX.fullmatch(text) is not None

    def find(self, object_id: str) -> tuple[str, bytes] | None:
        """Type (``commit``, ``tree``, ``blob``, ``tag``) and content; None if absent.

        Raises CorruptObjectError, TooLargeError.
        """
        if not self.is_id(object_id):
            return None
        kept = self._recent.get(self._home, object_id)
        if kept is None:
            return self._load(object_id)
        return kept if self._has(object_id) else None

    def _has(self, object_id: str) -> bool:
        """Whether an object that is kept is in the repository still."""
        try:
            if object_id not in self._seen and (self._holds(object_id) or self._borrows(object_id)):
                self._seen.add(object_id)
        except _REFUSED:
            return self._from_git(object_id) is not None
        return object_id in self._seen

    def _holds(self, object_id: str) -> bool:
        return ObjectID(object_id.encode("ascii")) in self._store

    def _borrows(self, object_id: str) -> bool:
        """Whether another repository lends it, however many of them lend to each other."""
        return (self._place / "info" / "alternates").exists() and next(self._batch.headers([object_id])) is not None

    def _load(self, object_id: str) -> tuple[str, bytes] | None:
        stored = self.find_stored(object_id)
        if stored is None:
            # It is borrowed or damaged: what it takes to read it, only the git program can tell and bound.
            return self._from_git(object_id) if self._has(object_id) else None
        if stored.largest > LARGEST:
            raise too_large()
        try:
            found = self._read(object_id)
        except KeyError:
            return None
        except _REFUSED:
            return self._from_git(object_id)
        if found[0] == "blob" and self._recent.is_sound(self._home, object_id):
            # the sum that is stored with it is checked each time
            return found
        if self._hash(*found) != object_id:
            return self._from_git(object_id)
        if found[0] == "blob":
            self._recent.note_sound(self._home, object_id)
        else:
            self._recent.put(self._home, object_id, found)
            self._seen.add(object_id)
        return found

    def _read(self, object_id: str) -> tuple[str, bytes]:
        """Type and content as stored. Raises KeyError if absent, and ``_REFUSED``."""
        stored = self._last_stored[1] if self._last_stored and self._last_stored[0] == object_id else None
        if stored is not None:
            # The pack may have gone since, or be damaged: then others are looked at.
            with contextlib.suppress(*_REFUSED):
                data = stored.read()
                if data is not None:
                    return stored.kind, data
        number, data = self._store.get_raw(ObjectID(object_id.encode("ascii")))
        return TYPES[number], data

    def get(self, object_id: str, kind: str) -> bytes:
        """Content of an object of this type that another one of this repository names.

        Raises CorruptObjectError, TooLargeError.
        """
        found = self._recent.get(self._home, object_id) or (self._load(object_id) if self.is_id(object_id) else None)
        if found is None or found[0] != kind:
            raise damaged(object_id)
        return found[1]

    def find_stored(self, object_id: str) -> Stored | None:
        """How large an object is, without reading it; None where only the git program can tell."""
        if self._last_stored is None or self._last_stored[0] != object_id:
            self._last_stored = (object_id, find_stored(self._store, object_id))
        return self._last_stored[1]

    def find_sizes(self, object_ids: Collection[str]) -> dict[str, int]:
        """How large objects are, as far as that is sooner found here than by the git program; others are left out."""
        packs = len(self._store.packs)
        return find_packed_sizes(self._store, object_ids) if len(object_ids) * packs <= _MOST_LOOKS else {}

    def tree(self, object_id: str) -> Iterator[TreeItem]:
        """Items of a tree in its own order. Raises CorruptObjectError."""
        for name, mode, item_id in self._rows(object_id):
            yield TreeItem(name, mode, item_id.decode("ascii"))

    def find_item(self, tree_id: str, name: bytes) -> TreeItem | None:
        """The first item of this name in a tree, or None. Raises CorruptObjectError."""
        data, sought = self.get(tree_id, "tree"), b" %s\0" % name
        found = data.find(sought)
        if found < 0:
            return None
        start, end = self._find_start(data, found), found + len(sought)
        object_id = data[end : end + self._format.oid_length]
        if start is not None and len(object_id) == self._format.oid_length:
            return TreeItem(name, int(data[start:found], 8), object_id.hex())
        row = next((row for row in self._rows(tree_id) if row[0] == name), None)
        return TreeItem(name, row[1], row[2].decode("ascii")) if row is not None else None

    def _find_start(self, data: bytes, space: int) -> int | None:
        """Where the item begins whose mode ends at this space; None if it ends no mode: names and ids hold spaces."""
        items = _ITEMS[self._format.oid_length]
        for start in (space - count for count in _MODE_DIGITS if space >= count):
            if _MODE.fullmatch(data, start, space) and items.fullmatch(data, 0, start):
                return start
        return None

    def _rows(self, tree_id: str) -> Iterator[tuple[bytes, int, bytes]]:
        """Name, mode and object id of each item."""
        data = self.get(tree_id, "tree")
        try:
            yield from parse_tree(data, self._format.oid_length)
        except (FileFormatException, ValueError) as problem:
            raise damaged(tree_id) from problem

    def _from_git(self, object_id: str) -> tuple[str, bytes]:
        found = next(self._batch.contents([object_id]))
        if found is None:
            raise damaged(object_id)
        return found

    def _hash(self, kind: str, data: bytes) -> str:
        digest = hashlib.new(self._format.name, b"%s %d\0" % (kind.encode(), len(data)), usedforsecurity=False)
        digest.update(data)
        return digest.hexdigest()

    def _open(self, folder: pathlib.Path) -> DiskObjectStore:
        if self._kept is not None and self._state is not None:
            lent = self._kept.take(self._place, self._state)
            if isinstance(lent, DiskObjectStore):
                return lent
        object_format = SHA256 if _object_format(folder) == b"sha256" else SHA1
        return _OwnObjects(self._place, object_format=object_format, delta_base_cache_limit=_DELTA_BASES)

    def rest(self) -> None:
        """Leave the pack files open for the next page, where there is room. Nothing can be read any more."""
        packs = len(self._store.packs) if self._state is not None and not self._rests else 0
        if self._kept is None or self._state is None or not 0 < packs <= _MOST_KEPT:
            self.close()
            return
        self._rests = True
        self._kept.give(self._place, self._state, self._store, packs * _WEIGHT)

    def close(self) -> None:
        """Free the pack files, unless they rest."""
        if not self._rests:
            self._store.close()


def _state_of(objects: pathlib.Path) -> str | None:
    """Another one when packs have come or gone, and after a time; None where there are none."""
    try:
        found = (objects / "pack").stat()
    except OSError:
        return None
    return f"{found.st_ino}:{found.st_mtime_ns}:{time.monotonic() // _KEPT_FOR}"


def _object_format(folder: pathlib.Path) -> bytes:
    try:
        data = (folder / "config").read_bytes()
        # Most configurations need not be parsed.
        if b"objectformat" not in data.lower():
            return b"sha1"
        config = ConfigFile.from_file(io.BytesIO(data))
        return config.get((b"extensions",), b"objectformat").lower()
    except (KeyError, FileNotFoundError):
        return b"sha1"
    except (OSError, ValueError) as problem:
        raise VcsError(_("The repository's configuration cannot be read.")) from problem

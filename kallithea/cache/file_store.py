"""A bounded store of plain files, shared by all processes that can see its folder.

An entry is written under another name and renamed; a large one, whose bytes are sent unseen, is synced before. While it
is written its file is locked, which the kernel undoes when the process dies: so there is one producer of an entry at a
time, and what a dead one left is taken over by the next, or swept away. What is unreadable, cut off, or belongs to
another key is a miss.
"""

import contextlib
import errno
import fcntl
import hashlib
import io
import logging
import os
import pathlib
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple, cast

from kallithea.cache.counters import Counters, Counts
from kallithea.cache.entry import CONTENT_START, EntryWriter, content_of, digest_of, entry_of, parse_header
from kallithea.core.errors import UnavailableError
from kallithea.core.words import _

log = logging.getLogger(__name__)

_WRITING = ".new"
_LOOK_SECONDS = 0.05
# Reading an entry makes it the last to go; noting that once an hour is enough.
_TOUCHED_SECONDS = 3600.0
# Of the threads of one process.
_MOST_WAITING = 2
# What is announced leaves so many bytes of its disk, or such a part of a small one.
_LEAST_ROOM, _LEAST_PART = 256 << 20, 20
# To look at all entries of a folder costs milliseconds when it is full. It is done on average whenever such a part of
# what the folder may hold has come, by all processes together, and leaves room for as much of that as hardly ever comes
# before the next look.
_LOOK_PART, _PARTS_LEFT = 64, 8
_BEING_MADE = _("This is being made for somebody else right now. Try again in a moment.")


class StoredFile:
    """An entry, open for reading. ``size`` is that of its content in bytes. It stays whole while it is open."""

    def __init__(self, file: BinaryIO, size: int, key: str) -> None:
        self.size = size
        self.key = key
        self._file = file

    def open(self, start: int = 0) -> BinaryIO:
        """The content from the byte ``start`` on. Call it once, and close what it gives."""
        self._file.seek(CONTENT_START + start)
        return self._file

    def copy_to(self, target: int) -> None:
        """Write the whole content to an empty file by its descriptor. Raises OSError."""
        at, end = CONTENT_START, CONTENT_START + self.size
        while at < end:
            copied = os.sendfile(target, self._file.fileno(), at, end - at)
            if not copied:
                raise OSError("an entry of the store was cut off")
            at += copied

    def close(self) -> None:
        """Close the file, for those that do not read it."""
        self._file.close()


@dataclass(frozen=True, slots=True)
class Usage:
    """How much a store holds: ``size``, with what is being written, and ``limit`` in bytes, and what happened in it."""

    entries: int
    size: int
    limit: int
    counts: Counts


class FileStore:
    """Values by key, in ``limit`` bytes and hardly ever more; those that were not used for the longest time go first.

    The limit is divided evenly among ``shards`` folders, so that making room looks at one of them only: many for many
    small entries, one for few large ones. A single entry may be larger than its folder's part. What is being written
    counts whenever another entry is complete; until then it comes on top of the limit, unless its size was
    announced: then it counts from its beginning. Failing to store is logged, not raised, unless the caller needs the
    file.
    """

    def __init__(self, folder: pathlib.Path, limit: int, *, shards: int = 256, wait_seconds: float = 30.0) -> None:
        self._folder = folder
        self._limit = limit
        self._shards = shards
        self._wait_seconds = wait_seconds
        self._counters = Counters(folder / "counters.json")
        self._places = threading.Semaphore(_MOST_WAITING)

    def get(self, key: str) -> bytes | None:
        """The content stored under the key, or None."""
        path = self._path(key)
        try:
            entry = path.read_bytes()
        except OSError:
            entry = b""
        content = content_of(key, entry)
        self._count_look(path, found=content is not None)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Store the content. Of several processes that store under one key at a time, one does."""
        path = self._path(key)
        try:
            with self._producing(path) as file:
                if file is None:
                    return
                # Not synced: the CRC of the content is looked at whenever it is read, so that what a power cut left is
                # a miss. A page that stores three of these would wait for the disk three times.
                file.write(entry_of(key, content))
                file.flush()
                self._place(path)
        except OSError as problem:
            log.warning("a cache entry could not be stored in %s: %s", self._folder, problem.strerror)

    def find(self, key: str) -> StoredFile | None:
        """The entry as an open file, for large contents, or None. Whether the bytes are undamaged is not checked."""
        path = self._path(key)
        found = _open_entry(path, key)
        self._count_look(path, found=found is not None)
        return found

    def produce(self, key: str, write: Callable[[BinaryIO], None], expected: int = 0) -> StoredFile:
        """The entry as an open file; where there is none, ``write`` makes it, in one process at a time.

        ``write`` is given a file that is written forwards only; what it raises is passed on, and nothing is stored.
        ``expected`` is how many bytes it will write at most, 0 what nobody can tell: room for them is made before, and
        nobody else is promised it. Raises UnavailableError where another process takes too long over it or others wait
        for such things already, OSError where there is no room.
        """
        path = self._path(key)
        deadline = time.monotonic() + self._wait_seconds
        with contextlib.ExitStack() as place:
            waiting = False
            while (found := self.find(key)) is None:
                with self._producing(path) as file:
                    if file is not None:
                        # Another process may have finished between the look and the lock.
                        return _open_entry(path, key) or self._write(path, key, file, write, expected)
                if not waiting:
                    self._take_place(place)
                    waiting = True
                self._wait(deadline)
        return found

    def counts(self) -> Counts:
        """What happened here; unlike ``usage`` it takes no time."""
        return self._counters.read()

    def usage(self) -> Usage:
        """How much there is."""
        shards = list(self._all_shards())
        found = [entry for shard in shards for entry in _entries(shard)]
        size = sum(entry.size for entry in found) + sum(map(_size_being_written, shards))
        return Usage(len(found), size, self._limit, self._counters.read())

    def sweep(self) -> None:
        """Remove what dead processes were writing."""
        for shard in self._all_shards():
            _sweep(shard)

    def clear(self) -> None:
        """Forget everything. What is being written meanwhile stays."""
        for shard in self._all_shards():
            for entry in _entries(shard):
                pathlib.Path(entry.path).unlink(missing_ok=True)

    def _write(
        self, path: pathlib.Path, key: str, file: BinaryIO, write: Callable[[BinaryIO], None], expected: int
    ) -> StoredFile:
        if expected:
            self._reserve(path, file, CONTENT_START + expected)
        writer = EntryWriter(file, key)
        write(cast(BinaryIO, writer))
        file.truncate(CONTENT_START + writer.size)
        writer.finish()
        # Opened before it gets its name, so that nothing can evict it first.
        stored = _open_entry(_aside(path), key)
        self._place(path)
        if stored is None:
            raise OSError(f"what was written to {path} cannot be read")
        return stored

    def _reserve(self, path: pathlib.Path, file: BinaryIO, size: int) -> None:
        """Make room for a file, and have it count as large as it will be. Raises OSError where others have the room."""
        file.truncate(size)
        _sweep(path.parent)
        limit = self._limit // self._shards
        self._counters.add(Counts(evicted=_evict(path.parent, limit, path.name)))
        if size < _size_being_written(path.parent) > limit:
            raise OSError(errno.ENOSPC, "what is being written takes all of the store")
        disk = shutil.disk_usage(path.parent)
        if disk.free - _unwritten(path.parent) < min(_LEAST_ROOM, disk.total // _LEAST_PART):
            raise OSError(errno.ENOSPC, "the disk of the store is full")

    def _place(self, path: pathlib.Path) -> None:
        aside, limit, evicted = _aside(path), self._limit // self._shards, 0
        size = aside.stat().st_size
        aside.rename(path)
        if random.random() * limit < size * _LOOK_PART:  # noqa: S311 - no secret
            evicted = _evict(path.parent, limit * (_LOOK_PART - _PARTS_LEFT) // _LOOK_PART, path.name)
        self._counters.add(Counts(stored=1, evicted=evicted))

    def _take_place(self, place: contextlib.ExitStack) -> None:
        """One of the places to wait at; all threads of a process may not wait at the same time, others need them."""
        if not self._places.acquire(blocking=False):
            raise UnavailableError(_BEING_MADE)
        place.callback(self._places.release)

    def _wait(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise UnavailableError(_BEING_MADE)
        time.sleep(_LOOK_SECONDS)

    @contextlib.contextmanager
    def _producing(self, path: pathlib.Path) -> Iterator[BinaryIO | None]:
        """The locked, empty file to write the entry to; None while another process writes it."""
        aside = _aside(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Not truncated by opening: it may be another producer's.
        with os.fdopen(os.open(aside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666), "r+b") as file:
            if not _lock(file, aside):
                yield None
                return
            file.truncate(0)
            inode = os.fstat(file.fileno()).st_ino
            try:
                yield cast(BinaryIO, file)
            finally:
                # renamed if all went well; else nobody may find it
                with contextlib.suppress(OSError):
                    if aside.stat().st_ino == inode:
                        aside.unlink()

    def _count_look(self, path: pathlib.Path, *, found: bool) -> None:
        if found:
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > _TOUCHED_SECONDS:
                    os.utime(path)
        self._counters.add(Counts(hits=1) if found else Counts(misses=1))

    def _path(self, key: str) -> pathlib.Path:
        name = hashlib.blake2b(key.encode(), digest_size=20).hexdigest()
        return self._shard(int(name[:4], 16) % self._shards) / name

    def _shard(self, number: int) -> pathlib.Path:
        return self._folder / f"{number:02x}"

    def _all_shards(self) -> Iterator[pathlib.Path]:
        return map(self._shard, range(self._shards))


class _Entry(NamedTuple):
    used: float
    size: int
    path: str

    @property
    def is_whole(self) -> bool:
        return not self.path.endswith(_WRITING)


def _aside(path: pathlib.Path) -> pathlib.Path:
    return path.with_name(path.name + _WRITING)


def _lock(file: io.BufferedIOBase | io.RawIOBase | BinaryIO, path: pathlib.Path) -> bool:
    """Whether the file could be locked and is still what lies at ``path``."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.fstat(file.fileno()).st_ino == path.stat().st_ino
    except OSError:
        return False


def _open_entry(path: pathlib.Path, key: str) -> StoredFile | None:
    with contextlib.ExitStack() as resources:
        try:
            # Without a buffer, so that its position is that of the descriptor: servers send files by that.
            file = resources.enter_context(path.open("rb", buffering=0))
            header = parse_header(file.read(CONTENT_START))
            size = os.fstat(file.fileno()).st_size - CONTENT_START
        except OSError:
            return None
        if header is None or header.size != size or header.key_digest != digest_of(key.encode()):
            return None
        resources.pop_all()
        return StoredFile(cast(BinaryIO, file), size, key)


def _entries(shard: pathlib.Path) -> list[_Entry]:
    """The whole entries of a folder."""
    return [entry for entry in _files(shard) if entry.is_whole]


def _size_being_written(shard: pathlib.Path) -> int:
    return sum(entry.size for entry in _files(shard) if not entry.is_whole)


def _unwritten(shard: pathlib.Path) -> int:
    """Bytes that are announced, and take no room on the disk yet."""
    found = 0
    for path in shard.glob(f"*{_WRITING}"):
        with contextlib.suppress(OSError):
            status = path.stat()
            found += max(status.st_size - 512 * status.st_blocks, 0)
    return found


def _files(shard: pathlib.Path) -> list[_Entry]:
    found = []
    with contextlib.suppress(OSError), os.scandir(shard) as listed:
        for item in listed:
            with contextlib.suppress(OSError):
                status = item.stat()
                found.append(_Entry(status.st_mtime, status.st_size, item.path))
    return found


def _evict(shard: pathlib.Path, limit: int, kept: str) -> int:
    """Remove the entries of a folder that were not used for the longest time, but the one named ``kept``.

    The answer is how many.
    """
    files = sorted(_files(shard))
    excess = sum(entry.size for entry in files) - limit
    evicted = 0
    for entry in files:
        if excess <= 0:
            break
        path = pathlib.Path(entry.path)
        if entry.is_whole and path.name != kept:
            path.unlink(missing_ok=True)
            excess -= entry.size
            evicted += 1
    if evicted:
        _sweep(shard)
    return evicted


def _sweep(shard: pathlib.Path) -> None:
    """Remove what dead processes were writing."""
    for path in shard.glob(f"*{_WRITING}"):
        with contextlib.suppress(OSError), path.open("rb") as file:
            if _lock(file, path):
                path.unlink()

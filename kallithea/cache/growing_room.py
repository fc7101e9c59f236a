"""The room that files take while they are written and afterwards: what is begun, kept, cut off and driven out.

The files, their names and their locks are those of ``growing_store``.
"""

import contextlib
import errno
import fcntl
import logging
import os
import pathlib
import re
import shutil
import time
from dataclasses import dataclass
from typing import TypeAlias

log = logging.getLogger(__name__)

NEW, READ, ASIDE, SENT = ".new", ".read", ".aside", ".sent"
#: A second name is good for the minute that it tells, and for the next.
SENT_SECONDS = 60
# Whatever else lies in the folder, such as ``lost+found``, is somebody else's.
_OWN = re.compile(r"[0-9a-f]{40}(?:\.new|\.[0-9]+\.read|\.[0-9a-f]{16}\.aside|\.[0-9]+\.sent)?")
# What a dead producer left is removed after so many seconds; nothing is between two steps for so long.
_LEFT_SECONDS = 60.0
# On a disk with less room nothing is begun, and the largest is not written to its end: what git writes in a second or
# two, or such a part of a small disk.
_LEAST_ROOM, _LEAST_PART = 256 << 20, 20
# How often a process looks for what is too old or too much: each so many seconds, where room is short, and as soon as
# what it made itself is such a part of the store.
_LOOK_SECONDS, _SHORT_SECONDS, _NOTABLE = 5.0, 1.0, 16
# Listing them takes time.
_MOST_FILES = 10_000
# Small answers, such as those of negotiations, are many, and most are for one client: they are kept for those who ask
# for the same at about the same time.
_SMALL, _SMALL_SECONDS = 1 << 16, 600.0

_Files: TypeAlias = list[tuple[pathlib.Path, os.stat_result]]


@dataclass(frozen=True, slots=True)
class _Growing:
    """What is being written, in bytes: with what is expected of it, that alone, and the largest file as it is."""

    room: int = 0
    expected: int = 0
    largest: int = 0


class Room:
    """At most ``limit`` bytes in a folder, in files that are not older than ``seconds``."""

    def __init__(self, folder: pathlib.Path, limit: int, seconds: float) -> None:
        self._folder, self._limit, self._seconds = folder, limit, seconds
        self._growing = _Growing()
        self._looked, self._made = -_LOOK_SECONDS, 0

    def require(self, expected: int) -> None:
        """Raise OSError where there is none for a file of so many bytes, or for one of which nobody can tell (0)."""
        short = self._spare() < 0
        self._look(0 if expected > self._limit // _NOTABLE else _SHORT_SECONDS if short else _LOOK_SECONDS)
        if self._growing.room + expected > self._limit:
            raise OSError(errno.ENOSPC, "the store is full, or too small")
        if self._spare() < self._growing.expected + expected:
            raise OSError(errno.ENOSPC, "its disk is full")

    def is_left_for(self, file: int) -> bool:
        """Whether a file that is being written can go on: the largest gives way before the disk is full."""
        short = self._spare() < 0
        self._look(_SHORT_SECONDS if short else _LOOK_SECONDS)
        size = os.fstat(file).st_size
        if not short or not size or size < self._growing.largest or self._spare() >= 0:
            return True
        log.warning("What clients were being sent was cut off, since the disk of %s is full", self._folder)
        return False

    def note(self, file: int) -> None:
        """A file has become whole."""
        self._made += room_of(os.fstat(file))
        self._look(_LOOK_SECONDS if self._made < self._limit // _NOTABLE else 0)

    def list_whole(self) -> _Files:
        """The whole files."""
        with contextlib.suppress(FileNotFoundError):
            return [(path, status) for path, status in self._list() if not path.suffix]
        return []

    def _spare(self) -> int:
        """How many bytes may be written to the disk."""
        disk = shutil.disk_usage(self._folder)
        return disk.free - min(_LEAST_ROOM, disk.total // _LEAST_PART)

    def _look(self, pause: float) -> None:
        """Evict, unless this process has just done so."""
        now = time.monotonic()
        if now - self._looked >= pause:
            self._looked, self._made = now, 0
            self._growing = self._evict()

    def _evict(self) -> _Growing:
        """Remove what is too old or too much, and what dead producers left."""
        now, files = time.time(), self._list()
        expected = {_file_beside(path): status.st_size for path, status in files if path.suffix == READ}
        # One file may have several names.
        sizes = {status.st_ino: room_of(status) for path, status in files if path.suffix != READ}
        growing = {status.st_ino for path, status in files if path.suffix in (NEW, ASIDE)}
        more = sum(max(expected.get(file, 0) - sizes[file], 0) for file in growing)
        self._remove_whole(files, max(sum(sizes.values()) + more - self._limit, more - self._spare()), now)
        for path, status in files:
            if path.suffix == SENT:
                _remove_name(path, now)
            elif path.suffix == READ and _file_beside(path) in growing:
                # Nobody reads at the moment; the producer looks for it, and others still may come.
                continue
            elif path.suffix and now - status.st_mtime > _LEFT_SECONDS:
                remove_left(path)
        written = [sizes[file] for file in growing]
        return _Growing(sum(written) + more, more, max(written, default=0))

    def _remove_whole(self, files: _Files, excess: int, now: float) -> None:
        """Remove whole files, so many bytes at least, those that were not used for the longest time first."""
        whole = [(path, status) for path, status in files if not path.suffix]
        whole.sort(key=lambda entry: entry[1].st_atime)
        for path, status in whole:
            if excess > 0 or self._is_over(status, now):
                path.unlink(missing_ok=True)
                excess -= room_of(status)
        # Whoever asks for many small ones drives out no large one.
        whole.sort(key=lambda entry: room_of(entry[1]) > _SMALL)
        for path, _status in whole[: max(len(whole) - _MOST_FILES, 0)]:
            path.unlink(missing_ok=True)

    def _is_over(self, status: os.stat_result, now: float) -> bool:
        unused = now - max(status.st_atime, status.st_mtime)
        small = room_of(status) <= _SMALL
        return now - status.st_mtime > self._seconds + _LEFT_SECONDS or (small and unused > _SMALL_SECONDS)

    def _list(self) -> _Files:
        """The store's own files."""
        files = []
        with os.scandir(self._folder) as listed:
            for entry in listed:
                with contextlib.suppress(FileNotFoundError):
                    if _OWN.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                        files.append((pathlib.Path(entry.path), entry.stat()))
        return files


def room_of(status: os.stat_result) -> int:
    """What a file takes on the disk: whole blocks, which some file systems count only later."""
    return max(status.st_size, status.st_blocks * 512)


def open_existing(path: pathlib.Path) -> int | None:
    """A descriptor to read from, None where there is no such file. Raises OSError."""
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None


def is_at(file: int, path: pathlib.Path) -> bool:
    """Whether an open file has this name."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def try_lock(file: int, kind: int) -> bool:
    """Whether nobody else's lock of an open file was in the way of ``kind``."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def remove_left(path: pathlib.Path) -> None:
    """Remove a file unless somebody uses it."""
    file = open_existing(path)
    if file is None:
        return
    try:
        if try_lock(file, fcntl.LOCK_EX) and is_at(file, path):
            path.unlink(missing_ok=True)
    finally:
        os.close(file)


def _file_beside(interest: pathlib.Path) -> int:
    """The number of the file that such a one lies beside."""
    return int(interest.name.split(".")[1])


def _remove_name(path: pathlib.Path, now: float) -> None:
    """Remove a second name whose time is over."""
    if int(path.stem.rpartition(".")[2]) + 1 < now // SENT_SECONDS:
        path.unlink(missing_ok=True)

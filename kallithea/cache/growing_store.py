"""A bounded store of files that are read while they are written: one producer, any number of readers, on one machine.

While a file is written it is called ``NAME.new`` and locked with ``flock``, which the kernel undoes when everybody who
holds the lock is dead, the process that writes included. When it is whole it loses its write permission and gets its
name. So whoever has it open can tell by the file itself: not writable is whole, locked is growing, and anything else is
what a dead producer left, which is never taken for a whole one.

Readers hold a lock on a file beside it, so that a producer knows whether anybody still waits for what it makes. The
size of that file is what the producer expects to write: room that nobody else is promised.

Who is told the name of a whole file, to send it by itself, gets a second name that eviction leaves alone for a minute.
"""

import contextlib
import enum
import fcntl
import hashlib
import logging
import os
import pathlib
import secrets
import stat
import time
from collections.abc import Iterator
from typing import BinaryIO

from kallithea.cache.counters import Counts
from kallithea.cache.file_store import Usage
from kallithea.cache.growing_room import (
    ASIDE,
    NEW,
    READ,
    SENT,
    SENT_SECONDS,
    Room,
    is_at,
    open_existing,
    remove_left,
    room_of,
    try_lock,
)

log = logging.getLogger(__name__)

# A web server in front that sends such files may be of the same group.
_WHOLE = stat.S_IRUSR | stat.S_IRGRP
_FIRST_PAUSE, _LONGEST_PAUSE = 0.002, 0.05
# Reading a file makes it the last to go; noting that once a minute is enough.
_USED_SECONDS = 60.0


class LostError(Exception):
    """The producer of a file has died or given up before the file was whole."""


class _State(enum.Enum):
    GROWING = enum.auto()
    WHOLE = enum.auto()
    LOST = enum.auto()


class Reader:
    """A file from its beginning, whole or growing. Close it."""

    def __init__(self, file: int, interest: int | None, path: pathlib.Path | None = None) -> None:
        """``path`` is where a whole file lies."""
        self._file, self._interest = file, interest
        self._at = 0
        self._path = path

    @property
    def size(self) -> int | None:
        """The number of bytes of a whole file, None while it grows. Raises LostError."""
        state = self._state()
        if state is _State.LOST:
            raise LostError
        return os.fstat(self._file).st_size if state is _State.WHOLE else None

    def fileno(self) -> int:
        """The descriptor, for servers that send files by themselves."""
        return self._file

    def find_name(self) -> pathlib.Path | None:
        """Where others find the whole file for the next minute at least, even if it is evicted; None if they cannot."""
        if self._path is None:
            return None
        name = self._path.with_name(f"{self._path.name}.{int(time.time() // SENT_SECONDS)}{SENT}")
        with contextlib.suppress(OSError):
            name.hardlink_to(self._path)
        return name if is_at(self._file, name) else None

    def has_begun(self, seconds: float) -> bool:
        """Whether there is anything to read, or to say about its end, within so many seconds."""
        deadline, pause = time.monotonic() + seconds, _FIRST_PAUSE
        while not os.fstat(self._file).st_size and self._state() is _State.GROWING:
            if time.monotonic() >= deadline:
                return False
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        return True

    def look(self, size: int) -> bytes:
        """The first bytes that are there, without waiting; ``read`` tells them again."""
        return os.pread(self._file, size, 0)

    def wait_for_end(self, seconds: float) -> None:
        """Wait until nothing more is written, but not longer than so many seconds."""
        deadline = time.monotonic() + seconds
        while self._state() is _State.GROWING and time.monotonic() < deadline:
            time.sleep(_LONGEST_PAUSE)

    def read(self, size: int) -> bytes:
        """The next bytes, waiting for them; empty at the end of a whole file only. Raises LostError."""
        pause = _FIRST_PAUSE
        while not (data := os.pread(self._file, size, self._at)):
            state = self._state()
            # What was written last may have come between the two looks.
            if state is _State.GROWING:
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            elif not (data := os.pread(self._file, size, self._at)):
                if state is _State.LOST:
                    raise LostError
                return b""
            else:
                break
        self._at += len(data)
        return data

    def is_lost(self) -> bool:
        """Whether the file is what a dead producer left."""
        return self._state() is _State.LOST

    def close(self) -> None:
        """Give the file back. Does nothing the second time."""
        for file in (self._file, self._interest):
            if file is not None and file >= 0:
                os.close(file)
        self._file, self._interest = -1, None

    def _state(self) -> _State:
        if _is_whole(self._file):
            return _State.WHOLE
        if not try_lock(self._file, fcntl.LOCK_SH):
            return _State.GROWING
        fcntl.flock(self._file, fcntl.LOCK_UN)
        return _State.WHOLE if _is_whole(self._file) else _State.LOST


class Production:
    """A file to be written by whoever gets its descriptor. End it with ``finish`` or ``give_up``."""

    def __init__(self, path: pathlib.Path, file: int, room: Room) -> None:
        self._path, self._new, self._file = path, _new(path), file
        self._room, self._crowded = room, False
        self._spool: int | None = None
        self._interest = _interest_of(path, file)

    def fileno(self) -> int:
        """The descriptor; a process that has it keeps the lock as long as it lives."""
        return self._file

    def is_wanted(self) -> bool:
        """Whether anybody reads it, and there is room; if not, the producer shall give up.

        What nobody reads is found by nobody any more.
        """
        try:
            if not self._room.is_left_for(self._file if self._spool is None else self._spool):
                self._crowded = True
                return False
            interest = os.open(self._interest, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            # Without it nobody can come.
            return False
        try:
            if not try_lock(interest, fcntl.LOCK_EX):
                return True
            self._new.unlink(missing_ok=True)
            return False
        finally:
            os.close(interest)

    @contextlib.contextmanager
    def spool(self) -> Iterator[BinaryIO]:
        """A file for what has to be known before the first byte is written; it counts as well, for the block."""
        path = _aside(self._path)
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w+b") as file:
            try:
                # what a dead process left has no lock
                fcntl.flock(file, fcntl.LOCK_EX)
                self._spool = file.fileno()
                yield file
            finally:
                self._spool = None
                path.unlink(missing_ok=True)

    def finish(self) -> None:
        """The file is whole: keep it. Raises OSError."""
        try:
            os.fchmod(self._file, _WHOLE)
            if self._is_found():
                self._new.rename(self._path)
            self._room.note(self._file)
        finally:
            self._close()

    def give_up(self) -> None:
        """Nothing comes of it."""
        try:
            if self._is_found():
                self._new.unlink(missing_ok=True)
            if self._crowded:
                # Slow readers would hold its room until they have come to its end.
                os.ftruncate(self._file, 0)
        finally:
            self._close()

    def _is_found(self) -> bool:
        """Whether it still has its name: once nobody wanted it, another one may have that."""
        return is_at(self._file, self._new)

    def _close(self) -> None:
        try:
            self._interest.unlink(missing_ok=True)
        finally:
            os.close(self._file)


class GrowingStore:
    """Files by key, in at most ``limit`` bytes, none older than ``seconds``. The folder is local to the machine.

    Those that were not used for the longest time go first; small ones go when nobody has asked for them for a while.
    What is being written counts as it grows, or with what is expected of it. Nothing is begun that has no room beside
    that, in the store and on its disk. What others read already is written to its end as long as the disk has room.
    """

    def __init__(self, folder: pathlib.Path, limit: int, seconds: float) -> None:
        self._folder, self._limit, self._seconds = folder, limit, seconds
        self._room = Room(folder, limit, seconds)
        self._told = set[str]()

    def open(self, key: str, expected: int = 0) -> tuple[Reader, Production | None]:
        """The file under a key. With a Production, it is for the caller to write, ``expected`` bytes at most.

        0 is for what nobody can tell. Raises OSError where the caller has to do without a file.
        """
        try:
            return self._open(self._path(key), expected)
        except OSError as problem:
            if problem.strerror not in self._told:
                self._told.add(problem.strerror or "")
                log.warning("What clients are sent is not kept in %s: %s", self._folder, problem.strerror)
            raise

    def has(self, key: str) -> bool:
        """Whether there is a whole file under the key."""
        with contextlib.suppress(OSError):
            found = self._open_whole(self._path(key))
            if found is not None:
                found.close()
                return True
        return False

    def usage(self) -> Usage:
        """How much there is; nobody counts how often it was of use."""
        sizes = [room_of(status) for _path, status in self._room.list_whole()]
        return Usage(len(sizes), sum(sizes), self._limit, Counts())

    def clear(self) -> None:
        """Forget all whole files."""
        for path, _status in self._room.list_whole():
            path.unlink(missing_ok=True)

    def _open(self, path: pathlib.Path, expected: int) -> tuple[Reader, Production | None]:
        self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        while True:
            found = self._open_whole(path) or _follow(path)
            if found is not None:
                return found, None
            with self._alone(expected):
                self._room.require(expected)
                begun = _begin(path, expected, self._room)
            if begun is not None:
                # Another producer may have finished between the two looks.
                with contextlib.ExitStack() as unneeded:
                    unneeded.callback(begun[0].close)
                    unneeded.callback(begun[1].give_up)
                    finished = self._open_whole(path)
                    if finished is not None:
                        return finished, None
                    unneeded.pop_all()
                return begun
            time.sleep(_FIRST_PAUSE)

    @contextlib.contextmanager
    def _alone(self, expected: int) -> Iterator[None]:
        """While room is looked for, nobody else is promised the same."""
        if not expected:
            yield
            return
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _path(self, key: str) -> pathlib.Path:
        return self._folder / hashlib.blake2b(key.encode(), digest_size=20).hexdigest()

    def _open_whole(self, path: pathlib.Path) -> Reader | None:
        file = open_existing(path)
        if file is None:
            return None
        status, now = os.fstat(file), time.time()
        if now - status.st_mtime > self._seconds or status.st_mtime < _find_boot(now):
            os.close(file)
            return None
        if now - status.st_atime > _USED_SECONDS:
            os.utime(file, (now, status.st_mtime))
        return Reader(file, None, path)


def _find_boot(now: float) -> float:
    """When the machine started, in seconds since 1970. What is older may be cut: files are not synced."""
    return now - time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else 0.0


def _new(path: pathlib.Path) -> pathlib.Path:
    return path.with_name(path.name + NEW)


def _aside(path: pathlib.Path) -> pathlib.Path:
    """A name that nobody looks for."""
    return path.with_name(f"{path.name}.{secrets.token_hex(8)}{ASIDE}")


def _interest_of(path: pathlib.Path, file: int) -> pathlib.Path:
    """The file whose lock shows that somebody reads: of this production, and of no later one under the same name."""
    return path.with_name(f"{path.name}.{os.fstat(file).st_ino}{READ}")


def _begin(path: pathlib.Path, expected: int, room: Room) -> tuple[Reader, Production] | None:
    """A new file, found by others once it is locked; None where another one is there already. Raises OSError."""
    aside = _aside(path)
    with contextlib.ExitStack() as resources:
        file = os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        resources.callback(os.close, file)
        resources.callback(aside.unlink, missing_ok=True)
        fcntl.flock(file, fcntl.LOCK_EX)
        wanted = _interest_of(path, file)
        interest = os.open(wanted, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        resources.callback(os.close, interest)
        resources.callback(wanted.unlink, missing_ok=True)
        fcntl.flock(interest, fcntl.LOCK_SH)
        os.ftruncate(interest, expected)
        own = os.open(aside, os.O_RDONLY | os.O_CLOEXEC)
        resources.callback(os.close, own)
        try:
            _new(path).hardlink_to(aside)
        except FileExistsError:
            remove_left(_new(path))
            return None
        begun = Reader(own, interest), Production(path, file, room)
        aside.unlink()
        resources.pop_all()
        return begun


def _follow(path: pathlib.Path) -> Reader | None:
    """What is being written by somebody who lives; None where nothing is."""
    with contextlib.ExitStack() as resources:
        file = open_existing(_new(path))
        if file is None:
            return None
        resources.callback(os.close, file)
        try:
            interest = os.open(_interest_of(path, file), os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        resources.callback(os.close, interest)
        fcntl.flock(interest, fcntl.LOCK_SH)
        reader = Reader(file, interest)
        # The producer may have looked for readers just before, and given up.
        if not is_at(file, _new(path)) or reader.is_lost():
            return None
        resources.pop_all()
        return reader


def _is_whole(file: int) -> bool:
    return not os.fstat(file).st_mode & stat.S_IWUSR

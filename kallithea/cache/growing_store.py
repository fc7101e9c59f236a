"""A bounded store of files that are read while they are written: one producer, any number of readers, on one machine.

While a file is written it is called ``NAME.new`` and locked with ``flock``, which the kernel undoes when everybody who
holds the lock is dead, the process that writes included. When it is whole it loses its write permission and gets its
name. So whoever has it open can tell by the file itself: not writable is whole, locked is growing, and anything else is
what a dead producer left, which is never taken for a whole one.

Readers hold a lock on a file beside it, so that a producer knows whether anybody still waits for what it makes.

Who is told the name of a whole file, to send it by itself, gets a second name that eviction leaves alone for a minute.
"""

import contextlib
import enum
import errno
import fcntl
import hashlib
import os
import pathlib
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterator

from kallithea.cache.counters import Counts
from kallithea.cache.file_store import Usage

_NEW, _READ, _ASIDE, _SENT = ".new", ".read", ".aside", ".sent"
# A web server in front that sends such files may be of the same group.
_WHOLE = stat.S_IRUSR | stat.S_IRGRP
_FIRST_PAUSE, _LONGEST_PAUSE = 0.002, 0.05
# What a dead producer left is removed after so many seconds; nothing is between two steps for so long.
_LEFT_SECONDS = 60.0
# A second name is good for the minute that it tells, and for the next.
_SENT_SECONDS = 60
# Nothing is begun on a disk with less room, in bytes.
_LEAST_ROOM = 4 << 20
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
        name = self._path.with_name(f"{self._path.name}.{int(time.time() // _SENT_SECONDS)}{_SENT}")
        with contextlib.suppress(OSError):
            name.hardlink_to(self._path)
        return name if _is_at(self._file, name) else None

    def has_begun(self, seconds: float) -> bool:
        """Whether there is anything to read, or to say about its end, within so many seconds."""
        deadline, pause = time.monotonic() + seconds, _FIRST_PAUSE
        while not os.fstat(self._file).st_size and self._state() is _State.GROWING:
            if time.monotonic() >= deadline:
                return False
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        return True

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
        if not _try_lock(self._file, fcntl.LOCK_SH):
            return _State.GROWING
        fcntl.flock(self._file, fcntl.LOCK_UN)
        return _State.WHOLE if _is_whole(self._file) else _State.LOST


class Production:
    """A file to be written by whoever gets its descriptor. End it with ``finish`` or ``give_up``."""

    def __init__(self, path: pathlib.Path, file: int, tell_end: Callable[[], object]) -> None:
        """``tell_end`` is called when it is whole."""
        self._path, self._new, self._file = path, _new(path), file
        self._tell_end = tell_end
        self._interest = _interest_of(path, file)

    def fileno(self) -> int:
        """The descriptor; a process that has it keeps the lock as long as it lives."""
        return self._file

    def is_wanted(self) -> bool:
        """Whether anybody reads it; if not, nobody finds it any more, and the producer shall give up."""
        try:
            interest = os.open(self._interest, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            # Without it nobody can come.
            return False
        try:
            if not _try_lock(interest, fcntl.LOCK_EX):
                return True
            self._new.unlink(missing_ok=True)
            return False
        finally:
            os.close(interest)

    def finish(self) -> None:
        """The file is whole: keep it. Raises OSError."""
        try:
            os.fchmod(self._file, _WHOLE)
            if self._is_found():
                self._new.rename(self._path)
        finally:
            self._close()
        self._tell_end()

    def give_up(self) -> None:
        """Nothing comes of it."""
        try:
            if self._is_found():
                self._new.unlink(missing_ok=True)
        finally:
            self._close()

    def _is_found(self) -> bool:
        """Whether it still has its name: once nobody wanted it, another one may have that."""
        return _is_at(self._file, self._new)

    def _close(self) -> None:
        try:
            self._interest.unlink(missing_ok=True)
        finally:
            os.close(self._file)


class GrowingStore:
    """Files by key, in at most ``limit`` bytes, none older than ``seconds``. The folder is local to the machine.

    Those that were not used for the longest time go first. What is being written counts as it grows, and while that
    alone fills the store, nothing more is begun.
    """

    def __init__(self, folder: pathlib.Path, limit: int, seconds: float) -> None:
        self._folder, self._limit, self._seconds = folder, limit, seconds

    def open(self, key: str) -> tuple[Reader, Production | None]:
        """The file under a key. With a Production, it is for the caller to write. Raises OSError."""
        path = self._path(key)
        self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        while True:
            found = self._open_whole(path) or _follow(path)
            if found is not None:
                return found, None
            begun = self._begin(path)
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

    def has(self, key: str) -> bool:
        """Whether there is a whole file under the key."""
        found = self._open_whole(self._path(key))
        if found is not None:
            found.close()
        return found is not None

    def usage(self) -> Usage:
        """How much there is; nobody counts how often it was of use."""
        sizes = [path.stat().st_size for path in self._whole()]
        return Usage(len(sizes), sum(sizes), self._limit, Counts())

    def clear(self) -> None:
        """Forget all whole files."""
        for path in self._whole():
            path.unlink(missing_ok=True)

    def _path(self, key: str) -> pathlib.Path:
        return self._folder / hashlib.blake2b(key.encode(), digest_size=20).hexdigest()

    def _open_whole(self, path: pathlib.Path) -> Reader | None:
        file = _open(path)
        if file is None:
            return None
        status, now = os.fstat(file), time.time()
        if now - status.st_mtime > self._seconds or status.st_mtime < _find_boot(now):
            os.close(file)
            return None
        if now - status.st_atime > _USED_SECONDS:
            os.utime(file, (now, status.st_mtime))
        return Reader(file, None, path)

    def _begin(self, path: pathlib.Path) -> tuple[Reader, Production] | None:
        growing = self._evict()
        if growing > self._limit or shutil.disk_usage(self._folder).free < _LEAST_ROOM:
            raise OSError(errno.ENOSPC, "the store, or its disk, is full")
        return _begin(path, self._evict)

    def _evict(self) -> int:
        """Remove what is too old or too much, and what dead producers left. How many bytes are being written."""
        now, entries = time.time(), self._entries()
        whole = [(path, status) for path, status in entries if not path.suffix]
        # One file may have several names.
        sizes = {status.st_ino: status.st_size for _path, status in entries}
        excess = sum(sizes.values()) - self._limit
        for path, status in sorted(whole, key=lambda entry: entry[1].st_atime):
            if excess > 0 or now - status.st_mtime > self._seconds + _LEFT_SECONDS:
                path.unlink(missing_ok=True)
                excess -= status.st_size
        growing = {str(status.st_ino) for path, status in entries if path.suffix == _NEW}
        for path, status in entries:
            if path.suffix == _SENT:
                _remove_name(path, now)
            elif path.suffix == _READ and path.stem.rpartition(".")[2] in growing:
                # Nobody reads at the moment; the producer looks for it, and others still may come.
                continue
            elif path.suffix and now - status.st_mtime > _LEFT_SECONDS:
                _remove_left(path)
        return sum(status.st_size for path, status in entries if path.suffix == _NEW)

    def _entries(self) -> list[tuple[pathlib.Path, os.stat_result]]:
        entries = []
        for path in self._folder.iterdir():
            with contextlib.suppress(OSError):
                entries.append((path, path.stat()))
        return entries

    def _whole(self) -> Iterator[pathlib.Path]:
        with contextlib.suppress(FileNotFoundError):
            yield from (path for path in self._folder.iterdir() if not path.suffix)


def _find_boot(now: float) -> float:
    """When the machine started, in seconds since 1970. What is older may be cut: files are not synced."""
    return now - time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else 0.0


def _new(path: pathlib.Path) -> pathlib.Path:
    return path.with_name(path.name + _NEW)


def _interest_of(path: pathlib.Path, file: int) -> pathlib.Path:
    """The file whose lock shows that somebody reads: of this production, and of no later one under the same name."""
    return path.with_name(f"{path.name}.{os.fstat(file).st_ino}{_READ}")


def _begin(path: pathlib.Path, tell_end: Callable[[], object]) -> tuple[Reader, Production] | None:
    """A new file, found by others once it is locked; None where another one is there already. Raises OSError."""
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}{_ASIDE}")
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
        own = os.open(aside, os.O_RDONLY | os.O_CLOEXEC)
        resources.callback(os.close, own)
        try:
            _new(path).hardlink_to(aside)
        except FileExistsError:
            _remove_left(_new(path))
            return None
        begun = Reader(own, interest), Production(path, file, tell_end)
        aside.unlink()
        resources.pop_all()
        return begun


def _follow(path: pathlib.Path) -> Reader | None:
    """What is being written by somebody who lives; None where nothing is."""
    with contextlib.ExitStack() as resources:
        file = _open(_new(path))
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
        if not _is_at(file, _new(path)) or reader.is_lost():
            return None
        resources.pop_all()
        return reader


def _open(path: pathlib.Path) -> int | None:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None


def _is_at(file: int, path: pathlib.Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _is_whole(file: int) -> bool:
    return not os.fstat(file).st_mode & stat.S_IWUSR


def _try_lock(file: int, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove_name(path: pathlib.Path, now: float) -> None:
    """Remove a second name whose time is over."""
    if int(path.stem.rpartition(".")[2]) + 1 < now // _SENT_SECONDS:
        path.unlink(missing_ok=True)


def _remove_left(path: pathlib.Path) -> None:
    """Remove a file unless somebody uses it."""
    file = _open(path)
    if file is None:
        return
    try:
        if _try_lock(file, fcntl.LOCK_EX) and _is_at(file, path):
            path.unlink(missing_ok=True)
    finally:
        os.close(file)

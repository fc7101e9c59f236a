"""Slots that many share: of a machine, a repository, a user, a network; and a queue for those who wait for one.

A slot is one of a fixed number of files, and who has locked it with ``flock`` has the slot. The kernel gives it back
when all who hold the lock are gone, however they ended, so nothing has to be cleaned up after a killed process. Files
of names that nobody uses any more are removed now and then.
"""

import contextlib
import fcntl
import hashlib
import os
import pathlib
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

# Files that a process makes before it looks for ones that nobody uses.
_SWEPT_AFTER = 500
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.4


@dataclass(frozen=True, slots=True)
class Claim:
    """One of ``count`` slots under a ``name``, such as the id of a repository where the ``kind`` is ``repository``."""

    kind: str
    name: str
    count: int


class Taken:
    """Slots that somebody has. Close it to give them back; does nothing the second time."""

    def __init__(self, files: Iterable[int] = ()) -> None:
        self._files = list(files)

    @property
    def files(self) -> tuple[int, ...]:
        """Descriptors of the locked files: a process that is given them holds the slots as long as it lives."""
        return tuple(self._files)

    def close(self) -> None:
        """Give the slots back."""
        while self._files:
            os.close(self._files.pop())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_problem: object) -> None:
        self.close()


class Slots:
    """Slots in a folder that is local to the machine. All methods raise OSError where it cannot be used."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder
        self._queue = folder / "queue"
        self._made = 0

    def try_to_take(self, claims: Sequence[Claim]) -> Taken | None:
        """One slot for each claim, or none at all."""
        self._queue.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.ExitStack() as taken:
            files = []
            for claim in claims:
                file = self._try_one(claim)
                if file is None:
                    return None
                files.append(file)
                taken.callback(os.close, file)
            taken.pop_all()
        return Taken(files)

    @contextlib.contextmanager
    def queue(self, claims: Sequence[Claim], topic: str) -> Iterator["Place"]:
        """A place in the queue, given up at the end. ``topic`` names what is waited for, for ``waiting_before``."""
        self._queue.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._ticket(topic) as ticket:
            yield Place(lambda: self.try_to_take(claims), lambda: self._count_before(ticket))

    def waiting_before(self, topic: str) -> int | None:
        """How many began to wait before those who wait for this; None if nobody does."""
        names = sorted(path.name for path in self._queue.glob(f"*-{_digest(topic)}-*") if _is_locked(path))
        return self._count_before(names[0]) if names else None

    def _count_before(self, ticket: str) -> int:
        return sum(path.name < ticket and _is_locked(path) for path in self._queue.iterdir())

    @contextlib.contextmanager
    def _ticket(self, topic: str) -> Iterator[str]:
        """A place in the queue: a file whose name tells since when, locked by whoever waits."""
        name = f"{time.time_ns():020d}-{_digest(topic)}-{secrets.token_hex(4)}"
        path = self._queue / name
        file = _create_locked(path)
        try:
            yield name
        finally:
            path.unlink(missing_ok=True)
            os.close(file)

    def _try_one(self, claim: Claim) -> int | None:
        for number in range(claim.count):
            file = self._try_file(self._folder / f"{claim.kind}-{_digest(claim.name)}-{number}")
            if file is not None:
                return file
        return None

    def _try_file(self, path: pathlib.Path) -> int | None:
        while True:
            file = self._open(path)
            if not _try_lock(file):
                os.close(file)
                return None
            # Before it was locked, it may have been removed as one that nobody uses.
            if os.fstat(file).st_nlink:
                return file
            os.close(file)

    def _open(self, path: pathlib.Path) -> int:
        with contextlib.suppress(FileNotFoundError):
            return os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self._made += 1
        if self._made >= _SWEPT_AFTER:
            self._made = 0
            self.sweep()
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def sweep(self) -> None:
        """Remove the files of slots that nobody has: they are made again when they are needed."""
        for path in self._folder.iterdir():
            if path != self._queue:
                _is_locked(path)


class Place:
    """A place in a queue of those who wait for slots."""

    def __init__(self, take: Callable[[], Taken | None], count_before: Callable[[], int]) -> None:
        self._take = take
        self._count_before = count_before

    def look(self) -> tuple[Taken | None, int]:
        """The slots if they are free, a moment later; and how many began to wait before and still do.

        Whoever waits longer looks more often, and so comes first where several wait for the same.
        """
        before = self._count_before()
        time.sleep(min(_FIRST_PAUSE * (1 + before), _LONGEST_PAUSE))
        return self._take(), before


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _create_locked(path: pathlib.Path) -> int:
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        # Before it was locked, somebody may have taken it for one that a dead process left.
        if os.fstat(file).st_nlink:
            return file
        os.close(file)


def _try_lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_locked(path: pathlib.Path) -> bool:
    """Whether somebody holds this ticket or slot; one whose owner has died, or given it back, is removed."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        if not _try_lock(file):
            return True
        path.unlink(missing_ok=True)
        return False
    finally:
        os.close(file)

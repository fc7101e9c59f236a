"""One process at a time for one thing, on one machine: what several visitors ask for at once is worked on once.

A turn is a lock on one of a fixed number of files, which the kernel gives back when the process dies, however it ends.
Things that share a file by chance wait for each other for nothing, which is rare and does no harm.
"""

import contextlib
import fcntl
import hashlib
import os
import pathlib
import time
from collections.abc import Iterator

_FILES = 256
_LOOK_SECONDS = 0.02


@contextlib.contextmanager
def take_turn(folder: pathlib.Path, name: str, *, wait_seconds: float) -> Iterator[bool]:
    """Whether it is this thread's turn to work on what ``name`` names, within so many seconds.

    Where the folder cannot be used everybody has the turn: then work is done twice.
    """
    number = hashlib.blake2b(name.encode(), digest_size=2).digest()[0] % _FILES
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / f"{number:02x}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError:
        yield True
        return
    try:
        yield _lock(lock, time.monotonic() + wait_seconds)
    finally:
        os.close(lock)


def _lock(file: int, deadline: float) -> bool:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > deadline:
                return False
            time.sleep(_LOOK_SECONDS)
        else:
            return True

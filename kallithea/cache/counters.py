"""How often a store had what was asked for; the processes that share it add up in one file."""

import contextlib
import dataclasses
import fcntl
import json
import os
import pathlib
import threading
import time
from dataclasses import dataclass

_PAUSE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened in a store since it was made."""

    hits: int = 0
    misses: int = 0
    stored: int = 0
    evicted: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        pairs = zip(dataclasses.astuple(self), dataclasses.astuple(other), strict=True)
        return Counts(*(one + another for one, another in pairs))


class Counters:
    """Counts in memory, and every ten seconds in a file. What a process had not written when it died is lost."""

    def __init__(self, path: pathlib.Path) -> None:
        self._path = path
        self._pending = Counts()
        self._start()

    def add(self, counts: Counts) -> None:
        """Count something."""
        if self._process != os.getpid():
            # What the parent of a forked process had counted is the parent's to write.
            self._start()
        with self._guard:
            self._pending += counts
            if time.monotonic() - self._written > _PAUSE_SECONDS:
                self._write()

    def read(self) -> Counts:
        """What all processes have counted, as far as they have written it."""
        with self._guard:
            self._write()
        try:
            return _parse(self._path.read_bytes())
        except OSError:
            return Counts()

    def _write(self) -> None:
        # Nobody needs exact counts: a file that cannot be written is no reason to fail.
        with contextlib.suppress(OSError), self._path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            total = _parse(file.read()) + self._pending
            file.truncate(0)
            file.write(json.dumps(dataclasses.asdict(total)).encode())
            file.flush()
            self._pending = Counts()
        self._written = time.monotonic()

    def _start(self) -> None:
        self._process = os.getpid()
        self._pending = Counts()
        self._written = time.monotonic()
        self._guard = threading.Lock()


def _parse(data: bytes) -> Counts:
    try:
        return Counts(**json.loads(data))
    except (ValueError, TypeError):
        return Counts()

"""Named sums that the processes of a machine add up in one file."""

import atexit
import contextlib
import fcntl
import json
import os
import pathlib
import threading
import time
from collections.abc import Mapping
from typing import IO

_PAUSE_SECONDS = 2.0
# Others have the file for milliseconds.
_LOCK_SECONDS, _LOOK_SECONDS = 1.0, 0.01
# Guards the beginning in a process that was forked, whose threads may all be the first to add something.
_beginning = threading.Lock()


class Tallies:
    """Sums in memory that a thread adds to those in a file within two seconds; the rest when the process ends.

    So adding waits for nothing, and who is idle has told everything. What a process had not written when it was killed
    is lost. Names are chosen by us from few values, so that the file stays small.
    """

    def __init__(self, path: pathlib.Path) -> None:
        self._path = path
        self._lock, self._aside = path.with_suffix(".lock"), path.with_suffix(".new")
        self._pending: dict[str, float] = {}
        self._is_due = False
        #: Guards the above.
        self._guard = threading.Lock()
        #: Held by the thread that writes.
        self._writing = threading.Lock()
        self._process = os.getpid()
        atexit.register(self.close)

    def add(self, values: Mapping[str, float]) -> None:
        """Add to the sums of these names."""
        if self._process != os.getpid():
            with _beginning:
                if self._process != os.getpid():
                    self._start_anew()
        with self._guard:
            _sum_up(self._pending, values)
            if not self._is_due:
                self._is_due = True
                timer = threading.Timer(_PAUSE_SECONDS, self._write_in_time)
                timer.daemon = True
                # A process that ends starts no threads.
                with contextlib.suppress(RuntimeError):
                    timer.start()

    def read(self) -> dict[str, float]:
        """What all processes have added up, as far as they have written it."""
        self._write()
        try:
            return self._stored()
        except OSError:
            return {}

    def close(self) -> None:
        """Write what this process has added up."""
        self._write()
        atexit.unregister(self.close)

    def _write_in_time(self) -> None:
        with self._guard:
            self._is_due = False
        self._write()

    def _write(self) -> None:
        if self._process != os.getpid():
            return
        with self._writing:
            with self._guard:
                pending, self._pending = self._pending, {}
            try:
                self._add_to_file(pending)
            except OSError:
                # Nobody needs exact sums: that is no reason to fail, and they are written with the next ones.
                with self._guard:
                    _sum_up(self._pending, pending)

    def _add_to_file(self, values: Mapping[str, float]) -> None:
        """The file is never half there, since whoever reads would take that for a new beginning."""
        if not values:
            return
        with self._lock.open("ab") as lock:
            _take(lock)
            total = self._stored()
            _sum_up(total, values)
            self._aside.write_text(json.dumps(total))
            self._aside.rename(self._path)

    def _stored(self) -> dict[str, float]:
        try:
            return _parse(self._path.read_bytes())
        except FileNotFoundError:
            return {}

    def _start_anew(self) -> None:
        """What the parent of a forked process had added up is the parent's to write, by threads that are not here."""
        self._pending, self._is_due = {}, False
        self._guard, self._writing = threading.Lock(), threading.Lock()
        # the last, since others look at it first
        self._process = os.getpid()


def _take(lock: IO[bytes]) -> None:
    """Raises BlockingIOError if others have it for too long: a process may have been stopped by a signal."""
    end = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise
            time.sleep(_LOOK_SECONDS)
        else:
            return


def _sum_up(total: dict[str, float], values: Mapping[str, float]) -> None:
    for name, value in values.items():
        total[name] = total.get(name, 0) + value


def _parse(data: bytes) -> dict[str, float]:
    try:
        return {str(name): value for name, value in json.loads(data).items() if isinstance(value, int | float)}
    except (ValueError, AttributeError):
        return {}

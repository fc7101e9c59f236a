"""What visitors who are not signed in may cost, so that a crawler does not take the site from its members.

Each network has an account that refills steadily. The accounts of all processes on a machine are in one file of fixed
size, a table in which a network's place follows from its address; when places are short, whoever has spent least is
forgotten.
"""

import contextlib
import fcntl
import hashlib
import logging
import math
import mmap
import os
import pathlib
import struct
import threading
from collections.abc import Callable, Iterator

from kallithea.core.addresses import network_of
from kallithea.core.steady_clock import steady_seconds

log = logging.getLogger(__name__)

# Which network, what it had left, and when that was, by the steady clock.
_ROW = struct.Struct("=8sdd")
_ROWS = 4096
_TRIES = 8
_SIZE = _ROW.size * _ROWS
_MINUTE = 60.0
_EMPTY = bytes(8)


class VisitorBudget:
    """Accounts of ``per_minute`` points that refill within a minute; 0 means that nothing is counted."""

    def __init__(self, path: pathlib.Path, per_minute: int, clock: Callable[[], float] = steady_seconds) -> None:
        self._path = path
        self._full = float(per_minute)
        self._clock = clock
        self._guard = threading.Lock()
        self._table: mmap.mmap | None = None
        self._file = -1
        self._process = 0

    def charge(self, address: str, cost: int) -> int:
        """Take the cost from the account of the network that the address belongs to.

        The answer is 0, or the number of seconds until there is enough; then nothing is taken. A file that cannot be
        used is no reason to refuse anybody.
        """
        if not self._full:
            return 0
        try:
            with self._locked() as table:
                return self._charge(table, _network(address), float(min(cost, int(self._full))))
        except (OSError, ValueError) as problem:
            log.warning("visitors are not counted: %s", problem)
            return 0

    def _charge(self, table: mmap.mmap, network: bytes, cost: float) -> int:
        now = self._clock()
        offset, left = self._find(table, network, now)
        if left < cost:
            return math.ceil((cost - left) * _MINUTE / self._full)
        _ROW.pack_into(table, offset, network, left - cost, now)
        return 0

    def _find(self, table: mmap.mmap, network: bytes, now: float) -> tuple[int, float]:
        """Where the network's row is or may be put, and what it has left."""
        start = int.from_bytes(network)
        fullest, most = 0, -1.0
        for number in range(_TRIES):
            offset = (start + number) % _ROWS * _ROW.size
            name, left, at = _ROW.unpack_from(table, offset)
            # else nobody's yet, or from before the machine was started anew
            known = name != _EMPTY and at <= now
            left = min(self._full, left + (now - at) * self._full / _MINUTE) if known else self._full
            if name == network:
                return offset, left
            if left > most:
                fullest, most = offset, left
        return fullest, self._full

    @contextlib.contextmanager
    def _locked(self) -> Iterator[mmap.mmap]:
        with self._guard:
            table = self._open()
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield table
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the file; it is opened again when somebody is charged."""
        with self._guard:
            self._drop()

    def _drop(self) -> None:
        if self._table is not None:
            self._table.close()
            os.close(self._file)
            self._table = None

    def _open(self) -> mmap.mmap:
        # A lock belongs to the opened file, which processes that were forked would share.
        if self._table is None or self._process != os.getpid():
            self._drop()
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                # A process that writes where the file has no room yet is ended by the kernel when the disk is full.
                os.posix_fallocate(file, 0, _SIZE)
                self._table = mmap.mmap(file, _SIZE)
            except BaseException:
                os.close(file)
                raise
            self._file = file
            self._process = os.getpid()
        return self._table


def _network(address: str) -> bytes:
    """A name for the network that the address belongs to."""
    return hashlib.blake2b(network_of(address).encode(), digest_size=8).digest()

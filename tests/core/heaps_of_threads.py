"""Writes what the C library says of its heaps to stderr, after threads have allocated at the same time."""

import ctypes
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kallithea.core.memory import return_large_pieces

THREADS = 4
ALL = threading.Barrier(THREADS)


def allocate() -> None:
    ALL.wait()
    bytearray(4000)
    ALL.wait()


return_large_pieces()
threads = [threading.Thread(target=allocate) for _ in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
ctypes.CDLL(None).malloc_stats()

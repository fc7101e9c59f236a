"""Giving memory back to the system that was needed only for a while.

The GNU C library keeps much of what was freed: for each thread, and the more, the larger what was freed before. A
process with several threads then seems to grow with what it does. Other C libraries have none of these functions.
"""

import ctypes
import gc
from typing import Any

#: Option of mallopt(3): the size in bytes from which a piece of memory is the system's own, and goes back when freed.
_M_MMAP_THRESHOLD = -3
#: Option of mallopt(3): how many bytes may be free at the end of a heap before they go back.
_M_TRIM_THRESHOLD = -1
#: What a long page needs and frees. Each 4 KiB that go back and are asked for again cost a fault, on virtual machines
#: up to some microseconds: a page of 1.3 MB had 2,600 of them, which was a third of its time. Twice as much saves none.
_KEPT_FREE = 8 << 20
#: Option of mallopt(3): how many heaps there are; each keeps what was freed in it.
_M_ARENA_MAX = -8
#: Larger than most texts of which a page is made, smaller than large files, which would leave holes in the heap. Unless
#: it is set the C library raises its own value, up to 32 MiB, to the largest piece that was freed.
_THRESHOLD = 2 << 20


def _find_function(name: str) -> Any:
    """A function of the C library, or one that does nothing where it is missing."""
    try:
        return getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):
        return _do_nothing


def _do_nothing(*_: int) -> int:
    return 0


_mallopt = _find_function("mallopt")
_malloc_trim = _find_function("malloc_trim")


def return_large_pieces() -> None:
    """From now on, let large pieces of memory go back to the system when they are freed, and all threads share a heap.

    Threads that run Python rarely allocate at the same time, so that a heap for each would only keep more.
    """
    _mallopt(_M_MMAP_THRESHOLD, _THRESHOLD)
    _mallopt(_M_TRIM_THRESHOLD, _KEPT_FREE)
    _mallopt(_M_ARENA_MAX, 1)


def return_free_memory() -> None:
    """Give what is free back, of which some MiB are kept otherwise; for where large pieces come and go.

    Takes up to some milliseconds, the more, the more scattered it is.
    """
    _malloc_trim(0)


def release_memory() -> None:
    """Collect what is no longer used, and give all free memory back; for the end of a large transfer.

    Takes some milliseconds.
    """
    gc.collect()
    return_free_memory()

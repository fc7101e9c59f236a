"""Giving memory back to the system after work that needed much of it."""

import ctypes
import gc
from collections.abc import Callable
from typing import Any


def release_memory() -> None:
    """Collect what is no longer used, and return free memory to the system where the C library can.

    Takes milliseconds, so it is for the end of a large transfer. Without it, the GNU C library keeps what each thread
    once needed, and a process with several threads seems to grow with every transfer.
    """
    gc.collect()
    if _trim is not None:
        _trim(0)


def _find_trim() -> Callable[[int], Any] | None:
    """``malloc_trim`` of the GNU C library; other libraries have none."""
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None
    trim.argtypes = [ctypes.c_size_t]
    return trim


_trim = _find_trim()

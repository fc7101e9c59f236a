"""What was asked for lately, kept in this process in bounded room."""

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

Value = TypeVar("Value")

# In bytes: what keeping a value takes beside its content.
_BESIDE = 500


class Recent(Generic[Value]):
    """Values by key, for all threads; those longest unused are given up first.

    ``room`` is that of all together and ``largest`` that of one, in bytes. A value never changes under its key.
    """

    def __init__(self, room: int, largest: int) -> None:
        self._room = room
        self._largest = largest
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Value, int]] = OrderedDict()

    def get(self, key: str) -> Value | None:
        """The value, None where it is not kept."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            self._kept.move_to_end(key)
            return kept[0]

    def put(self, key: str, value: Value, size: int) -> None:
        """Keep a value that takes ``size`` bytes, with its key where that is long, unless it is large."""
        size += _BESIDE
        if size > self._largest:
            return
        with self._lock:
            if key not in self._kept:
                self._kept[key] = (value, size)
                self._room -= size
            while self._room < 0:
                self._room += self._kept.popitem(last=False)[1][1]

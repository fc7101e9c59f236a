"""Small Git objects that were read lately, kept in this process: pages about one commit read the same few trees."""

import threading
from collections import OrderedDict

Content = tuple[str, bytes]

# In bytes: of all objects together, of the largest that is kept, and what keeping one takes beside its content.
_ROOM = 8_388_608
_LARGEST = 131_072
_BESIDE = 500


class RecentObjects:
    """Types and contents by object id, of all repositories and for all threads, those longest unused given up first.

    Whoever asks has to know that its repository has the object: it may be kept from another one.
    """

    def __init__(self, room: int = _ROOM) -> None:
        self._room = room
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Content] = OrderedDict()

    def get(self, object_id: str) -> Content | None:
        """Type and content, None where they are not kept."""
        with self._lock:
            content = self._kept.get(object_id)
            if content is not None:
                self._kept.move_to_end(object_id)
            return content

    def put(self, object_id: str, content: Content) -> None:
        """Keep an object, unless it is large."""
        if len(content[1]) > _LARGEST:
            return
        with self._lock:
            if object_id not in self._kept:
                self._kept[object_id] = content
                self._room -= _size(content)
            while self._room < 0:
                self._room += _size(self._kept.popitem(last=False)[1])


def _size(content: Content) -> int:
    return len(content[1]) + _BESIDE

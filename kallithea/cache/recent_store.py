"""A store in front of which each process keeps what it read or stored lately."""

from kallithea.cache.stores import Store
from kallithea.core.recent import Recent

# In bytes: of all values together, and of the largest that is kept.
_ROOM = 8_388_608
_LARGEST = 1_048_576


class RecentStore:
    """A ``Store`` for short values that are asked for again and again, such as answers to polls."""

    def __init__(self, store: Store, room: int = _ROOM) -> None:
        self._store = store
        self._recent: Recent[bytes] = Recent(room, _LARGEST)

    def get(self, key: str) -> bytes | None:
        """The content stored under the key, or None."""
        content = self._recent.get(key)
        if content is None:
            content = self._store.get(key)
            if content is not None:
                self._recent.put(key, content, len(key) + len(content))
        return content

    def put(self, key: str, content: bytes) -> None:
        """Store the content; it may be gone at any time."""
        self._recent.put(key, content, len(key) + len(content))
        self._store.put(key, content)

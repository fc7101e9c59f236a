"""Small Git objects that were read lately, kept in this process: pages about one commit read the same few trees."""

from kallithea.core.recent import Recent

Content = tuple[str, bytes]

# In bytes: of all objects together, and of the largest that is kept.
_ROOM = 8_388_608
_LARGEST = 131_072


class RecentObjects:
    """Types and contents by object id, of all repositories and for all threads.

    Whoever asks has to know that its repository has the object: it may be kept from another one.
    """

    def __init__(self, room: int = _ROOM) -> None:
        self._kept: Recent[Content] = Recent(room, _LARGEST)

    def get(self, object_id: str) -> Content | None:
        """Type and content, None where they are not kept."""
        return self._kept.get(object_id)

    def put(self, object_id: str, content: Content) -> None:
        """Keep an object, unless it is large."""
        self._kept.put(object_id, content, len(content[1]))

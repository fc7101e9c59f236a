"""What was read lately, kept in this process: pages about one commit read the same few trees, or the same manifest."""

from kallithea.core.recent import Recent

Content = tuple[str, bytes]

# In bytes: of all objects together, and of the largest that is kept.
_ROOM = 8_388_608
_LARGEST = 131_072
# The same of what is only known to be sound.
_SOUND_ROOM = 1_048_576
# The same of texts of Mercurial. A manifest names all files of a changeset.
_TEXT_ROOM = 12_582_912


class RecentObjects:
    """Types and contents of small Git objects, by the folder of their repository and their id, for all threads.

    ``texts`` are what Mercurial puts together from many pieces, manifests and files, by the same. What is kept was in
    the repository once; whether it still is, is not known here.
    """

    def __init__(self, room: int = _ROOM) -> None:
        self._kept: Recent[Content] = Recent(room, _LARGEST)
        self.texts: Recent[bytes] = Recent(_TEXT_ROOM, _TEXT_ROOM)
        self._sound: Recent[bool] = Recent(_SOUND_ROOM, _LARGEST)

    def get(self, folder: str, object_id: str) -> Content | None:
        """Type and content, None where they are not kept."""
        return self._kept.get(f"{folder}:{object_id}")

    def is_sound(self, folder: str, object_id: str) -> bool:
        """Whether an object that is not kept had the content that its id stands for when it was read lately."""
        return self._sound.get(f"{folder}:{object_id}") is not None

    def note_sound(self, folder: str, object_id: str) -> None:
        """Remember that it had."""
        self._sound.put(f"{folder}:{object_id}", True, 0)

    def put(self, folder: str, object_id: str, content: Content) -> None:
        """Keep an object, unless it is large."""
        self._kept.put(f"{folder}:{object_id}", content, len(content[1]))

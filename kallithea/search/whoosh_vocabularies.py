"""The words of segments, kept in memory to find those that have some letters in a row.

A segment never changes, so its words are read once in the life of a process, as long as they have room.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

#: Bytes that are kept in a process. What is larger is read for each query.
MOST_BYTES = 32_000_000
_EDGE = b"\n"

#: Passes items on while there is time for it.
Over = Callable[[Iterable[Any]], Iterable[Any]]


class Vocabulary:
    """The words of one field of a segment, in UTF-8."""

    def __init__(self, words: Iterable[bytes]) -> None:
        # words are letters, digits and underscores: an end of a line is in none
        self._text = _EDGE + _EDGE.join(words) + _EDGE

    def __len__(self) -> int:
        return len(self._text)

    def find(self, letters: bytes, open_before: bool, open_after: bool) -> Iterator[bytes]:
        """The words that have the letters; where it is not open, they have to begin or end with them."""
        wanted = (b"" if open_before else _EDGE) + letters + (b"" if open_after else _EDGE)
        at = self._text.find(wanted)
        while at >= 0:
            inside = at if open_before else at + 1
            start = self._text.rfind(_EDGE, 0, inside) + 1
            end = self._text.find(_EDGE, inside)
            yield self._text[start:end]
            at = self._text.find(wanted, end)


class Vocabularies:
    """Those that were asked for last, for all threads of a process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Vocabulary] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, reader: Any, field: str, over: Over) -> Vocabulary:
        """The words of a field of the segment that ``reader``, Whoosh's, has open. Raises what ``over`` does."""
        key = (reader.segment().segment_id(), field)
        with self._lock:
            if (known := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return known
        made = Vocabulary(over(reader.lexicon(field)))
        with self._lock:
            self._kept[key] = made
            while sum(map(len, self._kept.values())) > MOST_BYTES:
                self._kept.popitem(last=False)
        return made

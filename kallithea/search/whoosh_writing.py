"""Writing to an index of Whoosh's: a new segment, and now and then one that takes the place of several."""

import contextlib
import math
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from kallithea.search.whoosh_schema import SCHEMA
from kallithea.search.whoosh_storage import INDEX_NAME, IndexFolder, OvertakenError, clean, last_commit, sync

_MEMORY_MEGABYTES = 48
#: So many segments of about one size become one.
MOST_ALIKE = 8
#: A segment of which a part as large as this was deleted is written anew.
_HOLLOW = 0.25

#: Raises unless it is still our turn to write.
Check = Callable[[], None]


class Codec(W3Codec):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's, with names of segments that no other process makes: after a fork, two would choose the same."""

    def new_segment(self, storage: Any, indexname: str) -> Any:
        """The segment that a writer fills."""
        return W3Segment(self, indexname, segid=secrets.token_hex(8))


class Writer(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer, with commits that stay and that overtake nobody."""

    def __init__(self, folder: Path, scratch: Path, check: Check, *, at_once: bool) -> None:
        """``scratch`` is a folder for this writer alone; ``at_once``: see ``whoosh_storage.clean``."""
        self._folder = folder
        self._check = check
        self._at_once = at_once
        storage = IndexFolder(folder, scratch)
        super().__init__(FileIndex(storage, SCHEMA, INDEX_NAME), _lk=False, limitmb=_MEMORY_MEGABYTES, codec=Codec())

    def delete_having(self, field: str, terms: Sequence[bytes]) -> None:
        """Delete the documents that have one of the terms."""
        reader = self.searcher().reader()
        for leaf, first in reader.leaf_readers():
            for term in terms:
                if (field, term) in leaf:
                    for number in list(leaf.postings(field, term).all_ids()):
                        self.delete_document(first + number)

    def delete_beginning(self, field: str, begin: str) -> None:
        """Delete the documents that have a term that begins so."""
        reader = self.searcher().reader()
        self.delete_having(field, list(reader.expand_prefix(field, begin)))

    def _commit_toc(self, segments: Sequence[Any]) -> None:
        names = {segment.segment_id() for segment in segments}
        own = self.newsegment.segment_id()
        for path in self._folder.glob(f"{own}.*"):
            sync(path)
        self._check()
        TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)
        # a file of that number may have been there, and be deleted again
        if last_commit(self._folder) != self.generation:
            raise OvertakenError("")
        clean(self._folder, self.generation, names, at_once=self._at_once)


@contextlib.contextmanager
def writing(folder: Path, check: Check, *, at_once: bool) -> Iterator[Writer]:
    """A writer that commits at the end, or leaves the index as it was. Raises OvertakenError, what ``check`` does."""
    with tempfile.TemporaryDirectory(prefix="kallithea-index-") as scratch:
        writer = Writer(folder, Path(scratch), check, at_once=at_once)
        try:
            yield writer
            writer.commit(mergetype=merge)
        except BaseException:
            with contextlib.suppress(OSError):
                if not writer.is_closed:
                    writer.cancel()
            for path in folder.glob(f"{writer.newsegment.segment_id()}.*"):
                path.unlink(missing_ok=True)
            raise


def merge(writer: Writer, segments: Sequence[Any]) -> list[Any]:
    """Whoosh's merge policy: the segments that stay as they are; the others become part of the new one.

    Segments are merged when there are ``MOST_ALIKE`` of about one size, so that each document is written again as
    often as the logarithm of the size says.
    """
    merged = choose(segments)
    for segment in merged:
        if segment.doc_count():
            with contextlib.closing(SegmentReader(writer.storage, writer.schema, segment)) as reader:
                writer.add_reader(reader)
    return [segment for segment in segments if segment not in merged]


def choose(segments: Sequence[Any]) -> list[Any]:
    """The segments that are to be written anew."""
    chosen = [segment for segment in segments if segment.deleted_count() > _HOLLOW * segment.doc_count_all()]
    alike: dict[int, list[Any]] = {}
    for segment in segments:
        if segment not in chosen:
            alike.setdefault(int(math.log(max(1, segment.doc_count()), MOST_ALIKE)), []).append(segment)
    for found in alike.values():
        if len(found) >= MOST_ALIKE:
            chosen += found
    return chosen

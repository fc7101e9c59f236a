"""Reading the stored pieces, called chunks, of which Mercurial builds a text.

A version of a file, or the list of files of a changeset, is put together from up to a thousand of them. Mercurial's own
loop takes as long for what is around the decompression as for the decompression itself, and remembering each of them
in order of use takes as long again.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

#: The first byte of a chunk tells how it is compressed: see "hg help internals.revlogs". After "u" comes the data, and
#: with NUL it begins.
NUL, PLAIN, ZLIB, ZSTD = b"\0ux("

# Mercurial compresses what has more bytes without a word about its size; who tells a larger one may not be believed.
_UNTOLD, _LARGEST = -1, 1_000_000
# Where a chunk is the whole text, the index tells the size. So much is decompressed in one piece, which is given back
# to the system as a whole, and not as many that are joined.
_LARGEST_WHOLE = 32 << 20
# What an entry of an index says about a chunk: where it lies, its size, and that of the text, which it is itself where
# the number of the text on which it is based is its own.
_OFFSET, _LENGTH, _TEXT_LENGTH, _BASE = 0, 1, 2, 3

# What decompresses: two threads cannot use it at a time, and to make one for each file takes longer than to read a
# small one.
_of_thread = threading.local()

# So many are remembered, as by Mercurial.
_MOST = 10_000


class RememberedChunks(dict[int, Any]):
    """What has been decompressed, by revision; once that is more than ``maxcost`` bytes, it begins anew.

    In place of Mercurial's ``lrucachedict``, whose attributes it has.
    """

    def __init__(self, maxcost: int) -> None:
        super().__init__()
        #: Mercurial makes it larger with the texts that it sees.
        self.maxcost = maxcost
        self._cost = 0

    def insert(self, revision: int, chunk: Any, cost: int) -> None:
        """Remember one of ``cost`` bytes."""
        if self._cost + cost > self.maxcost or len(self) >= _MOST:
            self.clear()
        if cost <= self.maxcost:
            self._cost += cost
            # Bytes of its own: a view would keep all that was read with it.
            self[revision] = bytes(chunk)

    def clear(self) -> None:
        """Forget all of them."""
        super().clear()
        self._cost = 0


def hasten_chunks(inner_revlog: Any, slice_revisions: Callable[..., Any], zstd: Any) -> None:
    """Have Mercurial's class for the files of a history read and remember many chunks with few calls.

    ``slice_revisions`` is Mercurial's choice of what is read from disk at once, ``zstd`` its module for that
    compression, None where it has none.
    """
    make = inner_revlog.__init__
    read_all = inner_revlog._chunks  # noqa: SLF001 - there is no other way

    def make_with_chunks(inner: Any, *arguments: Any, **options: Any) -> None:
        make(inner, *arguments, **options)
        cache = inner._uncompressed_chunk_cache  # noqa: SLF001
        if cache is not None:
            inner._uncompressed_chunk_cache = RememberedChunks(cache.maxcost)  # noqa: SLF001

    def read_chunks(inner: Any, revisions: Sequence[int], targetsize: int | None = None) -> list[Any]:
        # In the second version of the format, chunks need not tell how they are compressed.
        if zstd is None or not revisions or inner._default_compression_header is not None:  # noqa: SLF001
            found: list[Any] = read_all(inner, revisions, targetsize)
            return found
        cache = inner._uncompressed_chunk_cache  # noqa: SLF001
        chunks = {each: cache[each] for each in revisions if each in cache} if cache else {}
        missing = [each for each in revisions if each not in chunks] if chunks else revisions
        if missing:
            slices = (
                slice_revisions(inner, missing, targetsize=targetsize, inlined=inner.inline)
                if inner.data_config.with_sparse_read
                else (missing,)
            )
            chunks.update(_read(inner, slices, zstd))
            if cache is not None:
                for each in missing:
                    cache.insert(each, chunks[each], len(chunks[each]))
        return [chunks[each] for each in revisions]

    inner_revlog.__init__ = make_with_chunks
    inner_revlog._chunks = read_chunks  # noqa: SLF001


def _read(inner: Any, slices: Iterable[Sequence[int]], zstd: Any) -> Iterator[tuple[int, Any]]:
    """Revisions and their chunks; those of a slice lie near each other."""
    index, decompress, size_of = inner.index, _decompressor(zstd), zstd.frame_content_size
    between = index.entry_size if inner.inline else 0
    for revisions in slices:
        last = next((each for each in reversed(revisions) if index[each][_LENGTH]), revisions[0])
        begin, data = inner.get_segment_for_revs(revisions[0], last)
        view = memoryview(data)
        for each in revisions:
            entry = index[each]
            offset = (entry[_OFFSET] >> 16) + between * (each + 1) - begin
            stored = view[offset : offset + entry[_LENGTH]]
            way = stored[0] if stored else NUL
            try:
                told = size_of(stored) if way == ZSTD else None
                if told is not None and 0 <= told <= _LARGEST:
                    yield each, decompress(stored)
                    continue
                if told == _UNTOLD and entry[_BASE] == each and 0 < entry[_TEXT_LENGTH] <= _LARGEST_WHOLE:
                    yield each, decompress(stored, entry[_TEXT_LENGTH])
                    continue
            except zstd.ZstdError:
                pass
            if way == NUL:
                yield each, stored
            elif way == PLAIN:
                yield each, stored[1:]
            else:
                # also what is out of the ordinary, or damaged
                yield each, inner.decompress(stored)


def _decompressor(zstd: Any) -> Callable[..., bytes]:
    """What decompresses frames of zstd in this thread."""
    if not hasattr(_of_thread, "decompress"):
        _of_thread.decompress = zstd.ZstdDecompressor().decompress
    found: Callable[..., bytes] = _of_thread.decompress
    return found

"""Mercurial's histories of files, and of the lists of all files, made to hold little in memory.

A version that was copied begins with a record of it, and only the beginning tells that there is none. Mercurial reads
the whole version to look, of each file that a changeset adds. And it keeps the chunks of which it has built a version,
several times its size of them, which nobody asks for again. Of each list it keeps a copy, with which it would make
the next commit's difference to it; to compare the texts for that takes no longer.
"""

import zlib
from typing import Any

from kallithea.vcs.hg.chunks import NUL, PLAIN, ZLIB, ZSTD

# A version of no more bytes is read as Mercurial does it; of a larger one so many are read. No record is longer.
_BEGINNING = 1 << 16
# One of more bytes that is stored as a difference, so that its beginning is not at hand, is not read: it counts as new.
_LARGEST_WHOLE = 16 << 20
_MARK = b"\1\n"


def spare_memory(file_log: Any, zstd: Any) -> None:
    """Have Mercurial's class of a file's history look for a record of copying in the beginning of a version only.

    What it has read goes with it. ``zstd`` is Mercurial's module for that compression, None where it has none.
    """
    make = file_log.__init__
    read_whole = file_log.renamed

    def renamed(log: Any, node: bytes) -> tuple[bytes, bytes] | None:
        revlog = log._revlog  # noqa: SLF001 - there is no other way
        number = revlog.rev(node)
        size = revlog.rawsize(number)
        beginning = None
        if size > _BEGINNING and revlog.parentrevs(number)[0] < 0 and not revlog.flags(number):
            beginning = _read_beginning(revlog, number, zstd)
            if beginning is None and size > _LARGEST_WHOLE:
                return None
        found: tuple[bytes, bytes] | None = read_whole(log, node) if beginning is None else _parse_record(beginning)
        return found

    def make_without_chunks(log: Any, *arguments: Any, **options: Any) -> None:
        make(log, *arguments, **options)
        log._revlog._inner._uncompressed_chunk_cache = None  # noqa: SLF001

    file_log.renamed = renamed
    file_log.__init__ = make_without_chunks


def spare_manifests(manifests: Any) -> None:
    """Have Mercurial's module of lists of files keep no copies of what it reads, which take megabytes each."""

    class NoCopies(manifests.manifestfulltextcache):  # type: ignore[misc]
        def __setitem__(self, node: bytes, text: bytearray) -> None: ...

        def read(self) -> None:
            """Nor any that another program has left."""
            self._read = True

    manifests.manifestfulltextcache = NoCopies


def _read_beginning(revlog: Any, number: int, zstd: Any) -> bytes | None:
    """None where the version is stored as a difference to another one, or in a way that is not known here."""
    if revlog.deltaparent(number) >= 0:
        return None
    inner = revlog._inner  # noqa: SLF001
    start = inner.start(number) + (inner.index.entry_size * (number + 1) if inner.inline else 0)
    with inner.opener(inner.index_file if inner.inline else inner.data_file) as file:
        file.seek(start)
        stored = file.read(min(inner.length(number), _BEGINNING))
    return _decompress(stored, zstd)


def _decompress(stored: bytes, zstd: Any) -> bytes | None:
    """What the beginning of stored data begins with; None where its compression is not known here."""
    how = stored[0] if stored else None
    if how == NUL:
        return stored
    if how == PLAIN:
        return stored[1:]
    if how == ZLIB:
        return zlib.decompressobj().decompress(stored, _BEGINNING)
    if how != ZSTD or zstd is None:
        return None
    try:
        return bytes(zstd.ZstdDecompressor().stream_reader(stored).read(_BEGINNING))
    except zstd.ZstdError as problem:
        raise ValueError(str(problem)) from problem


def _parse_record(beginning: bytes) -> tuple[bytes, bytes] | None:
    """Path and file node that a version was copied from; None where it was not."""
    empty, *parts = beginning.split(_MARK, 2)
    if empty or len(parts) < 2:
        return None
    record = dict(line.split(b": ", 1) for line in parts[0].splitlines())
    if b"copy" not in record or b"copyrev" not in record:
        return None
    return record[b"copy"], bytes.fromhex(record[b"copyrev"].decode("ascii"))

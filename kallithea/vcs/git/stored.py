"""Type and size of an object, and how much memory reading it takes, from the first bytes of what is stored.

Those bytes also lead to the content of what lies in a pack, so that it is not looked for a second time. The formats are
those of ``gitformat-pack(5)`` and of loose objects: a zlib stream that begins with type and size. Inflating is most of
what such reading takes, and ISA-L does it in half the time of zlib.
"""

import contextlib
import os
import pathlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from dulwich.object_store import DiskObjectStore
from dulwich.objects import ObjectID, RawObjectID, hex_to_sha
from dulwich.pack import PackFileDisappeared, PackIndex, apply_delta
from isal import isal_zlib

# Enough for the header of an object and all of most deltas.
_START = 4096
# Far more deltas than git ever puts one upon the other.
_LONGEST_CHAIN = 5000
_OFFSET_DELTA, _REFERENCE_DELTA = 6, 7
#: Compressed data are damaged. The package's own types take the class for an error.
InflateError = cast("type[Exception]", isal_zlib.error)
_UNREADABLE = (OSError, PackFileDisappeared, KeyError, IndexError, ValueError, InflateError)


#: Types of objects by their numbers in packs.
TYPES = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}


class _Link(NamedTuple):
    """An object in a pack, or a delta, which makes one from the next link.

    ``start`` are the first bytes of what is stored at ``offset``, of which ``used`` are the header. ``length`` is that
    of what the compressed data hold, ``size`` that of the object, both in bytes.
    """

    kind: int
    size: int
    length: int
    offset: int
    start: bytes
    used: int

    def inflate(self, file: int) -> bytes:
        """What the compressed data hold. Raises InflateError, ValueError, OSError."""
        stream = isal_zlib.decompressobj()
        # One byte more than there may be: none would be no limit, and the stream's sum is looked at behind the last.
        data = stream.decompress(self.start[self.used :], self.length + 1)
        if not stream.eof:
            rest = os.pread(file, _bound(self.length), self.offset + len(self.start))
            data += stream.decompress(stream.unconsumed_tail + rest, self.length + 1 - len(data) or 1)
        if not stream.eof or len(data) != self.length:
            raise ValueError("an object is longer or shorter than it says")
        return data


@dataclass(frozen=True, slots=True)
class Stored:
    """``size`` of the content in bytes; ``largest`` of what has to be in memory to get at it, deltas included.

    ``kind`` is the object's type: ``commit``, ``tree``, ``blob`` or ``tag``.
    """

    kind: str
    size: int
    largest: int
    # Where it lies if that is a pack, and what it is made from, itself first.
    _pack: str | os.PathLike[str] = field(default="", compare=False)
    _chain: Sequence[_Link] = field(default=(), compare=False, repr=False)

    def read(self) -> bytes | None:
        """The content, None where it is not in a pack. Raises InflateError, ValueError, OSError, ApplyDeltaError.

        Whether it is what the object's id stands for is not looked at.
        """
        if not self._chain:
            return None
        with _opened(self._pack) as file:
            data = self._chain[-1].inflate(file)
            for link in reversed(self._chain[:-1]):
                data = b"".join(apply_delta(data, link.inflate(file)))
        return data


def find_stored(store: DiskObjectStore, object_id: str) -> Stored | None:
    """What is stored of an object; None where that is not easily told: it is borrowed, damaged, or not there."""
    try:
        return _find_packed(store, object_id) or _find_loose(store, object_id)
    except _UNREADABLE:
        return None


def find_packed_sizes(store: DiskObjectStore, object_ids: Iterable[str]) -> dict[str, int]:
    """The sizes of those objects that are in packs, without a look at what they are made from; others are left out."""
    missing = {hex_to_sha(ObjectID(object_id.encode("ascii"))): object_id for object_id in object_ids}
    found: dict[str, int] = {}
    try:
        for pack in store.packs:
            with _opened(pack.data.path) as file:
                for raw_id in list(missing):
                    with contextlib.suppress(KeyError):
                        offset = pack.index.object_offset(raw_id)
                        found[missing.pop(raw_id)] = next(_read_chain(file, pack.index, len(raw_id), offset)).size
    except _UNREADABLE:
        return found
    return found


def _find_packed(store: DiskObjectStore, object_id: str) -> Stored | None:
    raw_id = hex_to_sha(ObjectID(object_id.encode("ascii")))
    for pack in store.packs:
        try:
            offset = pack.index.object_offset(raw_id)
        except KeyError:
            continue
        path = pack.data.path
        with _opened(path) as file:
            chain = tuple(_read_chain(file, pack.index, len(raw_id), offset))
        largest = max(max(link.size, link.length) for link in chain)
        return Stored(TYPES[chain[-1].kind], chain[0].size, largest, path, chain)
    return None


@contextlib.contextmanager
def _opened(path: str | os.PathLike[str]) -> Iterator[int]:
    file = os.open(path, os.O_RDONLY)
    try:
        yield file
    finally:
        os.close(file)


def _read_chain(file: int, index: PackIndex, id_length: int, offset: int) -> Iterator[_Link]:
    """The object at an offset of a pack, and those from which it is made."""
    for _ in range(_LONGEST_CHAIN):
        start = os.pread(file, _START, offset)
        kind, length, used = _parse_header(start)
        if kind not in (_OFFSET_DELTA, _REFERENCE_DELTA):
            yield _Link(kind, length, length, offset, start, used)
            return
        if kind == _OFFSET_DELTA:
            distance, used = _parse_distance(start, used)
            base = offset - distance
        else:
            base = index.object_offset(RawObjectID(start[used : used + id_length]))
            used += id_length
        delta = isal_zlib.decompressobj().decompress(start[used:], 32)
        _, size_at = _parse_size(delta, 0)
        yield _Link(kind, _parse_size(delta, size_at)[0], length, offset, start, used)
        offset = base
    raise ValueError("a chain of deltas without end")


def _bound(length: int) -> int:
    """Bytes that so many take at most where zlib could not make them fewer."""
    return length + (length >> 8) + 64


def _parse_header(data: bytes) -> tuple[int, int, int]:
    """Type, size, and where the header ends."""
    kind, size = data[0] >> 4 & 7, data[0] & 15
    if data[0] < 0x80:
        return kind, size, 1
    more, end = _parse_size(data, 1)
    return kind, size | more << 4, end


def _parse_size(data: bytes, start: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and where it ends."""
    number = shift = 0
    for position in range(start, len(data)):
        number |= (data[position] & 0x7F) << shift
        shift += 7
        if data[position] < 0x80:
            return number, position + 1
    raise ValueError("a number is cut off")


def _parse_distance(data: bytes, start: int) -> tuple[int, int]:
    """How far before a delta lies what it is made from, and where the number ends: the highest group comes first."""
    distance = data[start] & 0x7F
    while data[start] >= 0x80:
        start += 1
        distance = (distance + 1) << 7 | data[start] & 0x7F
    return distance, start + 1


def _find_loose(store: DiskObjectStore, object_id: str) -> Stored | None:
    with pathlib.Path(os.fsdecode(store.path), object_id[:2], object_id[2:]).open("rb") as file:
        start = isal_zlib.decompressobj().decompress(file.read(_START), 64)
    kind, size = start[: start.index(b"\0")].decode("ascii").split(" ")
    return Stored(kind, int(size), int(size))

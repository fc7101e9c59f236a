"""Type and size of an object, and how much memory reading it takes, from the first bytes of what is stored.

The formats are those of ``gitformat-pack(5)`` and of loose objects: a zlib stream that begins with type and size.
"""

import contextlib
import os
import pathlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dulwich.object_store import DiskObjectStore
from dulwich.objects import ObjectID, RawObjectID, hex_to_sha
from dulwich.pack import PackFileDisappeared, PackIndex

# Enough for the header of an object and the first bytes of its compressed data.
_START = 1024
# Far more deltas than git ever puts one upon the other.
_LONGEST_CHAIN = 5000
_OFFSET_DELTA, _REFERENCE_DELTA = 6, 7
_UNREADABLE = (OSError, PackFileDisappeared, KeyError, IndexError, ValueError, zlib.error)


#: Types of objects by their numbers in packs.
TYPES = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}


@dataclass(frozen=True, slots=True)
class StoredSize:
    """``size`` of the content in bytes; ``largest`` of the contents that have to be built to get at it.

    ``kind`` is the object's type: ``commit``, ``tree``, ``blob`` or ``tag``.
    """

    kind: str
    size: int
    largest: int


def find_stored_size(store: DiskObjectStore, object_id: str) -> StoredSize | None:
    """The sizes of an object; None where they are not easily told: it is borrowed, damaged, or not there."""
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
            with pathlib.Path(pack.data.path).open("rb") as file:
                for raw_id in list(missing):
                    with contextlib.suppress(KeyError):
                        offset = pack.index.object_offset(raw_id)
                        _, size = next(_read_chain(file.fileno(), pack.index, len(raw_id), offset))
                        found[missing.pop(raw_id)] = size
    except _UNREADABLE:
        return found
    return found


def _find_packed(store: DiskObjectStore, object_id: str) -> StoredSize | None:
    raw_id = hex_to_sha(ObjectID(object_id.encode("ascii")))
    for pack in store.packs:
        try:
            offset = pack.index.object_offset(raw_id)
        except KeyError:
            continue
        with pathlib.Path(pack.data.path).open("rb") as file:
            chain = list(_read_chain(file.fileno(), pack.index, len(raw_id), offset))
        return StoredSize(TYPES[chain[-1][0]], chain[0][1], max(size for _, size in chain))
    return None


def _read_chain(file: int, index: PackIndex, id_length: int, offset: int) -> Iterator[tuple[int, int]]:
    """Stored type and size of the object at an offset of a pack, and of those from which it is made."""
    for _ in range(_LONGEST_CHAIN):
        start = os.pread(file, _START, offset)
        kind, size, used = _parse_header(start)
        if kind not in (_OFFSET_DELTA, _REFERENCE_DELTA):
            yield kind, size
            return
        if kind == _OFFSET_DELTA:
            distance, used = _parse_distance(start, used)
            offset -= distance
        else:
            offset = index.object_offset(RawObjectID(start[used : used + id_length]))
            used += id_length
        delta = zlib.decompressobj().decompress(start[used:], 32)
        _, used = _parse_size(delta, 0)
        yield kind, _parse_size(delta, used)[0]
    raise ValueError("a chain of deltas without end")


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


def _find_loose(store: DiskObjectStore, object_id: str) -> StoredSize | None:
    with pathlib.Path(os.fsdecode(store.path), object_id[:2], object_id[2:]).open("rb") as file:
        start = zlib.decompressobj().decompress(file.read(_START), 64)
    kind, size = start[: start.index(b"\0")].decode("ascii").split(" ")
    return StoredSize(kind, int(size), int(size))

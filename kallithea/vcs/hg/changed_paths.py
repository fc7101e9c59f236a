"""An index of which changesets changed which path, for Mercurial repositories: what changed-path filters are to Git.

It lies in ``.hg/cache`` and may be missing, or end before the newest changesets. Numbers are in the machine's byte
order, which the beginning tells::

    "kallithea-paths 1 little" and a line end, filled up with NUL (32 bytes)
    changesets covered (8 bytes), id of the last of them (20 bytes), number of keys (8 bytes), nothing (4 bytes)
    keys: hashes of paths, sorted (8 bytes each)
    ends: where each key's part of the last table ends (8 bytes each)
    local numbers of changesets, ascending for each key (4 bytes each)

Folders are keys too. Two paths with the same hash share a key, so what it finds has to be looked at.
"""

import bisect
import functools
import hashlib
import itertools
import mmap
import os
import pathlib
import secrets
import struct
import sys
from array import array
from collections.abc import Iterator
from typing import Any

from kallithea.vcs.hg.changesets import parse_entry
from kallithea.vcs.upkeep import StepTime

_NAME = "kallithea-paths"
_MAGIC = f"kallithea-paths 1 {sys.byteorder}\n".encode().ljust(32, b"\0")
_HEADER = struct.Struct("=Q20sQ4x")
_BODY = len(_MAGIC) + _HEADER.size
# Fewer changesets than this are looked through as fast as an index is read.
_WORTHWHILE = 500


class ChangedPaths:
    """An index, open for reading. ``covered`` is the local number of the first changeset that it does not know."""

    def __init__(self, data: memoryview) -> None:
        """Raises ValueError, TypeError, struct.error for what is no index."""
        if data[: len(_MAGIC)] != _MAGIC:
            raise ValueError("not an index")
        self.covered, self.last_node, count = _HEADER.unpack_from(data, len(_MAGIC))
        self.keys = data[_BODY : _BODY + 8 * count].cast("Q")
        self._ends = data[_BODY + 8 * count : _BODY + 16 * count].cast("Q")
        self._numbers = data[_BODY + 16 * count :].cast("I")
        if len(self._ends) != count or len(self._numbers) != (self._ends[-1] if count else 0):
            raise ValueError("the index is cut off")

    def revisions(self, path: bytes) -> list[int]:
        """Local numbers of changesets that may have changed a file or one below it, ascending."""
        key = _key(path)
        position = bisect.bisect_left(self.keys, key)
        if position == len(self.keys) or self.keys[position] != key:
            return []
        return list(self.numbers_at(position))

    def numbers_at(self, position: int) -> memoryview:
        """The local numbers that belong to a key."""
        begin = self._ends[position - 1] if position else 0
        return self._numbers[begin : self._ends[position]]


def open_changed_paths(repository: Any) -> ChangedPaths | None:
    """The index of an open repository; None where there is none, or one of another history."""
    try:
        with _place(repository).open("rb") as file:
            index = ChangedPaths(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)))
    except (OSError, ValueError, TypeError, struct.error):
        return None
    changelog = repository.unfiltered().changelog
    same = 0 < index.covered <= len(changelog) and changelog.node(index.covered - 1) == index.last_node
    return index if same else None


def update_changed_paths(repository: Any, time_left: StepTime | None = None) -> None:
    """Make the index of an open repository, or add what is new to it, where that is worth it. Needs no lock.

    When the time is over, the index ends at what was read by then, and the next call goes on there. Raises OSError,
    LimitExceededError.
    """
    changelog = repository.unfiltered().changelog
    length = len(changelog)
    index = open_changed_paths(repository)
    if length - (index.covered if index else 0) < _WORTHWHILE:
        return
    table, covered = _table_of(index), index.covered if index else 0
    with changelog.reading():
        for revision in range(covered, length):
            if time_left is not None and time_left.is_over and revision > covered:
                length = revision
                break
            files = parse_entry(changelog.revision(revision)).files
            for key in {_key(path) for file in files for path in _with_folders(file)}:
                table.setdefault(key, array("I")).append(revision)
    _write(_place(repository), length, changelog.node(length - 1), table)
    if length < len(changelog) and time_left is not None:
        time_left.check()


def _table_of(index: ChangedPaths | None) -> dict[int, "array[int]"]:
    if index is None:
        return {}
    return {key: array("I", index.numbers_at(position)) for position, key in enumerate(index.keys)}


def _write(place: pathlib.Path, covered: int, last_node: bytes, table: dict[int, "array[int]"]) -> None:
    keys = array("Q", sorted(table))
    ends = array("Q", itertools.accumulate(len(table[key]) for key in keys))
    place.parent.mkdir(exist_ok=True)
    aside = place.with_name(f"{place.name}.{secrets.token_hex(8)}.new")
    try:
        with aside.open("xb") as file:
            file.write(_MAGIC + _HEADER.pack(covered, last_node, len(keys)))
            for part in (keys, ends, *(table[key] for key in keys)):
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(place)
    finally:
        aside.unlink(missing_ok=True)


def _place(repository: Any) -> pathlib.Path:
    return pathlib.Path(os.fsdecode(repository.path), "cache", _NAME)


def _with_folders(path: bytes) -> Iterator[bytes]:
    """The path, and the folders above it but for the root."""
    while path:
        yield path
        path = path.rpartition(b"/")[0]


@functools.lru_cache(maxsize=10_000)
def _key(path: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(path, digest_size=8).digest(), "big")

"""How the objects of a repository are stored, by what a listing of folders tells."""

import pathlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass

#: Loose objects spread evenly over 256 folders, so one of them tells the number.
_SAMPLE = "17"
_FOLDERS = 256
# digits of an id without the two that name the folder
_LOOSE_NAME = 38
# Version 2 of the index: a header of 8 bytes, and the fan-out table, whose last entry is the number of objects
# (``git help format-pack``).
_COUNT_AT = 8 + 255 * 4


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack. ``objects`` is their number, ``size`` in bytes, ``modified`` in seconds since 1970.

    ``kept`` ones are never packed anew, ``promised`` ones came to a partial clone, ``cruft`` holds what no ref leads
    to, ``mapped`` has a bitmap.
    """

    path: pathlib.Path
    objects: int
    size: int
    modified: float
    kept: bool
    promised: bool
    cruft: bool
    mapped: bool


def list_packs(folder: pathlib.Path) -> tuple[Pack, ...]:
    """The packs of a repository's folder. One that vanishes meanwhile is left out. Raises OSError."""
    base = folder / "objects" / "pack"
    try:
        names = {path.name for path in base.iterdir()}
    except FileNotFoundError:
        return ()
    packs = (_find_pack(base / name, names) for name in sorted(names) if name.endswith(".pack"))
    return tuple(pack for pack in packs if pack is not None)


def estimate_loose(folder: pathlib.Path) -> int:
    """About how many objects are not packed."""
    try:
        return sum(1 for _ in (folder / "objects" / _SAMPLE).iterdir()) * _FOLDERS
    except FileNotFoundError:
        return 0


def loose_objects(folder: pathlib.Path) -> Iterator[pathlib.Path]:
    """The files of objects that are not packed."""
    return (path for path in (folder / "objects").glob("[0-9a-f][0-9a-f]/*") if len(path.name) >= _LOOSE_NAME)


def _find_pack(path: pathlib.Path, names: set[str]) -> Pack | None:
    def has(suffix: str) -> bool:
        return path.with_suffix(suffix).name in names

    try:
        status = path.stat()
        count = _count(path.with_suffix(".idx"))
    except FileNotFoundError:
        return None
    return Pack(
        path,
        count,
        status.st_size,
        status.st_mtime,
        kept=has(".keep"),
        promised=has(".promisor"),
        cruft=has(".mtimes"),
        mapped=has(".bitmap"),
    )


def _count(index: pathlib.Path) -> int:
    """Number of objects; 0 for an index that is damaged."""
    with index.open("rb") as file:
        file.seek(_COUNT_AT)
        data = file.read(4)
    return int(struct.unpack(">I", data)[0]) if len(data) == 4 else 0

"""Refs read in this process from the files that hold them.

The formats are those of gitrepository-layout(5): a loose ref is a file below ``refs`` with an object id, or with
``ref:`` and another name; ``packed-refs`` has a line ``ID NAME`` for each ref, sorted by name, and after that of an
annotated tag ``^ID``, what it leads to in the end, if its first line says ``fully-peeled``. A loose ref counts before a
packed one.
"""

import contextlib
import errno
import functools
import os
import pathlib
import re
from collections.abc import Collection, Iterable, Iterator

from kallithea.core.words import _
from kallithea.vcs.fingerprint import fingerprint_of
from kallithea.vcs.types import VcsError

PACKED = "packed-refs"

# What git check-ref-format refuses.
_NEVER_IN_REFS = re.compile(rb"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^/|/$|^$|/\.|\.lock(?:/|$)|\.$")
# Longer than any name of a file, and far from what an argument of a process may be.
_LONGEST_NAME = 4096
_LONGEST_CHAIN = 5
_FEW = 8
# So many bytes of packed refs are not taken apart again: some thousand refs, of the few repositories asked for last.
_KEPT_BYTES = 1 << 19
_SYMBOLIC = b"ref:"
_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP)
# So much of a line is compared: an id of SHA-1, or ``^`` and all but its last digit. What is found is compared whole.
_ID_BEGIN = 40
_ID = re.compile(rb"[0-9a-f]{64}|[0-9a-f]{40}")
_PACKED_LINE = re.compile(
    rb"^([0-9a-f]{40}|[0-9a-f]{64}) (refs/[^\n]+)\n(?:\^([0-9a-f]{40}|[0-9a-f]{64})\n)?", re.MULTILINE
)

#: The object id of a ref, its full name, and the object to which annotated tags lead in the end: itself where it is no
#: tag, and nothing where only the object tells.
Row = tuple[bytes, bytes, bytes]


def is_possible_name(name: bytes) -> bool:
    """Whether a ref can have this full name: such a name is also harmless as a path below the repository."""
    return name.startswith(b"refs/") and len(name) <= _LONGEST_NAME and not _NEVER_IN_REFS.search(name)


def fingerprint_of_refs(folder: pathlib.Path, *others: str) -> str:
    """A digest that differs whenever a ref may have changed, or where a history ends; ``folder`` holds ``HEAD``.

    ``others`` are further files of the folder of which the same is to be true.
    """
    fixed = ["HEAD", PACKED, "reftable/tables.list", "shallow", *others]
    return fingerprint_of(folder, fixed + sorted(RefFiles(folder).loose_names()))


class RefFiles:
    """The refs of one repository, read anew at each question. ``folder`` holds ``HEAD``."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder

    @property
    def usable(self) -> bool:
        """Whether refs are files here; a repository may keep them as reftables instead, which only git reads."""
        return not (self._folder / "reftable").exists()

    def find(self, name: bytes) -> str | None:
        """Object id of the ref with this full name; None where there is none."""
        return next((object_id for _name, object_id in self.find_each([name])), None)

    def find_each(self, names: Iterable[bytes]) -> Iterator[tuple[bytes, str]]:
        """Those of these full names that a ref has, in their order, with their object ids."""
        possible = [name for name in names if is_possible_name(name)]
        # Loose ones first: what is packed meanwhile is then found in the packed ones.
        loose = {name: value for name in possible if (value := self._loose(name)) is not None}
        packed = self._packed()
        for name in possible:
            value = loose[name] if name in loose else _find_packed(packed, name)
            object_id = self._follow(value) if value is not None else None
            if object_id is not None:
                yield name, object_id

    def _follow(self, value: bytes) -> str | None:
        """The object id that the content of a loose ref leads to."""
        for _step in range(_LONGEST_CHAIN):
            if not value.startswith(_SYMBOLIC):
                return _parse_id(value)
            name = value[len(_SYMBOLIC) :].strip()
            if not is_possible_name(name):
                return None
            loose = self._loose(name)
            value = loose if loose is not None else _find_packed(self._packed(), name) or b""
        return None

    def list_(self, *prefixes: bytes) -> dict[bytes, str]:
        """All refs with one of these beginnings, which end in a slash, by full name; those that are broken left out."""
        return {name: object_id.decode("ascii") for object_id, name, _peeled in self.rows(*prefixes)}

    def rows(self, *prefixes: bytes, at: Collection[bytes] | None = None) -> Iterator[Row]:
        """The same with what each leads to in the end. With ``at``, those that lead elsewhere may be left out."""
        # Loose ones first: what is packed meanwhile is then found in the packed ones.
        loose = dict(self._list_loose(prefixes))
        packed = self._packed()
        told = b"fully-peeled" in packed.partition(b"\n")[0]
        found = _find_at(packed, at) if at is not None and told else _PACKED_LINE.findall(packed)
        for row in found:
            object_id, name, end = row
            if name.startswith(prefixes) and name not in loose:
                yield row if end else (object_id, name, object_id if told else b"")
        for name, value in loose.items():
            object_at = self.find(name) if value.startswith(_SYMBOLIC) else _parse_id(value)
            if object_at is not None:
                yield object_at.encode("ascii"), name, b""

    def loose_names(self) -> Iterator[str]:
        """Names, relative to the folder, of the files that hold a ref each."""
        base, pending = os.fspath(self._folder), ["refs"]
        while pending:
            relative = pending.pop()
            # a folder without refs may be removed at any time
            with contextlib.suppress(OSError), os.scandir(f"{base}/{relative}") as entries:
                for entry in entries:
                    if not entry.is_dir():
                        if not entry.name.endswith(".lock"):
                            yield f"{relative}/{entry.name}"
                    elif not entry.is_symlink():
                        pending.append(f"{relative}/{entry.name}")

    def _list_loose(self, prefixes: tuple[bytes, ...]) -> Iterator[tuple[bytes, bytes]]:
        for relative in self.loose_names():
            name = os.fsencode(relative)
            if name.startswith(prefixes) and is_possible_name(name) and (value := self._loose(name)) is not None:
                yield name, value

    def _packed(self) -> bytes:
        return _read(self._folder / PACKED) or b""

    def _loose(self, name: bytes) -> bytes | None:
        content = _read(self._folder / os.fsdecode(name), _LONGEST_NAME)
        return content.strip() if content is not None else None


def _find_packed(packed: bytes, name: bytes) -> bytes | None:
    """The object id beside a full name. No line but a ref's own has a space before its name."""
    start = packed.find(b" " + name + b"\n")
    return packed[packed.rfind(b"\n", 0, start) + 1 : start] if start >= 0 else None


def _find_at(packed: bytes, at: Collection[bytes]) -> list[Row]:
    """The packed refs with one of these object ids, or that lead to one."""
    found = at if len(at) <= _FEW and len(packed) > _KEPT_BYTES else _ids_in(packed, at)
    # of a few, to look for each is quicker than to take thousands of lines apart
    rows = _rows_with(packed, found) if len(found) <= _FEW else _PACKED_LINE.findall(packed)
    return [row for row in rows if row[0] in at or row[2] in at]


def _ids_in(packed: bytes, ids: Iterable[bytes]) -> list[bytes]:
    """Those of these ids that a line begins with, as it is or behind ``^``."""
    begins = _begins_of(packed) if len(packed) <= _KEPT_BYTES else _begins(packed)
    return [one for one in ids if one[:_ID_BEGIN] in begins or b"^" + one[: _ID_BEGIN - 1] in begins]


def _begins(packed: bytes) -> frozenset[bytes]:
    return frozenset([line[:_ID_BEGIN] for line in packed.split(b"\n")])


# Each page with commits asks for the refs that lead to them, and packed ones change seldom.
_begins_of = functools.lru_cache(maxsize=4)(_begins)


def _rows_with(packed: bytes, parts: Iterable[bytes]) -> Iterator[Row]:
    """The packed refs of which one of these parts is said, be it in their name."""
    starts = {_row_start(packed, position) for part in parts for position in _positions(packed, part)}
    for start in sorted(starts):
        if row := _PACKED_LINE.match(packed, start):
            yield row[1], row[2], row[3] or b""


def _positions(packed: bytes, part: bytes) -> Iterator[int]:
    position = packed.find(part)
    while position >= 0:
        yield position
        position = packed.find(part, position + 1)


def _row_start(packed: bytes, position: int) -> int:
    """Where the line of the ref begins that something at this position is said of."""
    start = packed.rfind(b"\n", 0, position) + 1
    return packed.rfind(b"\n", 0, start - 1) + 1 if packed[start : start + 1] == b"^" else start


def _read(path: pathlib.Path, limit: int = -1) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(limit)
    except OSError as problem:
        if problem.errno in _ABSENT:
            return None
        raise VcsError(_("The refs of the repository cannot be read.")) from problem


def _parse_id(value: bytes) -> str | None:
    """An object id that can name an object; an id of zeros names none."""
    return value.decode("ascii") if _ID.fullmatch(value) and value.strip(b"0") else None

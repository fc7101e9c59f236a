"""The list of changed files as ``git diff-tree --raw -z`` prints it, alone or before counts and a patch.

A record is ``:OLDMODE NEWMODE OLDID NEWID STATUS``, NUL, a path, NUL; renames and copies have the old path before the
new one. Counts, of ``--numstat``, follow without a mark: ``ADDED TAB DELETED TAB PATH`` NUL, and for renames an empty
path and the two as records. A patch follows after one more NUL.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kallithea.vcs.diff import ChangeKind, ChangeList, ContentKind, FileChange

#: What the letters of a record mean.
KINDS = {
    "A": ChangeKind.ADDED,
    "C": ChangeKind.COPIED,
    "D": ChangeKind.DELETED,
    "M": ChangeKind.MODIFIED,
    "R": ChangeKind.RENAMED,
    "T": ChangeKind.RETYPED,
}
_CONTENTS = {"120000": ContentKind.SYMLINK, "160000": ContentKind.SUBREPOSITORY}
#: The mode of a side that has no file.
NO_MODE = "000000"


@dataclass(frozen=True, slots=True)
class Counts:
    """Changed lines of a file; a binary file has none."""

    added: int
    deleted: int
    binary: bool


_NO_LINES = Counts(0, 0, binary=False)


@dataclass
class RawChanges:
    """Collects the records: those of a window, and how many there are in all."""

    offset: int
    limit: int
    rename_limit: int
    total: int = 0
    _added_files: int = 0
    _deleted_files: int = 0
    _records: list[tuple[bytes, bytes, bytes]] = field(default_factory=list)

    def add(self, meta: bytes, path: bytes, old_path: bytes) -> None:
        """One record: its first part without the colon, the new path and the old one."""
        self._added_files += meta.endswith(b" A")
        self._deleted_files += meta.endswith(b" D")
        if self.offset <= self.total < self.offset + self.limit:
            self._records.append((meta, path, old_path))
        self.total += 1

    def to_list(self, counts: Mapping[bytes, Counts], *, whole: bool) -> ChangeList:
        """The list with the counts, which are by path; ``whole``: what has no count has no changed lines."""
        unknown = _NO_LINES if whole else None
        files = tuple(
            _file_change(meta, path, old_path, counts.get(path, unknown)) for meta, path, old_path in self._records
        )
        added = sum(count.added for count in counts.values()) if whole else None
        deleted = sum(count.deleted for count in counts.values()) if whole else None
        # What Git compares with its limit: the files left over when identical ones have been paired.
        limited = self._added_files * self._deleted_files > self.rename_limit**2
        return ChangeList(files, self.total, added, deleted, self.offset, limited)


def read_changes(changes: RawChanges, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Take up the records from the output of git; returns the output that follows them."""
    fields = _Fields(chunks)
    while fields.starts_with(b":"):
        meta = fields.next()[1:]
        path = old_path = fields.next()
        if meta[-4:-3] in (b"R", b"C"):
            path = fields.next()
        changes.add(meta, path, old_path)
    return fields.rest()


def read_counts(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, Counts]]:
    """New paths and counts from the output of ``--numstat -z``, as far as it comes."""
    fields = _Fields(chunks)
    while not fields.ended:
        added, deleted, path = fields.next().split(b"\t", 2)
        if not path:
            fields.next()
            path = fields.next()
        binary = added == b"-"
        yield path, Counts(0 if binary else int(added), 0 if binary else int(deleted), binary)


class _Fields:
    """Fields that end with NUL, from chunks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._fields: list[bytes] = []
        self._held = b""

    @property
    def ended(self) -> bool:
        """Whether there is no further field."""
        self._fill()
        return not self._fields

    def starts_with(self, start: bytes) -> bool:
        """Whether the next field begins so."""
        self._fill()
        return bool(self._fields) and self._fields[-1].startswith(start)

    def next(self) -> bytes:
        """The next field, empty after the last one."""
        self._fill()
        return self._fields.pop() if self._fields else b""

    def rest(self) -> Iterator[bytes]:
        """What follows the separator after the fields: it may hold NUL itself."""
        start = b"\0".join([*reversed(self._fields), self._held])
        yield start.removeprefix(b"\0")
        yield from self._chunks

    def _fill(self) -> None:
        while not self._fields:
            chunk = next(self._chunks, None)
            if chunk is None:
                return
            *fields, self._held = (self._held + chunk).split(b"\0")
            self._fields = fields[::-1]


def _file_change(meta: bytes, path: bytes, old_path: bytes, counts: Counts | None) -> FileChange:
    old_mode, new_mode, old_id, new_id, status = meta.decode("ascii").split(" ")
    content = _CONTENTS.get(old_mode if new_mode == NO_MODE else new_mode, ContentKind.TEXT)
    # where the content is the same, git's counts tell that it is binary, and its patch does not
    if counts is not None and counts.binary and content is ContentKind.TEXT and old_id != new_id:
        content = ContentKind.BINARY
    return FileChange(
        path=path,
        old_path=old_path,
        kind=KINDS.get(status[:1], ChangeKind.MODIFIED),
        content=content,
        old_mode=None if old_mode == NO_MODE else old_mode,
        new_mode=None if new_mode == NO_MODE else new_mode,
        old_id=None if old_mode == NO_MODE else old_id,
        new_id=None if new_mode == NO_MODE else new_id,
        similarity=int(status[1:]) if status[1:] else None,
        added=counts.added if counts is not None else None,
        deleted=counts.deleted if counts is not None else None,
    )

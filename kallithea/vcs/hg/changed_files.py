"""Which files differ between two changesets, with renames and copies as Mercurial recorded them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from kallithea.vcs.diff import ChangeKind, ContentKind, FileChange
from kallithea.vcs.hg.handle import DAMAGE
from kallithea.vcs.hg.mercurial_setup import copies
from kallithea.vcs.hg.subrepositories import STATE_FILE, read_subrepositories

#: Where more files were added than this, the records of copies are not read: each file costs a walk of its history.
COPY_LIMIT = 2000

_MODES = {b"": "100644", b"x": "100755", b"l": "120000"}
_PINNED_MODE = "160000"

# What a manifest has of a file: its version and its flags; no version where there is no file.
_Entry = tuple[bytes | None, bytes]


@dataclass(frozen=True, slots=True)
class ChangedFiles:
    """The files by path. ``copies_limited``: see COPY_LIMIT."""

    files: tuple[FileChange, ...]
    copies_limited: bool


#: From two contexts to the paths of files in the second, each with the path that it was copied from in the first.
FindCopies: TypeAlias = Callable[[Any, Any], Mapping[bytes, bytes]]


def find_copies(old: Any, new: Any) -> Mapping[bytes, bytes]:
    """The copies and renames between two contexts of one repository."""
    found: Mapping[bytes, bytes] = copies.pathcopies(old, new)
    return found


def list_changed_files(old: Any, new: Any, find: FindCopies = find_copies) -> ChangedFiles:
    """The files that differ between two contexts, and the sub-repositories whose pinned commits differ."""
    entries: dict[bytes, tuple[_Entry, _Entry]] = old.manifest().diff(new.manifest())
    added = [path for path, (before, _) in entries.items() if before[0] is None]
    limited = len(added) > COPY_LIMIT
    found = {} if limited or not added else _find_readable(find, old, new)
    sources = {path: source for path, source in found.items() if path in entries}
    files = list(_pair(entries, sources, old.manifest()))
    if STATE_FILE in entries:
        files += _pinned(read_subrepositories(old), read_subrepositories(new))
    return ChangedFiles(tuple(sorted(files, key=lambda file: file.path)), limited)


def _find_readable(find: FindCopies, old: Any, new: Any) -> Mapping[bytes, bytes]:
    """The copies and renames; none where the history of one of the files is damaged: who asks for lines is told."""
    try:
        return find(old, new)
    except DAMAGE:
        return {}


def _pair(
    entries: Mapping[bytes, tuple[_Entry, _Entry]], sources: Mapping[bytes, bytes], old_manifest: Any
) -> Sequence[FileChange]:
    """The first copy, by path, of a file that is gone is its renaming."""
    gone: dict[bytes, bytes] = {}
    for path, old_path in sorted(sources.items()):
        if entries[path][0][0] is None and old_path in entries and entries[old_path][1][0] is None:
            gone.setdefault(old_path, path)
    found = []
    for path, (before, after) in entries.items():
        source = sources.get(path) if before[0] is None else None
        if path in gone:
            continue
        if source is None:
            found.append(_file_change(path, path, _kind(before, after), before, after))
        else:
            kind = ChangeKind.RENAMED if gone.get(source) == path else ChangeKind.COPIED
            copied = (old_manifest[source], old_manifest.flags(source))
            found.append(_file_change(path, source, kind, copied, after))
    return found


def _kind(before: _Entry, after: _Entry) -> ChangeKind:
    if before[0] is None:
        return ChangeKind.ADDED
    if after[0] is None:
        return ChangeKind.DELETED
    return ChangeKind.RETYPED if (before[1] == b"l") != (after[1] == b"l") else ChangeKind.MODIFIED


def _file_change(path: bytes, old_path: bytes, kind: ChangeKind, before: _Entry, after: _Entry) -> FileChange:
    flags = after[1] if after[0] is not None else before[1]
    same = kind in (ChangeKind.RENAMED, ChangeKind.COPIED) and before[0] == after[0]
    return FileChange(
        path,
        old_path,
        kind,
        ContentKind.SYMLINK if flags == b"l" else ContentKind.TEXT,
        _mode(before),
        _mode(after),
        before[0].hex() if before[0] is not None else None,
        after[0].hex() if after[0] is not None else None,
        similarity=100 if same else None,
    )


def _mode(entry: _Entry) -> str | None:
    return None if entry[0] is None else _MODES.get(entry[1], _MODES[b""])


def _pinned(before: Mapping[bytes, str], after: Mapping[bytes, str]) -> Sequence[FileChange]:
    """Sub-repositories that were added, removed or moved. Their lines are those of the state file."""
    return [
        FileChange(
            path,
            path,
            _pinned_kind(old_id, new_id),
            ContentKind.SUBREPOSITORY,
            _PINNED_MODE if old_id is not None else None,
            _PINNED_MODE if new_id is not None else None,
            old_id,
            new_id,
        )
        for path in sorted({*before, *after})
        if (old_id := before.get(path)) != (new_id := after.get(path))
    ]


def _pinned_kind(old_id: str | None, new_id: str | None) -> ChangeKind:
    if old_id is None:
        return ChangeKind.ADDED
    return ChangeKind.DELETED if new_id is None else ChangeKind.MODIFIED

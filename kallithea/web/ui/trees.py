"""Folders as pages show them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.render.text import one_line
from kallithea.vcs.types import EntryKind, TreeEntry
from kallithea.web.ui.commits import short_id

ICONS = {
    EntryKind.FOLDER: "file-directory-fill",
    EntryKind.FILE: "file",
    EntryKind.EXECUTABLE: "file-code",
    EntryKind.SYMLINK: "file-symlink-file",
    EntryKind.SUBREPOSITORY: "file-submodule",
}

#: How many parts of a very deep path are shown of its beginning and of its end.
_FIRST_PARTS = 5
_LAST_PARTS = 25


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry of a folder; ``note`` says what it is."""

    name: str
    icon: str
    address: str
    size: int | None
    note: str
    folder: bool


@dataclass(frozen=True, slots=True)
class PathPart:
    """A part of a path above a file or folder."""

    name: str
    address: str


def entry_lines(
    entries: Iterable[TreeEntry], encodings: Sequence[str], address: Callable[[bytes], str]
) -> tuple[EntryLine, ...]:
    """The lines of a folder's entries."""
    return tuple(
        EntryLine(
            one_line(entry.name, encodings),
            ICONS[entry.kind],
            address(entry.path),
            entry.size,
            _note(entry),
            entry.kind is EntryKind.FOLDER,
        )
        for entry in entries
    )


def path_parts(path: bytes, encodings: Sequence[str], address: Callable[[bytes], str]) -> tuple[PathPart, ...]:
    """The parts of a path, each with the address of the folder or file there.

    Of a very deep path the middle is one part, which leads to the lowest folder of it: all addresses together would be
    longer than the path by as many times as it has parts.
    """
    segments = path.split(b"/") if path else []
    left_out = range(_FIRST_PARTS, len(segments) - _LAST_PARTS)
    return tuple(
        PathPart(
            "…" if count in left_out else one_line(name, encodings),
            address(b"/".join(segments[: count + 1])),
        )
        for count, name in enumerate(segments)
        if count not in left_out[:-1]
    )


def _note(entry: TreeEntry) -> str:
    if entry.kind is EntryKind.SUBREPOSITORY:
        return _("Sub-repository at %(commit)s", commit=short_id(entry.object_id or "", ""))
    return _("Symbolic link") if entry.kind is EntryKind.SYMLINK else ""

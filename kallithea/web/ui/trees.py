"""Folders as pages show them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.render.text import one_line
from kallithea.vcs.types import EntryKind, TreeEntry

ICONS = {
    EntryKind.FOLDER: "file-directory-fill",
    EntryKind.FILE: "file",
    EntryKind.EXECUTABLE: "file-code",
    EntryKind.SYMLINK: "file-symlink-file",
    EntryKind.SUBREPOSITORY: "file-submodule",
}


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry of a folder; ``address`` is None for what leads nowhere on this site. ``note`` says what it is."""

    name: str
    icon: str
    address: str | None
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
            None if entry.kind is EntryKind.SUBREPOSITORY else address(entry.path),
            entry.size,
            _note(entry),
            entry.kind is EntryKind.FOLDER,
        )
        for entry in entries
    )


def path_parts(path: bytes, encodings: Sequence[str], address: Callable[[bytes], str]) -> tuple[PathPart, ...]:
    """The parts of a path, each with the address of the folder or file there."""
    segments = path.split(b"/") if path else []
    return tuple(
        PathPart(one_line(name, encodings), address(b"/".join(segments[: count + 1])))
        for count, name in enumerate(segments)
    )


def _note(entry: TreeEntry) -> str:
    if entry.kind is EntryKind.SUBREPOSITORY:
        return _("Sub-repository at %(commit)s", commit=(entry.object_id or "")[:12])
    return _("Symbolic link") if entry.kind is EntryKind.SYMLINK else ""

"""Folders as pages show them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.cache.stores import Store
from kallithea.render.markup import DocumentLinks, render_document
from kallithea.render.text import decode, one_line
from kallithea.vcs.types import Blob, EntryKind, TreeEntry
from kallithea.web.links import Links

ICONS = {
    EntryKind.FOLDER: "file-directory-fill",
    EntryKind.FILE: "file",
    EntryKind.EXECUTABLE: "file-code",
    EntryKind.SYMLINK: "file-symlink-file",
    EntryKind.SUBREPOSITORY: "file-submodule",
}

_FORMAT = 1


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
class Document:
    """A README as HTML."""

    name: str
    html: Markup


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


def render_readme(
    store: Store, readme: Blob | None, links: Links, repository: str, commit_id: str, encodings: Sequence[str]
) -> Document | None:
    """A README as HTML, its relative links leading to the same commit; None for what is no text."""
    if readme is None or readme.binary:
        return None
    name = one_line(readme.path.rpartition(b"/")[2], encodings)
    place = f"{links.files(repository, commit_id, readme.path)}:{','.join(encodings)}"
    key = f"document:{_FORMAT}:{readme.object_id}:{len(readme.data)}:{place}"
    stored = store.get(key)
    if stored is not None:
        return Document(name, Markup(stored.decode()))  # noqa: S704 - our own HTML
    document_links = DocumentLinks(
        readme.path.rpartition(b"/")[0].decode("utf-8", "surrogateescape"),
        lambda path: links.files(repository, commit_id, path.encode("utf-8", "surrogateescape")),
        lambda path: links.raw(repository, commit_id, path.encode("utf-8", "surrogateescape")),
    )
    html = render_document(decode(readme.data, encodings), name, document_links)
    store.put(key, html.encode("utf-8", "replace"))
    return Document(name, html)


def path_parts(path: bytes, encodings: Sequence[str], address: Callable[[bytes], str]) -> tuple[PathPart, ...]:
    """The parts of a path, each with the address of the folder or file there."""
    segments = path.split(b"/") if path else []
    return tuple(
        PathPart(one_line(name, encodings), address(b"/".join(segments[: count + 1])))
        for count, name in enumerate(segments)
    )


def _note(entry: TreeEntry) -> str:
    if entry.kind is EntryKind.SUBREPOSITORY:
        return f"Sub-repository at {(entry.object_id or '')[:12]}"
    return "Symbolic link" if entry.kind is EntryKind.SYMLINK else ""

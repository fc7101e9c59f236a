"""Folders and files of a commit, as much of them as a page shows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Blob, EntryKind, TreeEntry

#: A longer README is shown up to here.
README_LIMIT = 262_144

#: Lines of a file on its page.
SHOWN_LINES = 20_000

#: Entries of a folder on one page.
FOLDER_PAGE = 1_000

_README_ENDINGS = (b".md", b".markdown", b".rst", b".rest", b".txt", b"")
_FILES = (EntryKind.FILE, EntryKind.EXECUTABLE)


@dataclass(frozen=True, slots=True)
class Folder:
    """A page of a folder: ``total`` counts all entries. ``readme`` is the document that describes it, if it has one."""

    entries: tuple[TreeEntry, ...]
    total: int
    readme: Blob | None


def read_folder(repository: Repository, commit_id: str, path: bytes, *, page: int = 1) -> Folder:
    """A page of a folder's entries, folders first, and its README. Raises PathNotFoundError."""
    entries = repository.folder(commit_id, path)
    start = (page - 1) * FOLDER_PAGE
    name = find_readme(entries) if page == 1 else None
    readme = repository.blob(commit_id, name, limit=README_LIMIT) if name is not None else None
    return Folder(entries[start : start + FOLDER_PAGE], len(entries), readme)


def read_file(repository: Repository, commit_id: str, path: bytes, *, limit: int) -> Blob:
    """A file as a page shows it: of a long one the first ``SHOWN_LINES`` whole lines within ``limit`` bytes.

    Raises PathNotFoundError.
    """
    blob = repository.blob(commit_id, path, limit=limit)
    if blob.binary:
        return blob
    lines = blob.data.split(b"\n", SHOWN_LINES)
    if len(lines) > SHOWN_LINES and lines[-1]:
        return replace(blob, data=blob.data[: -len(lines[-1])], truncated=True)
    whole, end, _ = blob.data.rpartition(b"\n")
    return replace(blob, data=whole + end) if blob.truncated and end else blob


def find_readme(entries: Sequence[TreeEntry]) -> bytes | None:
    """The path of the entry that is called README, with one of the known endings; those that can be rendered first."""
    found: dict[bytes, bytes] = {}
    for entry in entries:
        name = entry.name.lower()
        if entry.kind in _FILES and name.startswith(b"readme"):
            found.setdefault(name.removeprefix(b"readme"), entry.path)
    return next((found[ending] for ending in _README_ENDINGS if ending in found), None)

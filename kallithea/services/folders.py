"""A page of a folder's entries, kept under the id of the folder's content where it has one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.cache.stores import Store
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Blob, EntryKind, TreeEntry

#: A longer README is shown up to here.
README_LIMIT = 262_144

#: Entries of a folder on one page.
FOLDER_PAGE = 1_000

_README_ENDINGS = (b".md", b".markdown", b".rst", b".rest", b".txt", b"")
_SIZED = (EntryKind.FILE, EntryKind.EXECUTABLE, EntryKind.SYMLINK)
_FILES = (EntryKind.FILE, EntryKind.EXECUTABLE)
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Folder:
    """A page of a folder: ``total`` counts all entries. ``readme`` is the document that describes it, if it has one."""

    entries: tuple[TreeEntry, ...]
    total: int
    readme: Blob | None


@dataclass(frozen=True, slots=True)
class _Listing:
    entries: tuple[TreeEntry, ...]
    total: int
    readme_name: bytes | None


def read_folder(
    store: Store, repository: Repository, commit_id: str, path: bytes, *, page: int = 1, sized: bool = True
) -> Folder:
    """A page of a folder's entries, folders first, and its README. Raises PathNotFoundError.

    Sizes of files cost as much as everything else together, so a page that does not show them leaves them out.
    """
    listing = _read_listing(store, repository, commit_id, path, page, sized=sized)
    readme = None
    if page == 1 and listing.readme_name is not None:
        readme = repository.blob(commit_id, _below(path) + listing.readme_name, limit=README_LIMIT)
    return Folder(listing.entries, listing.total, readme)


def find_readme(entries: Sequence[TreeEntry]) -> TreeEntry | None:
    """The entry that is called README, with one of the known endings; those that can be rendered first."""
    found: dict[bytes, TreeEntry] = {}
    for entry in entries:
        name = entry.name.lower()
        if entry.kind in _FILES and name.startswith(b"readme"):
            found.setdefault(name.removeprefix(b"readme"), entry)
    return next((found[ending] for ending in _README_ENDINGS if ending in found), None)


def _read_listing(
    store: Store, repository: Repository, commit_id: str, path: bytes, page: int, *, sized: bool
) -> _Listing:
    folder = repository.entry(commit_id, path)
    # Mercurial has no ids of folders.
    content = folder.object_id or f"{commit_id}:{path.hex()}"
    key = f"folder:{_FORMAT}:{repository.kind}:{content}:{page}:{sized}"
    stored = store.get(key)
    if stored is not None:
        return _parse(stored, path)
    entries = repository.folder(commit_id, path)
    shown = entries[(page - 1) * FOLDER_PAGE : page * FOLDER_PAGE]
    if sized:
        shown = repository.with_sizes(commit_id, shown)
    readme = find_readme(entries)
    listing = _Listing(shown, len(entries), readme.name if readme is not None else None)
    if not (sized and any(entry.size is None and entry.kind in _SIZED for entry in shown)):
        # A size is missing where the file is damaged, which it is not in other repositories, nor once it is repaired.
        store.put(key, _dump(listing))
    return listing


def _below(path: bytes) -> bytes:
    return path + b"/" if path else b""


def _dump(listing: _Listing) -> bytes:
    """Names are bytes, and JSON is text: every byte becomes one character."""
    rows = [[e.name.decode("latin-1"), e.kind.value, e.size, e.object_id] for e in listing.entries]
    readme = None if listing.readme_name is None else listing.readme_name.decode("latin-1")
    return json.dumps([listing.total, readme, rows], separators=(",", ":")).encode()


def _parse(stored: bytes, path: bytes) -> _Listing:
    total, readme, rows = json.loads(stored)
    before = _below(path)
    kinds = {kind.value: kind for kind in EntryKind}
    entries = tuple(TreeEntry(before + name.encode("latin-1"), kinds[kind], size, i) for name, kind, size, i in rows)
    return _Listing(entries, total, None if readme is None else readme.encode("latin-1"))

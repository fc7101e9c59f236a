"""A path of a commit: a folder or a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.cache.stores import Caches
from kallithea.render.code_html import code_rows
from kallithea.render.text import encoding_of, one_line
from kallithea.services.file_texts import find_edit_problem
from kallithea.services.files import read_file
from kallithea.services.folders import FOLDER_PAGE, read_folder
from kallithea.services.revisions import Revision
from kallithea.vcs.backend import Repository
from kallithea.vcs.pointers import parse_largefile, parse_lfs_pointer
from kallithea.vcs.types import Blob, EntryKind, TreeEntry
from kallithea.web.answers import Response, redirect
from kallithea.web.contents import find, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.downloads import open_repository
from kallithea.web.files.code import Code, render_code
from kallithea.web.files.raw import find_picture_type
from kallithea.web.request import Request
from kallithea.web.ui.archive_menu import ArchiveChoice, make_archive_menu
from kallithea.web.ui.changes import ChangeColumn, FolderAt, find_column, read_column
from kallithea.web.ui.commits import CommitLine, commit_line
from kallithea.web.ui.edit_menu import FileActions, FolderActions, find_file_actions, find_folder_actions
from kallithea.web.ui.filters import number, plural, size
from kallithea.web.ui.paging import Pager, make_pager
from kallithea.web.ui.ref_menu import RefPick, make_ref_pick
from kallithea.web.ui.trees import Document, EntryLine, PathPart, entry_lines, path_parts, render_readme


@dataclass(frozen=True, slots=True)
class Position:
    """Where in the repository the visitor is; ``saved``: they come from a form that made this commit."""

    repository: str
    root_name: str
    root_address: str
    commit: CommitLine
    pick: RefPick
    parts: tuple[PathPart, ...]
    path_text: str
    history_address: str
    parent_address: str | None
    saved: bool


@dataclass(frozen=True, slots=True)
class FolderPage:
    """A folder."""

    position: Position
    entries: tuple[EntryLine, ...]
    column: ChangeColumn
    pager: Pager | None
    readme: Document | None
    archives: tuple[ArchiveChoice, ...]
    actions: FolderActions | None


@dataclass(frozen=True, slots=True)
class FilePage:
    """A file. Either ``code`` is shown, or ``image_address``, or else ``words`` say why neither is.

    The folders around it come from ``tree_address``.
    """

    position: Position
    facts: tuple[str, ...]
    code: Code | None
    image_address: str | None
    words: str
    note: str
    raw_address: str | None
    download_address: str | None
    annotation_address: str | None
    tree_address: str
    actions: FileActions | None


def show_path(context: RepositoryContext, request: Request) -> FolderPage | FilePage | Response:
    """What lies at a path of a commit; an empty repository has only its first page."""
    with open_contents(context, request) as repository:
        if not context.rest and repository.is_empty():
            return redirect(request.links.repository(context.path))
        found = find(context, request, repository)
        entry = repository.entry(found.commit_id, found.path)
        position = make_position(context, request, repository, found, "files")
        if entry.kind is EntryKind.FOLDER:
            page = _show_folder(context, request, repository, found, position, with_changes=False)
            request.override_renderer = "files/folder.mako"
            return page
        return _show_file(context, request, repository, found, entry, position)


def show_folder_with_changes(context: RepositoryContext, request: Request) -> FolderPage:
    """A folder with the last changes of its entries, which a script would have fetched. Raises PathNotFoundError."""
    with open_repository(context, request) as repository:
        found = find(context, request, repository)
        position = make_position(context, request, repository, found, "files")
        return _show_folder(context, request, repository, found, position, with_changes=True)


def _show_folder(
    context: RepositoryContext,
    request: Request,
    repository: Repository,
    found: Revision,
    position: Position,
    *,
    with_changes: bool,
) -> FolderPage:
    links, encodings, page = request.links, request.application.settings.default_encoding, request.page_number()
    store = request.application.caches.small
    folder = read_folder(store, repository, found.commit_id, found.path, page=page)
    at = FolderAt(found.commit_id, found.path, page)
    return FolderPage(
        position,
        entry_lines(folder.entries, encodings, links.maker("files", context.path, found.commit_id, found.at)),
        read_column(context, request, repository, at) if with_changes else find_column(context, request, at, folder),
        make_pager(
            page,
            FOLDER_PAGE,
            folder.total,
            lambda number: links.files(context.path, found.commit_id, found.path, found.at, number),
        ),
        render_readme(store, folder.readme, links, context.path, found.commit_id, encodings),
        make_archive_menu(links, context.path, found.commit_id, found.path),
        find_folder_actions(context, request, repository, found),
    )


def _show_file(
    context: RepositoryContext,
    request: Request,
    repository: Repository,
    found: Revision,
    entry: TreeEntry,
    position: Position,
) -> FilePage:
    links = request.links
    encodings = request.application.settings.default_encoding
    tree = links.files_tree(context.path, found.commit_id, found.path, found.at)
    if entry.kind is EntryKind.SUBREPOSITORY:
        words = f"This is another repository inside this one, at its commit {entry.object_id or 'unknown'}."
        return FilePage(position, ("sub-repository",), None, None, words, "", None, None, None, tree, None)
    blob = read_file(repository, found.commit_id, found.path, limit=request.application.settings.cut_off_limit)
    raw, download = (make(context.path, found.commit_id, found.path) for make in (links.raw, links.download))
    shown = _render(request.application.caches, blob, encodings)
    request.incomplete = shown.code is not None and not shown.code.final
    count = [f"{number(shown.code.count)} {plural(shown.code.count, 'line')}"] if shown.code is not None else []
    image = raw if shown.picture else None
    annotation = links.annotate(context.path, found.commit_id, found.path, found.at) if count and blob.data else None
    return FilePage(
        position,
        (*count, size(blob.size), *shown.facts),
        shown.code,
        image,
        shown.words,
        shown.note,
        raw,
        download,
        annotation,
        tree,
        find_file_actions(context, request, repository, found, find_edit_problem(blob)),
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is shown of a file."""

    facts: tuple[str, ...]
    code: Code | None = None
    words: str = ""
    note: str = ""
    picture: bool = False


def _render(caches: Caches, blob: Blob, encodings: Sequence[str]) -> _Shown:
    kind = find_picture_type(blob.data)
    if blob.kind is EntryKind.SYMLINK:
        target = Markup("{}").format(one_line(blob.data, encodings))
        return _Shown(("symbolic link",), Code(code_rows([target]), 1))
    if kind is not None:
        return _Shown((kind,), picture=True)
    if blob.binary:
        return _Shown(("binary",), words="Binary files are not shown.")
    elsewhere = _find_elsewhere(blob)
    if elsewhere is not None:
        return elsewhere
    code = render_code(caches, blob, encodings)
    note = f"Only the first {size(len(blob.data))} are shown here." if blob.truncated else code.note
    executable = ("executable",) if blob.kind is EntryKind.EXECUTABLE else ()
    return _Shown((encoding_of(blob.data, encodings), *executable), code, note=note)


def _find_elsewhere(blob: Blob) -> _Shown | None:
    """The words for a file whose content is not in the repository."""
    pointer = parse_lfs_pointer(blob.data)
    if pointer is not None:
        words = f"The content of this file, {size(pointer.size)}, is stored in Git LFS as {pointer.oid}."
        return _Shown(("Git LFS",), words=words)
    largefile = parse_largefile(blob.path, blob.data)
    if largefile is not None:
        words = f"The content of this file is stored by Mercurial's largefiles extension as {largefile.digest}."
        return _Shown(("large file",), words=words)
    return None


def make_position(
    context: RepositoryContext, request: Request, repository: Repository, found: Revision, verb: str
) -> Position:
    """Where a page of the path is; its menu of refs leads to the page ``verb``."""
    links, encodings = request.links, request.application.settings.default_encoding

    def address(path: bytes) -> str:
        return links.files(context.path, found.commit_id, path, found.at)

    commit = commit_line(repository.commit(found.commit_id), encodings)
    above = found.path.rpartition(b"/")[0]
    return Position(
        context.path,
        context.name,
        address(b""),
        commit,
        make_ref_pick(links, context.path, verb, found.ref, commit.short, encodings, path=found.path),
        path_parts(found.path, encodings, address),
        one_line(found.path, encodings),
        links.changelog(context.path, found.commit_id, found.path, found.at),
        address(above) if found.path else None,
        request.visitor.signed_in and request.query.get("saved") == "1",
    )

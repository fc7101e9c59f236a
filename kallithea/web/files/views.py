"""A path of a commit: a folder or a file."""

from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.services.blame import PAGE_LINES
from kallithea.services.folders import FOLDER_PAGE, read_folder
from kallithea.services.revisions import Revision
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import EntryKind, TreeEntry
from kallithea.web.answers import Response, redirect
from kallithea.web.contents import find, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.downloads import open_repository
from kallithea.web.files.inner import Inner, find_inner
from kallithea.web.files.position import Position, make_position
from kallithea.web.files.shown import SOURCE, Shown, show_file
from kallithea.web.request import Request
from kallithea.web.ui.archive_menu import ArchiveChoice, make_archive_menu
from kallithea.web.ui.changes import ChangeColumn, FolderAt, find_column, read_column
from kallithea.web.ui.documents import Document, documents_of
from kallithea.web.ui.edit_menu import FileActions, FolderActions, find_file_actions, find_folder_actions
from kallithea.web.ui.paging import Pager, make_pager
from kallithea.web.ui.switch import Choice
from kallithea.web.ui.trees import EntryLine, entry_lines


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
    """A file. ``views`` are the two ways to show what is a document or SVG; ``source_address`` is that of its lines.

    The folders around it come from ``tree_address``; ``inner`` is a repository inside this one, which has no bytes
    here, and so no address of them. A page of the annotation has ``annotated_at_once`` lines.
    """

    position: Position
    shown: Shown
    tree_address: str
    source_address: str
    views: tuple[Choice, ...] = ()
    raw_address: str | None = None
    download_address: str | None = None
    annotation_address: str | None = None
    actions: FileActions | None = None
    annotated_at_once: int = PAGE_LINES
    inner: Inner | None = None


def show_path(context: RepositoryContext, request: Request) -> FolderPage | FilePage | Response:
    """What lies at a path of a commit; an empty repository has only its first page."""
    with open_contents(context, request) as repository:
        if not context.rest and repository.is_empty():
            return redirect(request.links.repository(context.path))
        found = find(context, request, repository)
        entry = repository.entry(found.commit_id, found.path)
        position = make_position(context, request, repository, found)
        if entry.kind is EntryKind.FOLDER:
            page = _show_folder(context, request, repository, found, position, with_changes=False)
            request.override_renderer = "files/folder.mako"
            return page
        return _show_file(context, request, repository, found, entry, position)


def show_folder_with_changes(context: RepositoryContext, request: Request) -> FolderPage:
    """A folder with the last changes of its entries, which a script would have fetched. Raises PathNotFoundError."""
    with open_repository(context, request) as repository:
        found = find(context, request, repository)
        position = make_position(context, request, repository, found)
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
    documents = documents_of(context, request, repository, found.commit_id, found.at)
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
        documents.readme(folder.readme),
        make_archive_menu(links, context, found.commit_id, found.path),
        find_folder_actions(context, request, repository, found, folder.readme),
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
    place = (context.path, found.commit_id, found.path)
    address, tree = links.files(*place, found.at), links.files_tree(*place, found.at)
    if entry.kind is EntryKind.SUBREPOSITORY:
        inner = find_inner(context, request, repository, found, entry)
        return FilePage(position, Shown((_("sub-repository"),)), tree, address, inner=inner)
    shown = show_file(context, request, repository, found, entry)
    request.incomplete |= shown.code is not None and not shown.code.final
    source = links.files(*place, found.at, view=SOURCE) if shown.two_ways else address
    rendered = shown.document is not None or (shown.picture and shown.drawn)
    lines = rendered or (shown.code is not None and shown.code.count > 0)
    return FilePage(
        position,
        shown,
        tree,
        source,
        (Choice(_("Rendered"), address, rendered), Choice(_("Source"), source, not rendered)) if shown.two_ways else (),
        links.raw(*place),
        links.download(*place),
        links.annotate(*place, found.at) if lines else None,
        find_file_actions(context, request, repository, found, shown.edit_problem),
    )

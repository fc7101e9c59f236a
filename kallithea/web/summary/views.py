"""The first page of a repository: its contents with the README, or how to push to an empty one."""

from dataclasses import dataclass

from kallithea.core.access import Level
from kallithea.services.folders import FOLDER_PAGE, read_folder
from kallithea.services.revisions import Revision
from kallithea.vcs.backend import Repository
from kallithea.web.contents import all_refs, note_outside_changes, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.archive_menu import ArchiveChoice, make_archive_menu
from kallithea.web.ui.changes import ChangeColumn, FolderAt, find_column
from kallithea.web.ui.commits import CommitLine, commit_line
from kallithea.web.ui.edit_menu import FolderActions, find_folder_actions
from kallithea.web.ui.ref_menu import RefLabel, RefPick, label, make_ref_pick
from kallithea.web.ui.trees import Document, EntryLine, entry_lines, render_readme

_TAGS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class TagLine:
    """A tag in the margin."""

    label: RefLabel
    address: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a repository that is not empty. ``cut_words`` says how much of the folder is left out."""

    pick: RefPick
    latest: CommitLine
    entries: tuple[EntryLine, ...]
    column: ChangeColumn
    cut_words: str
    readme: Document | None
    tags: tuple[TagLine, ...]
    branch_count: int
    tag_count: int
    archives: tuple[ArchiveChoice, ...]
    actions: FolderActions | None


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """A repository; ``contents`` is None for an empty one. ``level`` is what the visitor may do."""

    path: str
    name: str
    kind: str
    description: str
    owner: str
    level: str
    may_write: bool
    clone_address: str
    default_branch: str
    contents: Contents | None


def show_summary(context: RepositoryContext, request: Request) -> SummaryPage:
    """The first page of a repository."""
    repository = context.repository
    with open_contents(context, request) as vcs:
        note_outside_changes(context, request, vcs)
        contents = _read_contents(context, request, vcs)
    return SummaryPage(
        context.path,
        context.name,
        repository.kind,
        repository.description,
        repository.owner.name if repository.owner is not None else "",
        context.level.word.capitalize(),
        context.level >= Level.WRITE,
        request.links.absolute(request.links.repository(context.path)),
        "main" if repository.kind == "git" else "default",
        contents,
    )


def _read_contents(context: RepositoryContext, request: Request, vcs: Repository) -> Contents | None:
    refs = all_refs(context, request, vcs)
    if refs.default is None:
        return None
    links, encodings = request.links, request.application.settings.default_encoding
    commit_id, at = refs.default.commit_id, refs.default.name
    store = request.application.caches.small
    folder = read_folder(store, vcs, commit_id, b"", sized=False)
    return Contents(
        make_ref_pick(links, context.path, "files", refs.default, "", encodings),
        commit_line(vcs.commit(commit_id), encodings),
        entry_lines(folder.entries, encodings, links.maker("files", context.path, commit_id, at)),
        find_column(context, request, FolderAt(commit_id, b""), folder),
        f"The first {FOLDER_PAGE} of {folder.total} entries." if folder.total > len(folder.entries) else "",
        render_readme(store, folder.readme, links, context.path, commit_id, encodings),
        tuple(
            TagLine(label(tag, encodings), links.files(context.path, tag.commit_id, at=tag.name))
            for tag in refs.tags[: -_TAGS_SHOWN - 1 : -1]
        ),
        len(refs.branches),
        len(refs.tags),
        make_archive_menu(links, context.path, commit_id),
        find_folder_actions(context, request, vcs, Revision(commit_id, refs.default, b"")),
    )
